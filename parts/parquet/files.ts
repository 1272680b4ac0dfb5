import { isUtf8 } from "node:buffer";
import type { ParquetFile, ParquetFiles } from "../../functions/outputs/parquet-part";
import type { Members as TapedMembers } from "../../functions/parser/scan/members";
import type { ParquetSettings } from "../../functions/settings/parquet";
import { offsetMinutes, partitionNames } from "../../functions/settings/parquet-names";
import type { Packing } from "./chunk";
import { type FileOptions, FileWriter } from "./file";
import { Keys } from "./keys";
import { Members } from "./members";
import { Partitioner } from "./partition";
import { readInstant } from "./time";

const MIB = 1024 * 1024;

/** Number of row groups whose memory all open files together can use. */
const MOST_GROUPS = 2;

/** Bytes of lines after which a file's memory is measured again. */
const MEASURE_BYTES = 16 * 1024;

const QUOTE = 0x22;

const NONE: readonly ParquetFile[] = [];

/** An open file with its memory: the last measurement, and the bytes of lines since then. */
interface Open {
  readonly partition: string;
  readonly number: number;
  readonly file: FileWriter;
  bytes: number;
  unmeasured: number;
}

/**
 * The files of an input, one per partition. Memory is estimated from the records' contents, not measured from the process,
 * so that the same records are always split at the same positions.
 */
export class Files implements ParquetFiles {
  readonly #options: FileOptions;
  readonly #partitioner: Partitioner;
  readonly #groupBytes: number;
  readonly #open = new Map<string, Open>();
  /** Number of earlier files by partition. */
  readonly #numbers = new Map<string, number>();
  readonly #members: Members;
  #bytes = 0;

  constructor(settings: ParquetSettings, input: string, packing: Packing) {
    const { partitionBy, utcOffset, timeField, rowGroupMb } = settings;
    const offset = offsetMinutes(utcOffset) ?? 0;
    this.#options = { settings, offset, partitions: partitionNames(partitionBy) ?? [], packing, input };
    this.#partitioner = new Partitioner(partitionBy, offset);
    this.#members = new Members(new Keys(timeField));
    this.#groupBytes = rowGroupMb * MIB;
  }

  get partitions(): number {
    return this.#numbers.size;
  }

  add(bytes: Buffer, start: number, end: number, isProven: boolean, members?: TapedMembers): readonly ParquetFile[] {
    const broken = isProven ? undefined : checkedLine(bytes.subarray(start, end));
    if (members) this.#members.take(members, start);
    else this.#members.read(bytes, start);
    const open = this.#fileOf(this.#partitionOf(bytes));
    open.file.add(bytes, this.#members, broken);
    open.unmeasured += end - start;
    this.#bytes += end - start;
    if (open.unmeasured >= MEASURE_BYTES || open.file.records === 1) this.#measure(open);
    return this.#bytes > MOST_GROUPS * this.#groupBytes ? this.#endLargest() : NONE;
  }

  *end(): Generator<ParquetFile> {
    for (const open of [...this.#open.values()]) yield this.#end(open);
    this.#numbers.clear();
  }

  /** The partition from the record's time, which is the last member with that name. */
  #partitionOf(line: Buffer): string {
    const { time } = this.#members;
    if (time < 0) return this.#partitioner.pathOf(undefined);
    const [start, end] = [this.#members.valueStart(time), this.#members.valueEnd(time)];
    const inner = line[start] === QUOTE ? 1 : 0;
    return this.#partitioner.pathOf(readInstant(line, start + inner, end - inner, this.#options.offset)?.ms);
  }

  #fileOf(partition: string): Open {
    const known = this.#open.get(partition);
    if (known) return known;
    const number = this.#numbers.get(partition) ?? 0;
    this.#numbers.set(partition, number + 1);
    const open = { partition, number, file: new FileWriter(this.#options), bytes: 0, unmeasured: 0 };
    this.#open.set(partition, open);
    return open;
  }

  #measure(open: Open): void {
    const { file } = open;
    if (file.groupBytes >= this.#groupBytes) file.endGroup();
    const bytes = file.groupBytes + file.otherBytes;
    this.#bytes += bytes - open.bytes - open.unmeasured;
    open.bytes = bytes;
    open.unmeasured = 0;
  }

  /** Ends files until there is room for the others. */
  #endLargest(): ParquetFile[] {
    const ended: ParquetFile[] = [];
    while (this.#bytes > MOST_GROUPS * this.#groupBytes && this.#open.size > 0) {
      let largest: Open | undefined;
      for (const open of this.#open.values()) {
        if (largest === undefined || open.bytes + open.unmeasured > largest.bytes + largest.unmeasured) largest = open;
      }
      if (largest) ended.push(this.#end(largest));
    }
    return ended;
  }

  #end({ partition, number, file, bytes, unmeasured }: Open): ParquetFile {
    this.#open.delete(partition);
    this.#bytes -= bytes + unmeasured;
    return { partition, number, records: file.records, rest: file.rest, body: file.finish() };
  }
}

/** The line, if it is not UTF-8. @throws `TypeError` if it is not a JSON object */
function checkedLine(line: Buffer): Buffer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.toString());
  } catch {
    // The error's message quotes the line.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("a record must be an object of JSON to be written as Parquet, got something else");
  }
  return isUtf8(line) ? undefined : line;
}
