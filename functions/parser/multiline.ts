import type { LinePattern } from "../../rules/regex/javascript";
import type { MultilineContentSettings } from "../settings";
import { CallTimeoutError, callWithin } from "../runtime/call-within";
import { ContentError } from "./content-error";
import { JoinedLines } from "./joined-lines";
import { isBlank } from "./plain-lines";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/** Bytes of a line in which the start pattern is looked for; it tells by how a line begins. */
const HEAD_BYTES = 4096;

/**
 * Most milliseconds for the lines of 64 KiB, which take a few as a rule. No line makes a pattern slow beyond its own size,
 * but one with large counts has thousands of steps for each character.
 */
const MAX_MS = 2_000;

/**
 * Reads text whose records span lines, such as stack traces: a record begins at a line that the start pattern matches,
 * and goes on to the next such line. Its one field is `__CONTENT__`. Lines before the first match are a record as well.
 *
 * A record at its limit of lines or bytes ends there, and what follows is a record of its own, so that nothing is lost;
 * the summary counts the cut in `oversize`. Only a line over the line limit is invalid; it ends the record before it.
 */
export class MultilineReader implements ContentReader {
  readonly #sink: RecordSink;
  readonly #start: LinePattern;
  readonly #maxLines: number;
  readonly #maxBytes: number;
  readonly #record = new JoinedLines();

  constructor({ startPattern, flags, maxLines, maxBytes }: MultilineContentSettings, sink: RecordSink) {
    this.#sink = sink;
    this.#start = compile(startPattern, flags);
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

  /** @throws ContentError where the start pattern does not come to an end */
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
    // Each record was handed on when the next one began.
  }

  /** The lines of a record that a fault cut off are whole, so it is handed on all the same. */
  end(): void {
    if (this.#record.lines === 0) return;
    const { line, byte } = this.#record;
    const { buffer, start, end } = this.#record.take();
    this.#sink.checkUtf8(buffer, start, end);
    this.#sink.accept(buffer, start, end, line, byte);
  }

  /** Ends the record if the line begins one, or finds no room in it. */
  #endBefore(buffer: Buffer, start: number, end: number, byte: number): void {
    const begins = this.#start.test(buffer.toString("utf8", start, Math.min(end, start + HEAD_BYTES)));
    const full = this.#record.lines >= this.#maxLines || this.#record.bytesUntil(byte + end - start) > this.#maxBytes;
    if (full && !begins) this.#sink.count("oversize");
    if (full || begins) this.end();
  }
}

/**
 * The engine is loaded by the content that needs it: run at its start, it would make that of every function a millisecond longer.
 *
 * @throws RegexError, SyntaxError where synth would have refused the pattern
 */
function compile(source: string, flags: string): LinePattern {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run it as the handler loads
  const engine = require("../../rules/regex/javascript") as typeof import("../../rules/regex/javascript");
  return engine.compileLinePattern(source, flags);
}
