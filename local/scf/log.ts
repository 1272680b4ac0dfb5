import { StringDecoder } from "node:string_decoder";

/**
 * Longest line that SCF keeps of a function's log, in characters; the rest is dropped.
 * Fact: docs/design/facts/runtime.md#function-log.
 */
const MAX_LINE_LENGTH = 8 * 1024;
/** Most lines that SCF keeps of an invocation. */
const MAX_LINES = 5000;

/** Collects what a function writes to its standard output and error: one list of lines an invocation. */
export class LogCollector {
  private lines: string[] = [];
  private readonly streams = { stdout: new LineStream(), stderr: new LineStream() };

  /** Takes a chunk of output; returns whether it held `marker`, which ends the invocation on that stream. */
  write(stream: "stdout" | "stderr", chunk: Buffer, marker: string): boolean {
    const { lines, ended } = this.streams[stream].write(chunk, marker);
    for (const line of lines) if (this.lines.length < MAX_LINES) this.lines.push(line.slice(0, MAX_LINE_LENGTH));
    return ended;
  }

  /** The lines since the last call. */
  take(): string[] {
    for (const stream of ["stdout", "stderr"] as const) this.write(stream, Buffer.from("\n"), "");
    const taken = this.lines;
    this.lines = [];
    return taken;
  }
}

class LineStream {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";

  write(chunk: Buffer, marker: string): { lines: string[]; ended: boolean } {
    const text = this.rest + this.decoder.write(chunk);
    const ended = marker !== "" && text.includes(marker);
    const lines = (ended ? text.replace(marker, "\n") : text).split("\n");
    this.rest = shorten(lines.pop() ?? "", marker.length);
    return { lines: lines.filter((line) => line !== ""), ended };
  }
}

/** Bounds a line that does not end; its tail is kept, since it may hold the beginning of the marker. */
function shorten(line: string, tail: number): string {
  return line.length <= 2 * MAX_LINE_LENGTH ? line : line.slice(0, MAX_LINE_LENGTH) + line.slice(line.length - tail);
}
