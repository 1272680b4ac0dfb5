import { accessSync, constants, createReadStream, statSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { StartError } from "./error";
import { parseObject } from "./feed-lines";

/** Non-empty lines that are looked at to tell JSON lines from text. */
const PROBE_LINES = 100;
/** Most bytes that are held back meanwhile. */
const PROBE_BYTES = 64 * 1024 * 1024;

type Chunks = AsyncIterable<Buffer>;

/** Throws {@link StartError} where the file is missing, a directory, or not readable. */
export function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw unreadable(file, error);
  }
  if (statSync(file).isDirectory()) throw new StartError(`FILE must be a file, got the directory "${file}"`);
}

/**
 * Reads a log file as bytes of JSON lines. Gzip is told by its magic bytes. A file of JSON lines comes byte for byte; of
 * one that holds no JSON object in its first 100 non-empty lines, each line becomes `{"__CONTENT__": line}`. Memory does
 * not grow with the file. Throws {@link StartError} where the file cannot be read.
 */
export async function* readLogFile(file: string): AsyncGenerator<Buffer> {
  try {
    const { held, rest, text } = await probe(decompressed(createReadStream(file)));
    const chunks = joined(held, rest);
    yield* text ? wrapLines(chunks) : chunks;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): StartError {
  const reason = (error as Error).message.replace(/, \w+ '.*'$/s, "");
  return new StartError(`FILE must be readable, got "${file}": ${reason}`);
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

/** Looks ahead until a line is a JSON object, or enough of them are not. */
async function probe(chunks: Chunks): Promise<{ held: Buffer[]; rest: Chunks; text: boolean }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const rest = { [Symbol.asyncIterator]: () => iterator };
  const held: Buffer[] = [];
  const decoder = new StringDecoder("utf8");
  let partial = "";
  let lines = 0;
  for (let bytes = 0; bytes < PROBE_BYTES;) {
    const { value, done } = await iterator.next();
    const parts = (partial + (done ? `${decoder.end()}\n` : decoder.write(value))).split("\n");
    partial = parts.pop() ?? "";
    for (const line of parts) {
      if (line.trim() === "") continue;
      if (parseObject(line)) return { held: done ? held : [...held, value], rest, text: false };
      lines += 1;
      if (lines === PROBE_LINES) return { held: done ? held : [...held, value], rest, text: true };
    }
    if (done) break;
    held.push(value);
    bytes += value.length;
  }
  return { held, rest, text: lines > 0 };
}

async function* joined(held: Buffer[], rest: Chunks): AsyncGenerator<Buffer> {
  yield* held;
  yield* rest;
}

/** Each line as the string of `__CONTENT__`; a line may come in many chunks. */
async function* wrapLines(chunks: Chunks): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder("utf8");
  let open = false;
  for await (const chunk of chunks) {
    const wrapped = wrap(decoder.write(chunk), open);
    open = wrapped.open;
    yield Buffer.from(wrapped.text);
  }
  const last = wrap(decoder.end(), open);
  yield Buffer.from(last.text + (last.open ? '"}' : ""));
}

function wrap(text: string, open: boolean): { text: string; open: boolean } {
  if (text === "") return { text, open };
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  let wrapped = "";
  for (const line of lines) {
    wrapped += `${open ? "" : '{"__CONTENT__":"'}${escape(line)}"}\n`;
    open = false;
  }
  if (last === "") return { text: wrapped, open };
  return { text: `${wrapped}${open ? "" : '{"__CONTENT__":"'}${escape(last)}`, open: true };
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
