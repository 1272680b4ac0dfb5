import { Members } from "../parser/scan/members";
import type { Scan } from "../parser/scan/scan";
import { MAYBE_BIG } from "../parser/scan/tape";
import { fieldOf, hasField } from "./by-name";
import type { Fields, FieldValue, LogRecord, Place } from "./contracts";
import { type FieldTaker, handMembers } from "./field-taker";

/** The fields of a record were asked for, but its bytes hold none; the message does not quote them. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "LOGS_RECORD";
}

/** What the records of one input share. */
export interface RecordOrigin {
  /** Name of the input. */
  readonly object: string;
  /** Reads the fields of a record from its bytes; undefined where they hold none. */
  readonly readFields: (buffer: Buffer, start: number, end: number) => Fields | undefined;
}

/**
 * A record inside a larger buffer. What nobody asks for is never made: as long as the scan that found it is live, a field
 * asked for by name is read from where it stands, and nothing else is. Later its bytes are read again.
 */
export class BufferRecord implements LogRecord {
  readonly #origin: RecordOrigin;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #line: number;
  readonly #byte: number;
  readonly #scan: Scan | undefined;
  readonly #index: number;
  #fields: Fields | undefined;
  #changed = false;

  /**
   * @param line number of its first line
   * @param byte offset of its first byte in the input
   * @param fields where they were read already
   * @param scan that found it, as its line of that index
   */
  constructor(
    origin: RecordOrigin,
    buffer: Buffer,
    start: number,
    end: number,
    line: number,
    byte: number,
    fields?: Fields,
    scan?: Scan,
    index = 0,
  ) {
    this.#origin = origin;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    this.#line = line;
    this.#byte = byte;
    this.#fields = fields;
    this.#scan = scan;
    this.#index = index;
  }

  get raw(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get place(): Place {
    return { object: this.#origin.object, line: this.#line, byte: this.#byte };
  }

  get changed(): boolean {
    return this.#changed;
  }

  get fields(): Readonly<Fields> {
    if (!this.#changed) this.#fields ??= this.#read();
    // What was assigned comes back as it is, right or wrong.
    if (this.#fields || this.#changed) return this.#fields as Fields;
    throw new RecordError(
      `line ${this.#line} of ${this.#origin.object} must hold a record, got something else; use check "json"`,
    );
  }

  set fields(fields: Fields) {
    this.#fields = fields;
    this.#changed = true;
  }

  get(name: string): FieldValue | undefined {
    const member = this.#unread?.find(this.#index, name);
    if (member === undefined) return fieldOf(this.fields, name);
    return member < 0 ? undefined : this.#scan?.value(member);
  }

  has(name: string): boolean {
    const member = this.#unread?.find(this.#index, name);
    return member === undefined ? hasField(this.fields, name) : member >= 0;
  }

  /**
   * Where the members of the record stand in `raw`, for those who write it anew with some of them changed; undefined where
   * that cannot be told without reading it all: where it is changed, its scan is not live any more, or a key stands twice;
   * and where a number, once read and written, may be another one.
   */
  get members(): Members | undefined {
    const scan = this.#scan;
    if (!scan?.isLive || this.#changed || scan.hasTrait(this.#index, MAYBE_BIG)) return undefined;
    const shape = scan.shape(this.#index);
    return shape && !shape.hasDuplicates ? new Members(scan, this.#index, shape) : undefined;
  }

  /**
   * The buffer in which its bytes stand from `start` to `end`, for those who look at the bytes of many records at once. Where
   * they are not proven to be a line of JSON in UTF-8, or the record is changed, it is undefined.
   */
  get provenIn(): Buffer | undefined {
    return this.#scan === undefined || this.#changed ? undefined : this.#buffer;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** The names of its fields in their order, where that is known without making these. */
  get names(): readonly string[] | undefined {
    const shape = this.#unread?.shape(this.#index);
    return shape?.isOrdered ? shape.names : undefined;
  }

  /** Hands over its fields in their order, made of as little as can be; false where that takes all of them. */
  handFields(taker: FieldTaker): boolean {
    const { members } = this;
    return members !== undefined && handMembers(this, members, taker);
  }

  /** The scan, where it tells of the record faster than its fields. */
  get #unread(): Scan | undefined {
    return this.#fields === undefined && !this.#changed && this.#scan?.isLive ? this.#scan : undefined;
  }

  #read(): Fields | undefined {
    if (this.#scan?.isLive) return this.#scan.fields(this.#index);
    return this.#origin.readFields(this.#buffer, this.#start, this.#end);
  }
}
