import type { Batch, Fields, LogRecord, Place } from "../records";
import type { OutputsSettings } from "../settings";
import type { Summary } from "../summary";
import type { ProcessorContext, ProcessorDefinition, ProcessorResult, RoutedRecord } from "./define";
import { invalidRecord } from "./invalid-record";
import { MadeRecord } from "./made-record";
import type { Transformed, Transformer } from "./transformer";

/** Promises of one batch that run at once. */
const MAX_PENDING = 32;

/** Longest reason of a failed record, in characters. */
const MAX_REASON_LENGTH = 500;

/** Where a record goes; without an output nowhere. */
interface Destination {
  readonly output: string | undefined;
  readonly record: LogRecord;
}

/** A record on which the processor failed, as it was read. */
interface FailedRecord {
  readonly raw: Uint8Array;
  readonly place: Place;
  /** What it failed with; it may quote the record, so it goes with the record and never to the log. */
  readonly reason: string;
}

/** What became of one record. */
type Fate = Destination[] | FailedRecord;

/** Runs the user's code on each record. */
export class CodeTransformer implements Transformer {
  readonly check = "json";
  readonly #processor: ProcessorDefinition;
  readonly #outputs: OutputsSettings;

  constructor(processor: ProcessorDefinition, outputs: OutputsSettings) {
    this.#processor = processor;
    this.#outputs = outputs;
  }

  /** Without a promise where none of the records took one. */
  transform(batch: Batch): Transformed | Promise<Transformed> {
    const fates: Fate[] = [];
    for (let at = 0; at < batch.length; at++) {
      const fate = this.#run(batch[at]);
      if (isPromise(fate)) return this.#transformRest(batch, fates, fate);
      fates.push(fate);
    }
    return this.#sort(batch, fates);
  }

  end(summary: Readonly<Summary>): void | Promise<void> {
    return this.#processor.end?.(summary);
  }

  /** Goes on after the first record that took a promise. */
  async #transformRest(batch: Batch, fates: Fate[], first: Promise<Fate>): Promise<Transformed> {
    const pending = new Set<Promise<void>>();
    const settleAt = (at: number, fate: Promise<Fate>): void => {
      const settled = fate.then((value) => {
        fates[at] = value;
        pending.delete(settled);
      });
      pending.add(settled);
    };
    settleAt(fates.length, first);
    for (let at = fates.length + 1; at < batch.length; at++) {
      if (pending.size >= MAX_PENDING) await Promise.race(pending);
      const fate = this.#run(batch[at]);
      if (isPromise(fate)) settleAt(at, fate);
      else fates[at] = fate;
    }
    await Promise.all(pending);
    return this.#sort(batch, fates);
  }

  #sort(batch: Batch, fates: readonly Fate[]): Transformed {
    const sorter = new Sorter(this.#outputs);
    fates.forEach((fate, at) => sorter.add(batch[at], fate));
    return sorter.result();
  }

  /** Never throws and never rejects. */
  #run(record: LogRecord): Fate | Promise<Fate> {
    const { raw, place } = record;
    try {
      const result = this.#processor.record(record, new RecordContext(place));
      if (!isPromise(result)) return this.#settle(result);
      return result.then((value) => this.#settle(value)).catch((error: unknown) => failed(raw, place, error));
    } catch (error) {
      return failed(raw, place, error);
    }
  }

  #settle(result: ProcessorResult): Destination[] {
    if (result === undefined || result === null) return [];
    return (Array.isArray(result) ? result : [result]).map((item) => this.#destination(item));
  }

  #destination(item: LogRecord | RoutedRecord): Destination {
    if (!isRouted(item)) return { output: this.#outputs.defaultOutput, record: settled(item) };
    const { output, record } = item;
    if (output !== "dropped" && !Object.hasOwn(this.#outputs.outputs, output)) {
      throw new TypeError(`output must be one of the pipeline's outputs, got ${JSON.stringify(output)}`);
    }
    return { output, record: settled(record) };
  }
}

class RecordContext implements ProcessorContext {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  create(fields: Fields): LogRecord {
    return new MadeRecord(this.#place, fields);
  }
}

/** A changed record gets its line now, so that what JSON cannot hold is the failure of the record that holds it. */
function settled(record: LogRecord): LogRecord {
  const isRecord = typeof record === "object" && record?.raw instanceof Uint8Array && typeof record.place === "object";
  if (!isRecord) throw new TypeError("record must return records, use context.create for new ones");
  return record.changed ? new MadeRecord(record.place, record.fields) : record;
}

function isRouted(item: LogRecord | RoutedRecord): item is RoutedRecord {
  return typeof (item as Partial<RoutedRecord>)?.output === "string" && !("raw" in item);
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined)?.then === "function";
}

/** The record as it was read: what the processor assigned before it failed is left out. */
function failed(raw: Uint8Array, place: Place, error: unknown): FailedRecord {
  const { name = "Error", message = typeof error } = (error ?? {}) as Partial<Error>;
  return { raw, place, reason: `${name}: ${message}`.slice(0, MAX_REASON_LENGTH) };
}

class ReadRecord implements LogRecord {
  readonly changed = false;

  constructor(
    readonly raw: Uint8Array,
    readonly place: Place,
  ) {}

  get fields(): Readonly<Fields> {
    return JSON.parse(Buffer.from(this.raw).toString()) as Fields;
  }
}

/** Sorts the records of a batch by output; each output gets them in the order of the input, failed ones included. */
class Sorter {
  readonly #outputs: OutputsSettings;
  readonly #routed = new Map<string, Batch>();
  readonly #dropped: Batch = [];
  #failed = 0;

  constructor(outputs: OutputsSettings) {
    this.#outputs = outputs;
  }

  add(record: LogRecord, fate: Fate): void {
    if (!Array.isArray(fate)) this.#addFailed(fate);
    else if (fate.length === 0) this.#dropped.push(record);
    else for (const destination of fate) this.#addTo(destination);
  }

  result(): Transformed {
    const routed = [...this.#routed].map(([output, records]) => ({ output, records }));
    return { routed, dropped: this.#dropped, failed: this.#failed };
  }

  #addFailed({ raw, place, reason }: FailedRecord): void {
    this.#failed++;
    const { outputs, defaultOutput } = this.#outputs;
    if (Object.hasOwn(outputs, "invalid")) {
      this.#addTo({ output: "invalid", record: invalidRecord({ raw, place, reason }) });
    } else if (defaultOutput !== undefined) {
      this.#addTo({ output: defaultOutput, record: new ReadRecord(raw, place) });
    }
  }

  #addTo({ output, record }: Destination): void {
    if (output === undefined || output === "dropped") return void this.#dropped.push(record);
    const records = this.#routed.get(output);
    if (records) records.push(record);
    else this.#routed.set(output, [record]);
  }
}
