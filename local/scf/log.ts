import { StringDecoder } from "node:string_decoder";

/**
 * Maximum length of a line in a function's log, in bytes; SCF drops the rest. Fact:
 * docs/design/facts/runtime.md#function-log.
 */
export const MAX_LINE_BYTES = 8 * 1024;
/** Maximum lines of a request's log in each {@link WINDOW_MS}, and their bytes. */
const MAX_LINES = 5000;
const MAX_BYTES = 1024 * 1024;
const WINDOW_MS = 5000;

type Stream = "stdout" | "stderr";

/** A line that a function wrote, as SCF stores it. */
export interface LogLine {
  readonly stream: Stream;
  readonly text: string;
}

/** Collects the standard output and error of a function, invocation by invocation. */
export class LogCollector {
  private lines: string[] = [];
  /** Lines without a listener: they belong to the next invocation. */
  private unheard: LogLine[] = [];
  private listener: ((line: LogLine) => void) | undefined;
  private budget = new Budget();
  private readonly streams = { stdout: new LineStream(), stderr: new LineStream() };

  /** Begins an invocation: its lines are passed to the listener as they are written. */
  begin(listener: (line: LogLine) => void): void {
    this.budget = new Budget();
    this.listener = listener;
    for (const line of this.unheard.splice(0)) listener(line);
  }

  /** Processes a chunk of output; returns whether it contained `marker`, which ends the invocation on that stream. */
  write(stream: Stream, chunk: Buffer, marker: string): boolean {
    const { lines, ended } = this.streams[stream].write(chunk, marker);
    for (const line of lines) this.keep({ stream, text: cutText(line, MAX_LINE_BYTES) });
    return ended;
  }

  /** Ends the invocation; returns its lines. */
  end(): string[] {
    for (const stream of ["stdout", "stderr"] as const) this.write(stream, Buffer.from("\n"), "");
    this.listener = undefined;
    return this.lines.splice(0);
  }

  private keep(line: LogLine): void {
    if (!this.budget.admits(line.text)) return;
    this.lines.push(line.text);
    if (this.listener) this.listener(line);
    else this.unheard.push(line);
  }
}

/** The start of a text with at most that many bytes of UTF-8, without splitting a character. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // Does not cut before a continuation byte.
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

/** How much a request can still write. */
class Budget {
  private since = -Infinity;
  private lines = 0;
  private bytes = 0;

  admits(text: string): boolean {
    const now = performance.now();
    if (now - this.since >= WINDOW_MS) Object.assign(this, { since: now, lines: 0, bytes: 0 });
    const bytes = this.bytes + Buffer.byteLength(text);
    if (this.lines >= MAX_LINES || bytes > MAX_BYTES) return false;
    this.lines += 1;
    this.bytes = bytes;
    return true;
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

/** Limits the length of a line without an end. Its tail is kept, because it can contain the start of the marker. */
function shorten(line: string, tail: number): string {
  return line.length <= 2 * MAX_LINE_BYTES ? line : line.slice(0, MAX_LINE_BYTES) + line.slice(line.length - tail);
}
