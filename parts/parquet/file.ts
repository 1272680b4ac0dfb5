import { isUtf8 } from "node:buffer";
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { type RowGroup, type SchemaElement, writeMetadata } from "hyparquet-writer/src/metadata.js";
import type { ParquetSettings } from "../../functions/settings/parquet";
import {
  columnFault,
  folded,
  MAX_COLUMNS,
  type ParquetColumnType,
  REST_COLUMN,
} from "../../functions/settings/parquet-names";
import { Chunk, elementOf, type Packing } from "./chunk";
import { Column, typeOf } from "./column";
import { GrowingBytes } from "./growing";
import type { Key } from "./keys";
import type { Members } from "./members";

const MAGIC = Buffer.from("PAR1");

const [BEGIN, COMMA, COLON, END] = ["{", ",", ":", "}"].map((text) => Buffer.from(text));

/** First byte of null. */
const NULL = 0x6e;

/** Approximate bytes for a chunk's description until the file ends, and for a column itself. */
const CHUNK_BYTES = 700;
const COLUMN_BYTES = 1000;

/** Options shared by all files of an input. */
export interface FileOptions {
  readonly settings: ParquetSettings;
  /** Minutes east of UTC, for times without a zone. */
  readonly offset: number;
  /** Names of partitions, which readers turn into columns. */
  readonly partitions: readonly string[];
  readonly packing: Packing;
  /** Name of the input. */
  readonly input: string;
}

/**
 * A file that is being written. Its columns are those of the schema, or those found in the first row group: each gets the
 * type of its first value, and integers can be widened to doubles. Values that do not fit go to the column `_rest`.
 */
export class FileWriter {
  records = 0;
  /** Number of records with content in `_rest`. */
  rest = 0;
  readonly #options: FileOptions;
  readonly #columns: Column[] = [];
  readonly #rest = new Column(REST_COLUMN, "json", false, 0);
  readonly #names = new Map<string, Column>();
  readonly #taken = new Set<string>();
  /** By the ids of keys. */
  readonly #byKey: (Column | undefined)[] = [];
  /** The columns of the current record's members. */
  readonly #found: (Column | undefined)[] = [];
  /** The current record's content for `_rest`. */
  readonly #left = new GrowingBytes();
  #rows = 0;
  readonly #pieces: Uint8Array[] = [MAGIC];
  #length = MAGIC.length;
  readonly #groups: RowGroup[] = [];

  constructor(options: FileOptions) {
    this.#options = options;
    for (const [name, type] of Object.entries(options.settings.schema ?? {})) this.#addColumn(name, type, true);
  }

  /** Bytes of memory used by the open row group. */
  get groupBytes(): number {
    return this.#columns.reduce((sum, { bytes }) => sum + bytes, this.#rest.bytes);
  }

  /** Approximate bytes of all other memory. */
  get otherBytes(): number {
    const columns = this.#columns.length + 1;
    return this.#length + columns * (COLUMN_BYTES + CHUNK_BYTES * this.#groups.length);
  }

