import type { LiveLine } from "./record";

type Stream = LiveLine["stream"];

/** Gets what is written to a stream, before or after it reaches SCF's own log: it must neither change nor keep it. */
export type Tap = (stream: Stream, chunk: string | Uint8Array, encoding: BufferEncoding | undefined) => void;

/**
 * Sees what is written to `process.stdout` and `process.stderr`, and changes nothing of it: `console`, pino, which writes
 * to a `write` that was replaced, winston. What is written to a descriptor goes past it: by a child process, by native code,
 * by `fs`, and so by pino with `pino.destination` or a transport.
 */
export function hookStreams(tap: Tap): void {
  hookStream("stdout", tap);
  hookStream("stderr", tap);
}

function hookStream(name: Stream, tap: Tap): void {
  const stream = process[name];
  const write = stream.write as (this: typeof stream, ...written: unknown[]) => boolean;
  function hooked(this: typeof stream, chunk: unknown, encoding?: unknown, written?: unknown): boolean {
    const taken = write.call(this, chunk, encoding, written);
    // What it refuses throws: only what was taken comes here.
    tap(name, chunk as string, typeof encoding === "string" ? (encoding as BufferEncoding) : undefined);
    return taken;
  }
  stream.write = hooked as typeof stream.write;
}

/**
 * Sees which level the console gives to what it writes: where the stream alone does not tell, which is `debug` and
 * `warn`. @param set gets the level while the method runs, then undefined
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
