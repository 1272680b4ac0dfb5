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

/** Within CLS's limits of 10,000 logs and 5 MB a group, 10 groups and 6 MB a request; counts encoded logs and labels. */
const LIMITS = { items: 5_000, bytes: 2 * 1024 * 1024 };

/** Maximum groups that CLS accepts in one request. */
const MAX_GROUPS = 5;

/** Maximum bytes of a value that CLS accepts. */
const MAX_VALUE_BYTES = 1024 * 1024;

/**
 * zlib's default level, because CLS bills the compressed bytes that are written: one level less takes a third less time,
 * but costs more. More memory and larger chunks than the default save a tenth of the time.
 */
const PACKING = { memLevel: 9, chunkSize: 64 * 1024 };

const pack = promisify(deflateRaw);

interface Item {
  readonly log: Stretch;
  readonly origin: Origin;
}

/** The group properties derived from a record's labels. */
interface Origin {
  /** Equal for equal labels. */
  readonly key: string;
  readonly group: Omit<ClsLogGroup, "logs">;
  readonly bytes: number;
}

/**
 * Logs of a topic, at least once: each has a `log_id`, its own or one that is the same at each delivery of the record.
 *
 * CLS stores only text: other values are written as JSON, and values over 1 MiB are truncated. Names that begin with `_`
 * are reserved in CLS and get the prefix `x`. `__TIMESTAMP__`, in milliseconds, is the log's time. If it is missing, the
 * time of the invocation is used; so it is if it is not a valid time, and it is then written like any other field. A
 * record's labels become the source and the tags of its log.
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
    // Counted as if each record had its own group: which records share one is only known when the request is built.
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

  /** Records with the same labels share the object. */
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
      // Requests that CLS has accepted are not repeated in a retry.
      for (; taken < bodies.length; taken++) {
        await this.context.connections.cls.push(this.#settings, bodies[taken], signal);
      }
      return bodies.reduce((sum, { length }) => sum + length, 0);
    };
  }
}

const NO_LABELS: ClsLabels = {};

/** The groups of each request: logs with the same labels share a group, in order. */
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

/** Writes a record's fields as the contents of a log. */
class Contents implements FieldTaker {
  /** The log's own time, if the record has one. */
  time: number | undefined;
  isCut = false;
  readonly #encoder: LogEncoder;
  /** The index of the time's name. */
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

/** The beginning of a value, up to CLS's limit. */
function startOf(text: string): string {
  if (text.length * 3 <= MAX_VALUE_BYTES || Buffer.byteLength(text) <= MAX_VALUE_BYTES) return text;
  // A character split by the cut decodes to the replacement character.
  return Buffer.from(text)
    .subarray(0, MAX_VALUE_BYTES)
    .toString()
    .replace(/\ufffd{1,2}$/u, "");
}

function timeOf(value: FieldValue | undefined): number | undefined {
  const time = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof time === "number" && Number.isSafeInteger(time) && time > 0 ? time : undefined;
}
