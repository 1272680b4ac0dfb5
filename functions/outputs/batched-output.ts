import type { OutgoingRecord, OutputReport } from "../records/contracts";
import { logError } from "../runtime/log";
import { Batcher, type ParcelLimits } from "./batcher";
import { encodeOrFail, type InputOutput, type OutputContext } from "./context";
import { type KeptRecord, OwnRecords, packRecords, unpackRecords } from "./kept-records";
import { LogIds } from "./log-id";
import type { KeptParcel, NotTaken, Parcel } from "./parcel";
import { PartlyTakenError, RefusedRecordsError } from "./partly-taken";
import { Sender } from "./sender";

/** A record as a kind of output encodes it for its requests. */
interface Made<Item> {
  readonly item: Item;
  /** Number of bytes that count toward the limit. */
  readonly bytes: number;
  /** Whether a part of the record was left out because the destination accepts no more. */
  readonly isCut?: boolean;
}

interface Entry<Item> extends KeptRecord, Made<Item> {}

/**
 * An output that sends its records in requests, in order and at least once. Each record has a `log_id`, which is the same
 * at each delivery of the input and for a batch that is redelivered from quarantine.
 */
export abstract class BatchedOutput<Item> implements InputOutput {
  readonly keptAs = "records";
  readonly #sender: Sender;
  readonly #batcher: Batcher<Entry<Item>>;
  readonly #ids: LogIds;
  readonly #own = new OwnRecords();
  #cut = 0;
  /** Prefix of the names of all parcels: two parcels must not use the same keys in quarantine. */
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
   * @param record can be retained
   * @param id its `log_id`
   * @param given the same record as it was written; must not be retained, but can provide its fields faster
   * @throws if the destination cannot accept the record: then it fails alone
   */
  protected abstract make(record: OutgoingRecord, id: string, given: OutgoingRecord): Made<Item>;

  /**
   * Returns the function that sends a request, and sends it again in a retry; it resolves to the bytes sent. If the
   * destination answers for each record, only the missing ones are sent again, and it rejects with a
   * {@link PartlyTakenError}.
   */
  protected abstract request(items: readonly Item[]): (signal: AbortSignal) => Promise<number>;

  /** Resolves when the next request can be sent. */
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

  /** The names of halves derive from the name of the whole, so that they also depend on the input alone. */
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

  /** Refused records are stored separately: they need a look, while the rest only needs to be sent again. */
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
