import { Members } from "../parser/scan/members";
import type { Scan } from "../parser/scan/scan";
import { MAYBE_BIG } from "../parser/scan/tape";
import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import type { FieldTaker } from "./field-taker";
import type { LineBlock } from "./line-block";
import type { RecordLines } from "./record-lines";

/** The fields of a record were read, but its bytes contain none. The message does not quote them. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "LOGS_RECORD";
}

/**
 * A record inside a larger buffer. Nothing is decoded before it is needed: while the scan that found the record is
 * live, reading a field by name decodes only that field. Later, the bytes of the record are parsed again.
 */
export class BufferRecord implements LogRecord {
  readonly #lines: RecordLines;
  readonly #index: number;
  #fields: Fields | undefined;
  #changed = false;

  /**
   * @param index number of its line
   * @param fields if they were already read
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
    // An assigned value is returned as it is, right or wrong.
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

  /** The same for callers that do not retain the value: a text can keep more memory alive than its own. */
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
   * Positions of the record's members in `raw`, for writing it again with some of them changed. Undefined if the record
   * is changed, its scan is no longer live, a key occurs twice or contains an escape, or a number may be a different
   * one once it is read and written.
   */
  get members(): Members | undefined {
    const scan = this.#lines.live;
    if (!scan || this.#changed || scan.hasTrait(this.#index, MAYBE_BIG)) return undefined;
    const shape = scan.shape(this.#index);
    return shape && !shape.hasDuplicates ? new Members(scan, this.#index, shape) : undefined;
  }

  /**
   * The buffer that contains its bytes from `start` to `end`, for callers that examine the bytes of many records at
   * once. Undefined if they are not proven to be a line of JSON in UTF-8, or the record is changed.
   */
  get provenIn(): Buffer | undefined {
    const lines = this.#lines;
    return lines.areProven && !this.#changed ? lines.buffer : undefined;
  }

  /**
   * Appends its line to a block.
   *
   * @returns false if there is no room for it and a line feed, or user code has put a different line over it; nothing
   *   is written then
   */
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

  /** The names of its fields in their order, if they are known without creating the fields. */
  get names(): readonly string[] | undefined {
    const shape = this.#unread()?.shape(this.#index);
    return shape?.isOrdered ? shape.names : undefined;
  }

  /** Passes on its fields in their order, and decodes only what is needed; false if that requires all fields. */
  handFields(taker: FieldTaker): boolean {
    return this.members?.handTo(taker) ?? false;
  }

  /** The scan, if reading from it is faster than from the fields. */
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
