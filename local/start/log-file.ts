import { accessSync, constants, createReadStream, fstatSync, statSync, type Stats } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { foreignKind, START_BYTES } from "../../functions/parser/content-kind";
import { UserError } from "../../terminal/user-error";
import { probe } from "./probe";
import { wrapLines } from "./wrap-lines";

/** The file that stands for standard input; a file of that name is given as `./-`. */
export const STANDARD_INPUT = "-";

type Chunks = AsyncIterable<Buffer>;

/** Throws {@link UserError} where the file is missing, a directory, or not readable. */
export function checkReadable(file: string): void {
  // Node would read a directory on standard input as nothing.
  if (file === STANDARD_INPUT) return checkFile(file, fstatSync(0));
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw unreadable(file, error);
  }
  checkFile(file, statSync(file));
}

function checkFile(file: string, stats: Stats): void {
  if (stats.isDirectory()) throw new UserError(`FILE must be a file, got the directory ${quoted(file)}`);
}

/** The file as messages name it. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

/**
 * Reads a log file, or standard input, as bytes of JSON lines. Gzip is told by its magic bytes. A file of JSON lines
 * comes byte for byte; of one that holds no JSON object in its first 100 non-empty lines, each line that is not empty
 * becomes `{"__CONTENT__": line}`. Memory does not grow with the file. Throws {@link UserError} where the file cannot
 * be read, or holds what a function could only read as something that it is not.
 */
export async function* readLogFile(file: string): AsyncGenerator<Buffer> {
  try {
    const { held, rest, text } = await probe(decompressed(open(file)));
    requireLog(file, held);
    const chunks = joined(held, rest);
    yield* text ? wrapLines(chunks) : chunks;
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(file, error);
  }
}

/** A function would leave an object of such content to a note. */
function requireLog(file: string, held: readonly Buffer[]): void {
  let start = Buffer.alloc(0);
  for (const chunk of held)
    if (start.length < START_BYTES) start = Buffer.concat([start, chunk.subarray(0, START_BYTES)]);
  start = start.subarray(0, START_BYTES);
  const kind = foreignKind(start, "json") ?? foreignKind(start, "text");
  if (kind === undefined) return;
  throw new UserError(
    `FILE must hold JSON lines or text in UTF-8, plain or packed once with gzip, got ${quoted(file)}, which holds ${kind}`,
  );
}

function open(file: string): Chunks {
  return file === STANDARD_INPUT ? process.stdin : createReadStream(file);
}

function unreadable(file: string, error: unknown): UserError {
  const reason = (error as Error).message.replace(/, \w+ '.*'$/s, "");
  return new UserError(`FILE must be readable, got ${quoted(file)}: ${reason}`);
}

function quoted(file: string): string {
  return file === STANDARD_INPUT ? nameOf(file) : `"${file}"`;
}

async function* decompressed(chunks: Chunks): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = joined([head], { [Symbol.asyncIterator]: () => iterator });
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(all);
  else yield* all;
}

async function* gunzipped(chunks: Chunks): AsyncGenerator<Buffer> {
  // An error on either side reaches the reader of `gunzip`, so that the callback has nothing left to do.
  const gunzip = pipeline(Readable.from(chunks), createGunzip(), () => undefined);
  for await (const chunk of gunzip) yield chunk as Buffer;
}

async function* joined(held: Buffer[], rest: Chunks): AsyncGenerator<Buffer> {
  // What is handed on is let go of.
  while (held.length > 0) yield held.shift() as Buffer;
  yield* rest;
}
