import type { Fields } from "../../records/contracts";
import { parseExactly } from "../numbers";
import { isBlank } from "../plain-lines";
import type { ContentReader } from "../reader";
import type { PresetSink } from "./preset-sink";

/** Default maximum bytes of a container's line. */
const MAX_BYTES = 1024 * 1024;

/** A line of a container whose end has not arrived. */
interface OpenLine {
  readonly pieces: string[];
  bytes: number;
  /** The first piece's fields except `log`. */
  readonly fields: Fields;
  /** Location of the last piece. */
  last: readonly [buffer: Buffer, start: number, end: number, line: number, byte: number];
}

/**
 * Reads Docker's `json-file` format: `{"log":"...\n","stream":"stdout","time":"..."}`. A container's line longer than
 * 16 KiB is split into pieces, of which only the last one ends with a line feed. The pieces of each stream are joined;
 * the record has the place of the last one. A line whose end never arrives becomes a record with `partial`.
 */
export class ContainerReader implements ContentReader {
  readonly #sink: PresetSink;
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #open = new Map<string, OpenLine>();

  constructor(sink: PresetSink, name: string, maxBytes = MAX_BYTES) {
    this.#sink = sink;
    this.#name = name;
    this.#maxBytes = maxBytes;
  }

  take(buffer: Buffer, start: number, end: number, byte: number, cut: boolean): void {
    const line = this.#sink.nextLine();
    if (cut) return this.#sink.reject(buffer, start, end, line, byte, "over the line limit");
    if (isBlank(buffer, start, end)) return;
    this.#sink.checkUtf8(buffer, start, end);
    const parsed = parseExactly(buffer.toString("utf8", start, end))?.value;
    const fault = faultOf(parsed);
    if (fault !== undefined) {
      return this.#sink.reject(buffer, start, end, line, byte, `not a record of ${this.#name}: ${fault}`);
    }
    const { log, ...fields } = parsed as Fields & { log: string; stream: string };
    this.#add(log, fields, [buffer, start, end, line, byte]);
  }

  /** Other streams continue in the meantime. */
  get waiting(): number {
    return Math.min(...Array.from(this.#open.values(), ({ last }) => last[4]));
  }

  flush(): void {
    // Joined pieces wait for their end.
  }

  end(): void {
    for (const stream of [...this.#open.keys()]) this.#close(stream, true);
  }

  #add(log: string, fields: Fields, last: OpenLine["last"]): void {
    const stream = fields.stream as string;
    const isEnd = log.endsWith("\n");
    const held = this.#open.get(stream);
    if (held && held.bytes + log.length > this.#maxBytes) {
      this.#sink.count("oversize");
      this.#close(stream, true);
    }
    const open = this.#open.get(stream) ?? { pieces: [], bytes: 0, fields, last };
    open.pieces.push(isEnd ? log.slice(0, -1) : log);
    open.bytes += log.length;
    open.last = last;
    this.#open.set(stream, open);
    if (isEnd) this.#close(stream, false);
  }

  #close(stream: string, isPartial: boolean): void {
    const open = this.#open.get(stream);
    if (open === undefined) return;
    this.#open.delete(stream);
    const [buffer, start, end, line, byte] = open.last;
    const record: Fields = { log: open.pieces.join(""), ...open.fields, ...(isPartial && { partial: true }) };
    this.#sink.accept(buffer, start, end, line, byte, record);
  }
}

/** Why a value is not a piece of a container's log; undefined if it is one. */
function faultOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "no object of JSON";
  const fields = value as Fields;
  for (const name of ["log", "stream", "time"]) if (typeof fields[name] !== "string") return `${name} is no text`;
  return undefined;
}
