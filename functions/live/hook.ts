import { builtin } from "../tencent/builtin";
import type { LiveLine } from "./record";

type Stream = LiveLine["stream"];

/** Receives what is written to a stream, before or after it reaches SCF's own log. Must not change or retain the chunk. */
export type Tap = (stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined) => void;

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/** Observes writes to `process.stdout` and `process.stderr`, as by `console` and winston, without changing them. */
export function hookStreams(tap: Tap): void {
  hookStream("stdout", tap);
  hookStream("stderr", tap);
}

function hookStream(name: Stream, tap: Tap): void {
  const stream = process[name];
  const write = stream.write as (this: typeof stream, ...written: unknown[]) => boolean;
  function hooked(this: typeof stream, chunk: unknown, encoding?: unknown, written?: unknown): boolean {
    const taken = write.call(this, chunk, encoding, written);
    // A refused write throws, so only accepted writes get here.
    tap(name, chunk as string, typeof encoding === "string" ? (encoding as BufferEncoding) : undefined);
    return taken;
  }
  stream.write = hooked as typeof stream.write;
}

/** The streams by their file descriptors. */
const STREAMS: Readonly<Record<number, Stream | undefined>> = { 1: "stdout", 2: "stderr" };

/**
 * Observes what `fs.write` and `fs.writeSync` write to the descriptors of both streams, as pino does with
 * `pino.destination`. The streams themselves, even if they are files, got the original `fs` when {@link hookStreams}
 * accessed them.
 *
 * Output of child processes, of native code, and of worker threads, such as a pino transport, is not seen.
 */
export function hookDescriptors(tap: Tap): void {
  const fs = builtin("node:fs");
  const { write, writeSync } = fs as unknown as Record<string, AnyFunction>;
  const tell = (stream: Stream, bytes: unknown, [, chunk, ...more]: readonly unknown[]): void =>
    tap(stream, ...writtenPart(chunk as string, bytes as number, more));

  replace(fs, "writeSync", function (this: unknown, ...given) {
    const bytes = writeSync.apply(this, given);
    const stream = STREAMS[given[0] as number];
    if (stream) tell(stream, bytes, given);
    return bytes;
  });
  replace(fs, "write", function (this: unknown, ...given) {
    const stream = STREAMS[given[0] as number];
    const callback = given.at(-1);
    if (!stream || typeof callback !== "function") return write.apply(this, given);
    const written = function (this: unknown, error: unknown, bytes: unknown, ...more: unknown[]): unknown {
      if (!error) tell(stream, bytes, given);
      return (callback as AnyFunction).call(this, error, bytes, ...more);
    };
    return write.apply(this, [...given.slice(0, -1), written]);
  });
  // For modules that import it by name.
  builtin("node:module").syncBuiltinESMExports();
}

/** Replaces a function of a module by one with the same name, length, and properties for `promisify`. */
function replace(module: object, name: string, by: AnyFunction): void {
  const functions = module as Record<string, AnyFunction>;
  Object.defineProperties(by, Object.getOwnPropertyDescriptors(functions[name]));
  functions[name] = by;
}

/** The part of a chunk that was written. `fs` gets the range within the chunk, and can write less than that. */
function writtenPart(
  chunk: string | NodeJS.ArrayBufferView,
  bytes: number,
  [first, second]: readonly unknown[],
): [chunk: string | Uint8Array, encoding?: BufferEncoding] {
  if (typeof chunk === "string") {
    const encoding = typeof second === "string" ? (second as BufferEncoding) : "utf8";
    const isWhole = bytes === Buffer.byteLength(chunk, encoding);
    return isWhole ? [chunk, encoding] : [Buffer.from(chunk, encoding).subarray(0, bytes)];
  }
  const given = typeof first === "number" ? first : (first as { offset?: number } | null | undefined)?.offset;
  return [Buffer.from(chunk.buffer, chunk.byteOffset + (given ?? 0), bytes)];
}

/**
 * Observes the level of the console method that writes, if the stream alone does not show it: `debug` and `warn`. @param
 * set gets the level while the method runs, then undefined
 */
export function hookConsole(set: (level: string | undefined) => void): void {
  for (const level of ["debug", "warn"] as const) {
    const method = console[level];
    console[level] = function (this: unknown, ...values: unknown[]): void {
      set(level);
      try {
        method.apply(this, values);
      } finally {
        set(undefined);
      }
    };
  }
}
