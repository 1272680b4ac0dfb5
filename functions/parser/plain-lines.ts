import type { Fields } from "../records/contracts";
import type { ContentReader } from "./reader";
import type { RecordSink } from "./sink";

/**
 * Reads text: each line with more than spaces is a record with the single field `__CONTENT__`, the name that CLS uses.
 * Only a line over the limit is invalid.
 */
export class PlainLinesReader implements ContentReader {
  readonly #sink: RecordSink;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (cut) return this.#sink.reject(buffer, start, end, line, byte, "over the line limit");
    if (isBlank(buffer, start, end)) return;
    this.#sink.checkUtf8(buffer, start, end);
    this.#sink.accept(buffer, start, end, line, byte);
  }

  flush(): void {
    // Each line was passed on immediately.
  }
}

/** Reads the fields of a record that is text. */
export function readText(buffer: Buffer, start: number, end: number): Fields {
  return { __CONTENT__: buffer.toString("utf8", start, end) };
}

/** Whether a line is empty, or consists of spaces, tabs and carriage returns. */
export function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = buffer[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
