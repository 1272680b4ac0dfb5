import { deflateRaw } from "node:zlib";
import { promisify } from "node:util";
import type { ClsLabels, FieldValue, OutgoingRecord } from "../records/contracts";
import { type FieldTaker, handerOf, handFields } from "../records/field-taker";
import type { ClsOutputSettings } from "../settings";
import { BatchedOutput } from "./batched-output";
import type { OutputContext } from "./context";
import { type ClsLogGroup, encodeLogGroupList, LogEncoder, sizeOfOrigin } from "./log-group";
import { NameLists } from "./name-table";
import type { Stretch } from "./slabs";

/** Within CLS's limits of 10,000 logs and 5 MB a group, 10 groups and 6 MB a request; bytes are those of encoded logs and labels. */
const LIMITS = { items: 5_000, bytes: 2 * 1024 * 1024 };

/** Most groups that CLS takes in one request. */
const MAX_GROUPS = 5;

/** Longest value that CLS takes, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024;

/**
 * At zlib's default level, since CLS bills what is written by its packed bytes: a level less takes a third less time and costs more.
 * With more memory, and larger pieces, it takes a tenth less time than by default.
 */
const PACKING = { memLevel: 9, chunkSize: 64 * 1024 };

const pack = promisify(deflateRaw);

interface Item {
  readonly log: Stretch;
  readonly origin: Origin;
}

/** What the labels of a record make of its group. */
interface Origin {
  /** The same for labels that are the same. */
  readonly key: string;
  readonly group: Omit<ClsLogGroup, "logs">;
  readonly bytes: number;
}

/**
 * Logs of a topic, at least once: each carries `log_id`, the same at each delivery of the same record, or its own.
 *
 * CLS keeps text only: other values are written as JSON, and a value over 1 MiB is cut. CLS keeps names that begin with
 * `_` to itself: such a one gets an `x` in front. `__TIMESTAMP__`, in milliseconds, is the log's time; without it, or where
 * it is no time and so kept as any other, that is the time of the invocation. A record's labels become the source and the
 * tags of its log.
 */
export class ClsOutput extends BatchedOutput<Item> {
  readonly #settings: ClsOutputSettings;
  readonly #encoder = new LogEncoder(keyOf);
  readonly #contents = new Contents(this.#encoder);
  readonly #origins = new WeakMap<ClsLabels, Origin>();

  constructor(settings: ClsOutputSettings, context: OutputContext) {
    super(context, LIMITS);
    this.#settings = settings;
  }

  protected make(record: OutgoingRecord, id: string, given: OutgoingRecord) {
    const { log, isCut } = this.#logOf(handerOf(given) ?? record, id);
    const origin = this.#originOf(record.labels ?? NO_LABELS);
    // As if each had a group of its own: which share one is known when the request is made.
    return { item: { log, origin }, bytes: log.end - log.start + origin.bytes, isCut };
  }

  #logOf(record: OutgoingRecord, id: string): { log: Stretch; isCut: boolean } {
    const [encoder, contents] = [this.#encoder, this.#contents];
    contents.begin(record);
    encoder.begin(contents.time ?? this.context.now);
    if (!record.has("log_id")) encoder.text("log_id", id);
    handFields(record, contents);
    return { log: encoder.finish(), isCut: contents.isCut };
  }

  /** Records that share labels share the object. */
  #originOf(labels: ClsLabels): Origin {
    const known = this.#origins.get(labels);
    if (known) return known;
    const group = groupOf(labels);
    const origin = { key: labels === NO_LABELS ? "" : JSON.stringify(labels), group, bytes: sizeOfOrigin(group) };
    this.#origins.set(labels, origin);
    return origin;
  }

  protected request(items: readonly Item[]) {
    let packed: Promise<Buffer[]> | undefined;
    let taken = 0;
    return async (signal: AbortSignal) => {
      packed ??= Promise.all(requestsOf(items).map((groups) => pack(encodeLogGroupList(groups), PACKING)));
      const bodies = await packed;
      // What CLS has taken of them is not sent once more.
      for (; taken < bodies.length; taken++) {
        await this.context.connections.cls.push(this.#settings, bodies[taken], signal);
      }
      return bodies.reduce((sum, { length }) => sum + length, 0);
    };
  }
}

const NO_LABELS: ClsLabels = {};

/** The groups of each request: logs of the same labels share a group, in their order. */
function requestsOf(items: readonly Item[]): ClsLogGroup[][] {
  const groups = new Map<string, ClsLogGroup & { readonly logs: Stretch[] }>();
  for (const { log, origin } of items) {
    const group = groups.get(origin.key) ?? { ...origin.group, logs: [] };
    groups.set(origin.key, group);
    group.logs.push(log);
  }
  const all = [...groups.values()];
  const starts = Array.from({ length: Math.ceil(all.length / MAX_GROUPS) }, (_, index) => index * MAX_GROUPS);
  return starts.map((start) => all.slice(start, start + MAX_GROUPS));
}

function groupOf({ source, tags, topic }: ClsLabels): Omit<ClsLogGroup, "logs"> {
  return { source, tags: Object.entries({ ...(topic !== undefined && { topic }), ...tags }) };
}

/** Makes the contents of a log of a record's fields. */
class Contents implements FieldTaker {
  /** The log's own time, where the record has it. */
  time: number | undefined;
  isCut = false;
  readonly #encoder: LogEncoder;
  /** Which of the names is that of the time. */
  readonly #timeOf = new NameLists((names) => names.indexOf(TIME));

  constructor(encoder: LogEncoder) {
    this.#encoder = encoder;
  }

  begin(record: OutgoingRecord): void {
    this.time = timeOf(record.get(TIME));
    this.isCut = false;
  }

  texts(names: readonly string[], first: number, end: number, bytes: Buffer, places: Int32Array): void {
    const time = this.#timeOf.find(names);
    const textBytes = places[2 * end - 1] - places[2 * first];
    const isTimeAmongThem = time >= first && time < end;
    if (!isTimeAmongThem && textBytes <= MAX_VALUE_BYTES) return this.#encoder.texts(names, first, end, bytes, places);
    for (let name = first; name < end; name++) {
      const [start, stop] = [places[2 * name], places[2 * name + 1]];
      if (name === time || stop - start > MAX_VALUE_BYTES) this.value(names[name], bytes.toString("utf8", start, stop));
      else this.#encoder.texts(names, name, name + 1, bytes, places);
    }
  }

  value(name: string, value: FieldValue): void {
    if (name === TIME && this.time !== undefined) return;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const kept = startOf(text);
    this.isCut ||= kept !== text;
    this.#encoder.text(name, kept);
  }
}

const TIME = "__TIMESTAMP__";

function keyOf(name: string): string {
  return name === "" || name.startsWith("_") ? `x${name}` : name;
}

/** As much of a value as CLS takes. */
function startOf(text: string): string {
  if (text.length * 3 <= MAX_VALUE_BYTES || Buffer.byteLength(text) <= MAX_VALUE_BYTES) return text;
  // A character that the cut went through decodes to the replacement character.
  return Buffer.from(text)
    .subarray(0, MAX_VALUE_BYTES)
    .toString()
    .replace(/\ufffd{1,2}$/u, "");
}

function timeOf(value: FieldValue | undefined): number | undefined {
  const time = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof time === "number" && Number.isSafeInteger(time) && time > 0 ? time : undefined;
}
