import type { OutgoingRecord, OutputReport } from "../records/contracts";
import { logError } from "../runtime/log";
import { Batcher, type ParcelLimits } from "./batcher";
import { encodeOrFail, type InputOutput, type OutputContext } from "./context";
import { type KeptRecord, OwnRecords, packRecords, unpackRecords } from "./kept-records";
import { LogIds } from "./log-id";
import type { KeptParcel, NotTaken, Parcel } from "./parcel";
import { PartlyTakenError, RefusedRecordsError } from "./partly-taken";
import { Sender } from "./sender";

/** What a kind of output makes of one record, for its requests. */
interface Made<Item> {
  readonly item: Item;
  /** What it takes of the limit. */
  readonly bytes: number;
  /** Whether something of the record was left out, since the destination takes no more of it. */
  readonly isCut?: boolean;
}

interface Entry<Item> extends KeptRecord, Made<Item> {}

/**
 * An output that sends its records in requests, in order and at least once. Each record has a `log_id`, the same at each
 * delivery of the input, and of a batch that comes back from quarantine.
 */
export abstract class BatchedOutput<Item> implements InputOutput {
  readonly keptAs = "records";
  readonly #sender: Sender;
  readonly #batcher: Batcher<Entry<Item>>;
  readonly #ids: LogIds;
  readonly #own = new OwnRecords();
  #cut = 0;
  /** Begins the names of all parcels: what is kept of one must not lie where another lies. */
  #prefix: string;

  constructor(
    protected readonly context: OutputContext,
    limits: ParcelLimits,
  ) {
    this.#sender = new Sender(context);
    this.#batcher = new Batcher(limits, context.resumed?.parcels);
    this.#prefix = context.stream;
    this.#ids = new LogIds(context.output, context.input.path, context.stream);
  }

  /**
   * @param record which may be kept
   * @param id its `log_id`
   * @param given the same as it was written, which may not be kept; it may tell of its fields faster
   * @throws where the record cannot be what the destination takes: it fails alone then
   */
  protected abstract make(record: OutgoingRecord, id: string, given: OutgoingRecord): Made<Item>;

  /**
   * What sends a request, once or again; it resolves to the bytes that it took. Where the destination tells of each record, it
   * sends only those again that are not there, and rejects with a {@link PartlyTakenError}.
   */
  protected abstract request(items: readonly Item[]): (signal: AbortSignal) => Promise<number>;

  /** Resolves when the next request may be sent. */
  protected turn?(signal: AbortSignal): Promise<void>;

  async write(batch: readonly OutgoingRecord[]): Promise<void> {
    for (const record of batch) {
      const entry = encodeOrFail(this.context, record, () =>
        this.#entryOf(this.#own.own(record), this.#ids.next(record), record),
      );
      const busy = entry && this.#add(entry);
      if (busy) await busy;
    }
  }

  check(batch: readonly OutgoingRecord[]): void {
    for (const record of batch) {
      encodeOrFail(this.context, record, () => this.make(this.#own.own(record), this.#ids.next(record), record));
    }
  }

  async flush(): Promise<void> {
    const rest = this.#batcher.take();
    if (rest) await this.#push(rest.name, rest.items);
    await this.#sender.end();
    const { input, output } = this.context;
    if (this.#cut > 0) logError(`${input.name}: output ${output} cut ${this.#cut} record(s), longer than it takes`);
  }

  resumesAt(next: number): number {
    return next;
  }

  async pause(): Promise<{ parcels: number }> {
    await this.flush();
    return { parcels: this.#batcher.count };
  }

  report(): OutputReport {
    return {
      ...this.#sender.report(),
      ...(this.#cut > 0 && { cut: this.#cut }),
    };
  }

  async discard(): Promise<void> {
    this.#batcher.take();
    await this.#sender.ended();
  }

  async redeliver({ name, lines }: KeptParcel): Promise<void> {
    this.#prefix = `${name}.again-`;
    for (const { id, record } of unpackRecords(lines, this.context.input.name)) {
      const entry = encodeOrFail(this.context, record, () => this.#entryOf(record, id), id);
      if (entry) await this.#add(entry);
    }
    await this.flush();
  }

  #entryOf(record: OutgoingRecord, id: string, given = record): Entry<Item> {
    const made = this.make(record, id, given);
    if (made.isCut) this.#cut++;
    return { id, record, ...made };
  }

  #add(entry: Entry<Item>): Promise<void> | undefined {
    const full = this.#batcher.add(entry, entry.bytes);
    return full && this.#push(full.name, full.items);
  }

  #push(name: string, entries: readonly Entry<Item>[]): Promise<void> {
    return this.#sender.push(this.#parcel(this.#prefix + name, entries));
  }

  /** The names of halves are made of that of the whole, so that they too depend on the input alone. */
  #parcel(name: string, entries: readonly Entry<Item>[]): Parcel {
    const middle = Math.ceil(entries.length / 2);
    const halves = () => [
      this.#parcel(`${name}.0`, entries.slice(0, middle)),
      this.#parcel(`${name}.1`, entries.slice(middle)),
    ];
    return {
      name,
      records: entries.length,
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(entries.length > 1 && { halves }),
      notTaken: (error) => (error instanceof PartlyTakenError ? this.#notTaken(name, entries, error) : undefined),
      turn: async (signal) => this.turn?.(signal),
      send: this.request(entries.map(({ item }) => item)),
      lines: () => packRecords(entries),
      keptAs: this.keptAs,
    };
  }

  /** What was refused lies by itself: it is to be looked at, and the rest need only be sent again. */
  #notTaken(name: string, entries: readonly Entry<Item>[], error: PartlyTakenError): NotTaken[] {
    const parts: NotTaken[] = [];
    if (error.refused.length > 0) {
      const records = error.refused.map(({ index, code, message }) => ({ log_id: entries[index].id, code, message }));
      const refused = error.refused.map(({ index }) => entries[index]);
      parts.push({
        parcel: this.#parcel(`${name}.refused`, refused),
        error: new RefusedRecordsError(records, entries.length),
      });
    }
    const waiting = error.waiting.map((index) => entries[index]);
    if (waiting.length > 0) parts.push({ parcel: this.#parcel(name, waiting), error });
    return parts;
  }
}
