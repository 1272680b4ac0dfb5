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

/** The file name for standard input; use `./-` for a file of that name. */
export const STANDARD_INPUT = "-";

type Chunks = AsyncIterable<Buffer>;

/** Throws {@link UsageError} if the file is missing, a directory, or not readable. */
export function checkReadable(file: string): void {
  // Node would read a directory on standard input as empty.
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

/** The file's name in messages. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

/**
 * Reads a log file, or standard input, as bytes of JSON lines. Gzip is detected by its magic bytes. A file of JSON
 * lines is read byte for byte. If the first 100 non-empty lines contain no JSON object, each non-empty line becomes
 * `{"__CONTENT__": line}`. Memory does not grow with the file. Throws {@link UserError} if the file cannot be read, or
 * if a function would misread its content, in any member of its gzip.
 *
 * @param encoding of its text; the result is UTF-8
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

/** The file's content, unpacked and checked as a function does it. */
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
  // A user who feeds a file can accept a high compression ratio.
  const bytes = isGzip
    ? gunzip(head, chunks, { onMember, maxUnpackRatio: Infinity })
    : joined([head], { [Symbol.asyncIterator]: () => chunks });
  const isEncoded = needsDecoding(encoding);
  // In decoded text, members start at other positions.
  const text = isEncoded ? decoded(bytes, encoding, emptyCounts()) : bytes;
  for await (const chunk of judged(text, isEncoded ? [] : members, judgeOf(file)))
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

const DOCUMENT = "JSON that is not lines";
const TO_LINES = `; write one object per line: jq -c '.[]' FILE for a list, jq -c . FILE for objects`;

/**
 * Detects a list of objects on one line, or an object that spans lines: as text, a whole export would be one record, or
 * one for each line.
 */
function isDocument(start: Buffer): boolean {
  return /^(?:\uFEFF|\s)*(?:\[\s*\{\s*"|\{[ \t\r]*\n\s*")/.test(start.toString("utf8"));
}

/**
 * A function would quarantine an object with such content. A function has settings for the content; here the start of
 * the file determines it.
 */
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

/** The unchanged bytes of a file, or of standard input. */
export function openInput(file: string): Chunks {
  return file === STANDARD_INPUT ? process.stdin : createReadStream(file);
}

/** The error for a file that cannot be read. */
export function unreadable(file: string, error: unknown): UserError {
  return new UserError(`FILE must be readable, got ${quoted(file)}: ${reasonOf(error)}`);
}

/** Without Node's call, and without a function's advice to upload the object again. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === "GZIP_TRUNCATED") return "unexpected end of file";
  return code === "GZIP_CORRUPT" ? message.replace(/; [^;]*$/, "") : message.replace(/, \w+ '.*'$/s, "");
}

function quoted(file: string): string {
  return file === STANDARD_INPUT ? nameOf(file) : `"${file}"`;
}

async function* joined(held: Buffer[], rest: Chunks): AsyncGenerator<Buffer> {
  // Releases chunks that were passed on.
  while (held.length > 0) yield held.shift() as Buffer;
  yield* rest;
}
