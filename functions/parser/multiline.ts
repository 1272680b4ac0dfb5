import type { LinePattern } from "../../rules/regex/javascript";
import type { MultilineContentSettings } from "../settings";
import { CallTimeoutError, callWithin } from "../runtime/call-within";
import { ContentError } from "./content-error";
import { JoinedLines } from "./joined-lines";
import { loadPatterns } from "./late";
import { isBlank } from "./plain-lines";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/** Number of bytes at a line's start that the start pattern sees. */
const HEAD_BYTES = 4096;

/**
 * Maximum milliseconds for the lines of 64 KiB, which usually take a few. No line makes a pattern slower than its size
 * implies, but a pattern with large counts has thousands of steps per character.
 */
const MAX_MS = 2_000;

/**
 * Reads text whose records span lines, such as stack traces: a record begins at a line that matches the start pattern,
 * and extends to the next such line. Its only field is `__CONTENT__`. Lines before the first match are a record as
 * well.
 *
 * A record that reaches the limit of lines or bytes ends there, and the following lines are a separate record, so that
 * nothing is lost. The summary counts the cut in `oversize`. Only a line over the line limit is invalid; it ends the
 * record before it.
 */
export class MultilineReader implements ContentReader {
  readonly #sink: RecordSink;
  readonly #start: LinePattern;
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #record = new JoinedLines();

  /** @throws RegexError, SyntaxError if the start pattern is one that synth refuses */
  constructor({ startPattern, flags, maxLines, maxBytes }: MultilineContentSettings, sink: RecordSink) {
    this.#sink = sink;
    this.#start = loadPatterns().compileLinePattern(startPattern, flags);
    this.#maxLines = maxLines;
    this.#maxBytes = maxBytes;
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (cut) {
      this.end();
      return this.#sink.reject(buffer, start, end, line, byte, "over the line limit");
    }
    if (this.#record.lines > 0) this.#endBefore(buffer, start, end, byte);
    if (this.#record.lines > 0 || !isBlank(buffer, start, end)) this.#record.add(buffer, start, end, line, byte);
  }

  /** @throws ContentError if matching the start pattern takes too long */
  watch(handLines: () => void): void {
    try {
      callWithin(MAX_MS, handLines);
    } catch (error) {
      if (!(error instanceof CallTimeoutError)) throw error;
      const message = `startPattern must tell within ${MAX_MS} ms which lines begin a record, got no answer`;
      const remedy = "lower its counts, and write ^ at its start";
      throw new ContentError("START_PATTERN", `${message}; ${remedy}`, 0);
    }
  }

  flush(): void {
    // Each record was passed on when the next one began.
  }

  /** The lines of a record that a fault cut off are complete, so it is passed on. */
  end(): void {
    if (this.#record.lines === 0) return;
    const { line, byte } = this.#record;
    const { buffer, start, end } = this.#record.take();
    this.#sink.checkUtf8(buffer, start, end);
    this.#sink.accept(buffer, start, end, line, byte);
  }

  /** Ends the record if the line begins a new one, or does not fit into it. */
  #endBefore(buffer: Buffer, start: number, end: number, byte: number): void {
    const begins = this.#start.test(buffer.toString("utf8", start, Math.min(end, start + HEAD_BYTES)));
    const full = this.#record.lines >= this.#maxLines || this.#record.bytesUntil(byte + end - start) > this.#maxBytes;
    if (full && !begins) this.#sink.count("oversize");
    if (full || begins) this.end();
  }
}