  /**
   * @param line contains the members
   * @param broken the line itself, if it is not UTF-8: its invalid parts cannot be in a column, and all of it is in `_rest`
   */
  add(line: Buffer, members: Members, broken: Buffer | undefined): void {
    const row = this.#rows++;
    this.records++;
    this.#left.length = 0;
    this.#find(line, members);
    const isOpen = this.#isOpen;
    for (let member = 0; member < members.count; member++) {
      const column = this.#found[member];
      const [start, end] = [members.valueStart(member), members.valueEnd(member)];
      if (broken && !isUtf8(line.subarray(members.keyStart(member), end))) continue;
      const hasPlace = column !== undefined && column.member === member && line[start] !== NULL;
      if (hasPlace && column.add(row, line, start, end, members.isEscaped(member), isOpen)) continue;
      this.#leave(line, members, member);
    }
    if (broken) this.#leaveText(`"$base64":"${broken.toString("base64")}"`);
    if (this.#left.length === 0) return;
    this.rest++;
    this.#left.add(END, 0, END.length);
    this.#rest.add(row, this.#left.buffer, 0, this.#left.length, false, false);
  }

  /** Compresses the open row group. */
  endGroup(): void {
    if (this.#rows === 0) return;
    const { codec, compressor } = this.#options.packing;
    const compress = compressor(this.groupBytes);
    let rawBytes = 0;
    const chunks = [...this.#columns, this.#rest].map((column) => {
      const chunk = new Chunk(column, this.#rows, this.#length, codec, compress);
      column.clear();
      this.#pieces.push(...chunk.pieces);
      this.#length += chunk.bytes;
      rawBytes += chunk.rawBytes;
      return chunk.meta;
    });
    this.#groups.push({ columns: chunks, total_byte_size: BigInt(rawBytes), num_rows: BigInt(this.#rows) });
    this.#rows = 0;
  }

  /** The whole file. */
  finish(): Buffer {
    this.endGroup();
    const elements = [...this.#columns, this.#rest].map(elementOf);
    const root: SchemaElement = { name: "schema", num_children: elements.length };
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 1,
      created_by: "cdktf-tencent-logs",
      schema: [root, ...elements],
      num_rows: BigInt(this.records),
      row_groups: this.#groups,
      key_value_metadata: [{ key: "input", value: this.#options.input }],
    });
    return Buffer.concat([...this.#pieces, writer.getBytes(), MAGIC]);
  }

  /** Whether columns can still be added or widened: no row group has been written. */
  get #isOpen(): boolean {
    return this.#groups.length === 0 && this.#options.settings.schema === undefined;
  }

  /** Finds the column of each member, and records in the column which member is its own. */
  #find(line: Buffer, members: Members): void {
    for (let member = 0; member < members.count; member++) {
      const key = members.key(member);
      const column = this.#byKey[key.id] ?? this.#columnOf(key, line, members, member);
      if (column) column.member = member;
      this.#found[member] = column;
    }
  }

  /** The column of a key, created if possible. A null has no type. */
  #columnOf({ id, name }: Key, line: Buffer, members: Members, member: number): Column | undefined {
    const known = name === undefined ? undefined : this.#names.get(name);
    const column = known ?? (name === undefined ? undefined : this.#newColumn(name, line, members, member));
    if (id >= 0) this.#byKey[id] = column;
    return column;
  }

  #newColumn(name: string, line: Buffer, members: Members, member: number): Column | undefined {
    const start = members.valueStart(member);
    if (!this.#isOpen || line[start] === NULL || this.#columns.length === MAX_COLUMNS) return undefined;
    if (columnFault(name, this.#options.partitions, this.#taken) !== undefined) return undefined;
    const isTime = name === this.#options.settings.timeField;
    return this.#addColumn(name, isTime ? "timestamp" : typeOf(line, start, members.valueEnd(member)), false);
  }

  #addColumn(name: string, type: ParquetColumnType, isGiven: boolean): Column {
    const column = new Column(name, type, isGiven, this.#options.offset);
    this.#columns.push(column);
    this.#names.set(name, column);
    this.#taken.add(folded(name));
    return column;
  }

  /** Adds a member to the content of `_rest`, as it was written. */
  #leave(line: Buffer, members: Members, member: number): void {
    this.#left.add(this.#left.length === 0 ? BEGIN : COMMA, 0, 1);
    this.#left.add(line, members.keyStart(member), members.keyEnd(member));
    this.#left.add(COLON, 0, 1);
    this.#left.add(line, members.valueStart(member), members.valueEnd(member));
  }

  #leaveText(member: string): void {
    this.#left.add(this.#left.length === 0 ? BEGIN : COMMA, 0, 1);
    this.#left.addText(member);
  }
}
