import { accessSync, constants, createReadStream, fstatSync, statSync, type Stats } from "node:fs";
import { foreignKind, UNFED_LINES } from "../../functions/parser/content-kind";
import { emptyCounts } from "../../functions/parser/counts";
import { decoded, needsDecoding, utf16Order } from "../../functions/parser/encoding";
import { gunzip } from "../../functions/parser/gunzip";
import { type Judge, judged } from "../../functions/parser/judged";
import type { MemberStart } from "../../functions/parser/member-starts";
import { UsageError, UserError } from "../../terminal/user-error";
import { probe } from "./probe";
import { wrapLines } from "./wrap-lines";

/** The file that stands for standard input; a file of that name is given as `./-`. */
export const STANDARD_INPUT = "-";

type Chunks = AsyncIterable<Buffer>;

/** Throws {@link UsageError} where the file is missing, a directory, or not readable. */
export function checkReadable(file: string): void {
  // Node would read a directory on standard input as nothing.
  if (file === STANDARD_INPUT) return checkFile(file, fstatSync(0));
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new UsageError(unreadable(file, error).message);
  }
  checkFile(file, statSync(file));
}

function checkFile(file: string, stats: Stats): void {
  if (stats.isDirectory()) throw new UsageError(`FILE must be a file, got the directory ${quoted(file)}`);
}

/** The file as messages name it. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

/**
 * Reads a log file, or standard input, as bytes of JSON lines. Gzip is told by its magic bytes. A file of JSON lines
 * comes byte for byte; of one that holds no JSON object in its first 100 non-empty lines, each line that is not empty
 * becomes `{"__CONTENT__": line}`. Memory does not grow with the file. Throws {@link UserError} where the file cannot
 * be read, or holds what a function could only read as something that it is not, in any member of its gzip.
 *
 * @param encoding of its text; what comes is UTF-8
 */
export async function* readLogFile(file: string, encoding?: string): AsyncGenerator<Buffer> {
  try {
    const { held, rest, text } = await probe(content(file, encoding));
    const chunks = joined(held, rest);
    yield* text ? wrapLines(chunks) : chunks;
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(file, error);
  }
}

/** What the file holds, unpacked and judged as a function does it. */
async function* content(file: string, encoding: string | undefined): AsyncGenerator<Buffer> {
  const chunks = openInput(file)[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const members: MemberStart[] = [];
  const onMember = (start: MemberStart) => void members.push(start);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  // Whoever feeds a file by hand may know that it unpacks to a lot.
  const bytes = isGzip
    ? gunzip(head, chunks, { onMember, maxUnpackRatio: Infinity })
    : joined([head], { [Symbol.asyncIterator]: () => chunks });
  const isEncoded = needsDecoding(encoding);
  // Where text is decoded, members begin elsewhere in it.
  const text = isEncoded ? decoded(bytes, encoding, emptyCounts()) : bytes;
  for await (const chunk of judged(text, isEncoded ? [] : members, judgeOf(file)))
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

const DOCUMENT = "JSON that is not lines";
const TO_LINES = `; write one object per line: jq -c '.[]' FILE for a list, jq -c . FILE for objects`;

/**
 * A list of objects on one line, or an object that goes over several: taken as text, a whole export would be one record, or one
 * for each line that it is printed on.
 */
function isDocument(start: Buffer): boolean {
  return /^(?:\uFEFF|\s)*(?:\[\s*\{\s*"|\{[ \t\r]*\n\s*")/.test(start.toString("utf8"));
}

/** A function would leave an object of such content to a note. It is told what it reads; here the start tells. */
function judgeOf(file: string): Judge {
  let isJson = true;
  const wrong = (kind: string, packed = 0, remedy = "") => {
    const where = packed > 0 ? ` in a member of gzip at byte ${packed}` : "";
    return new UserError(
      `FILE must hold JSON lines or text in UTF-8, plain or packed once with gzip, got ${quoted(file)}, which holds ${kind}${where}${remedy}`,
    );
  };
  return {
    faultOf(start, beginning, packed) {
      if (beginning === "content") isJson = /^\s*\{/.test(start.toString("utf8").replace(/^\uFEFF/, ""));
      const both = beginning === "content" || isJson;
      const kind = (both ? foreignKind(start, "json", beginning) : undefined) ?? foreignKind(start, "text", beginning);
      if (kind === undefined)
        return beginning === "content" && isDocument(start) ? wrong(DOCUMENT, 0, TO_LINES) : undefined;
      if (kind === "a JSON array") return wrong(kind, packed, TO_LINES);
      return wrong(kind, packed, kind === "UTF-16 text" ? `; pass --encoding ${utf16Order(start)}` : "");
    },
    unfed: () => wrong(UNFED_LINES),
  };
}

/** The bytes of a file, or of standard input, as they are. */
export function openInput(file: string): Chunks {
  return file === STANDARD_INPUT ? process.stdin : createReadStream(file);
}

/** What to tell of a file that cannot be read. */
export function unreadable(file: string, error: unknown): UserError {
  return new UserError(`FILE must be readable, got ${quoted(file)}: ${reasonOf(error)}`);
}

/** Without Node's call, and without what a function tells of an object, which is to be uploaded again. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === "GZIP_TRUNCATED") return "unexpected end of file";
  return code === "GZIP_CORRUPT" ? message.replace(/; [^;]*$/, "") : message.replace(/, \w+ '.*'$/s, "");
}

function quoted(file: string): string {
  return file === STANDARD_INPUT ? nameOf(file) : `"${file}"`;
}

async function* joined(held: Buffer[], rest: Chunks): AsyncGenerator<Buffer> {
  // What is handed on is let go of.
  while (held.length > 0) yield held.shift() as Buffer;
  yield* rest;
}
