import { Members } from "../parser/scan/members";
import type { Scan } from "../parser/scan/scan";
import { MAYBE_BIG } from "../parser/scan/tape";
import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import type { FieldTaker } from "./field-taker";
import type { LineBlock } from "./line-block";
import type { RecordLines } from "./record-lines";

/** The fields of a record were asked for, but its bytes hold none; the message does not quote them. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "LOGS_RECORD";
}

/**
 * A record inside a larger buffer. What nobody asks for is never made: as long as the scan that found it is live, a field
 * asked for by name is read from where it stands, and nothing else is. Later its bytes are read again.
 */
export class BufferRecord implements LogRecord {
  readonly #lines: RecordLines;
  readonly #index: number;
  #fields: Fields | undefined;
  #changed = false;

  /**
   * @param index which of the lines it is
   * @param fields where they were read already
   */
  constructor(lines: RecordLines, index: number, fields?: Fields) {
    this.#lines = lines;
    this.#index = index;
    this.#fields = fields;
  }

  get raw(): Uint8Array {
    const lines = this.#lines;
    const index = this.#index;
    return lines.buffer.subarray(lines.start(index), lines.end(index));
  }

  get place(): Place {
    const lines = this.#lines;
    const index = this.#index;
    return { object: lines.origin.object, line: lines.line(index), byte: lines.byte(index) };
  }

  get changed(): boolean {
    return this.#changed;
  }

  get fields(): Readonly<Fields> {
    if (!this.#changed) this.#fields ??= this.#read();
    // What was assigned comes back as it is, right or wrong.
    if (this.#fields || this.#changed) return this.#fields as Fields;
    const { object, line } = this.place;
    throw new RecordError(`line ${line} of ${object} must hold a record, got something else; use check "json"`);
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.#changed = true;
  }

  get(name: string): FieldValue | undefined {
    const scan = this.#unread();
    const member = scan?.find(this.#index, name);
    if (scan === undefined || member === undefined) return fieldOf(this.fields, name);
    return member < 0 ? undefined : scan.read(member);
  }

  /** The same for who looks at it and does not keep it: a text may hold on to more memory than its own. */
  look(name: string): FieldValue | undefined {
    const scan = this.#unread();
    const member = scan?.find(this.#index, name);
    return scan === undefined || member === undefined || member < 0 ? this.get(name) : scan.look(member);
  }

  has(name: string): boolean {
    const member = this.#unread()?.find(this.#index, name);
    return member === undefined ? hasField(this.fields, name) : member >= 0;
  }

  /**
   * Where the members of the record stand in `raw`, for those who write it anew with some of them changed; undefined where
   * that cannot be told without reading it all: where it is changed, its scan is not live any more, or a key stands twice;
   * and where a number, once read and written, may be another one.
   */
  get members(): Members | undefined {
    const scan = this.#lines.live;
    if (!scan || this.#changed || scan.hasTrait(this.#index, MAYBE_BIG)) return undefined;
    const shape = scan.shape(this.#index);
    return shape && !shape.hasDuplicates ? new Members(scan, this.#index, shape) : undefined;
  }

  /**
   * The buffer in which its bytes stand from `start` to `end`, for those who look at the bytes of many records at once. Where
   * they are not proven to be a line of JSON in UTF-8, or the record is changed, it is undefined.
   */
  get provenIn(): Buffer | undefined {
    const lines = this.#lines;
    return lines.areProven && !this.#changed ? lines.buffer : undefined;
  }

  /** Writes its line behind what a block holds; false where there is no room for it and a line end, or user code has put another one over it. */
  writeLine(block: LineBlock): boolean {
    const { start, end } = this;
    if (end - start >= block.room || Object.hasOwn(this, "raw")) return false;
    block.copy(this.#lines.buffer, start, end);
    return true;
  }

  get start(): number {
    return this.#lines.start(this.#index);
  }

  get end(): number {
    return this.#lines.end(this.#index);
  }

  /** The names of its fields in their order, where that is known without making these. */
  get names(): readonly string[] | undefined {
    const shape = this.#unread()?.shape(this.#index);
    return shape?.isOrdered ? shape.names : undefined;
  }

  /** Hands over its fields in their order, made of as little as can be; false where that takes all of them. */
  handFields(taker: FieldTaker): boolean {
    return this.members?.handTo(taker) ?? false;
  }

  /** The scan, where it tells of the record faster than its fields. */
  #unread(): Scan | undefined {
    return this.#fields === undefined && !this.#changed ? this.#lines.live : undefined;
  }

  #read(): Fields | undefined {
    const lines = this.#lines;
    const index = this.#index;
    const scan = lines.live;
    if (scan) return scan.fields(index);
    if (lines.readFields) return lines.readFields(index);
    return lines.origin.readFields(lines.buffer, lines.start(index), lines.end(index));
  }
}
