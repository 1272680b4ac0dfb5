import { deflateRaw } from "node:zlib";
import { promisify } from "node:util";
import type { Batch, ClsLabels, Fields, FieldValue, LogRecord, OutputReport } from "../records";
import type { ClsOutputSettings } from "../settings";
import { Batcher } from "./batcher";
import type { InputOutput, OutputContext } from "./context";
import { Delivery } from "./delivery";
import { gzipLines } from "./lines";
import { type ClsLog, type ClsLogGroup, encodeLogGroupList } from "./log-group";
import { LogIds } from "./log-id";

/** Within CLS's limits of 10,000 logs and 5 MB a group. */
const LIMITS = { items: 5_000, bytes: 2 * 1024 * 1024 };

/** Most groups that CLS takes in one request. */
const MAX_GROUPS = 5;

/** Longest value that CLS takes, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024;

const pack = promisify(deflateRaw);

interface Item {
  readonly record: LogRecord;
  readonly log: ClsLog;
}

/**
 * Logs of a topic, at least once: each carries `log_id`, the same at each delivery of the same record, or its own.
 *
 * CLS keeps text only: other values are written as JSON, and a value over 1 MiB is cut. CLS keeps names that begin with
 * `_` to itself: such a one gets an `x` in front. `__TIMESTAMP__`, in milliseconds, is the log's time; without it that is
 * the time of the invocation. A record's labels become the source and the tags of its log.
 */
export class ClsOutput implements InputOutput {
  readonly #settings: ClsOutputSettings;
  readonly #context: OutputContext;
  readonly #delivery: Delivery;
  readonly #batcher = new Batcher<Item>(LIMITS);
  readonly #ids: LogIds;
  readonly #now = Date.now();

  constructor(settings: ClsOutputSettings, context: OutputContext) {
    this.#settings = settings;
    this.#context = context;
    this.#delivery = new Delivery(context);
    this.#ids = new LogIds(context.output, context.input.path, context.stream);
  }

  async write(batch: Batch): Promise<void> {
    for (const record of batch) {
      const log = toLog(record.fields, this.#ids.next(record), this.#now);
      const parcel = this.#batcher.add({ record, log }, sizeOf(log));
      if (parcel) await this.#push(parcel.name, parcel.items);
    }
  }

  async flush(): Promise<void> {
    const rest = this.#batcher.take();
    if (rest) await this.#push(rest.name, rest.items);
    await this.#delivery.end();
  }

  report(): OutputReport {
    return this.#delivery.report();
  }

  discard(): void {
    this.#batcher.take();
  }

  async #push(name: string, items: readonly Item[]): Promise<void> {
    const bodies = await Promise.all(requestsOf(items).map((groups) => pack(encodeLogGroupList(groups))));
    await this.#delivery.push({
      name: this.#context.stream + name,
      records: items.length,
      send: async (signal) => {
        for (const body of bodies) await this.#context.connections.cls.push(this.#settings, body, signal);
        return bodies.reduce((sum, { length }) => sum + length, 0);
      },
      lines: () => gzipLines(items.map(({ record }) => record)),
    });
  }
}

/** The groups of each request: logs of the same labels share a group, in their order. */
function requestsOf(items: readonly Item[]): ClsLogGroup[][] {
  const groups = new Map<string, ClsLogGroup & { readonly logs: ClsLog[] }>();
  for (const { log, record } of items) {
    const key = record.labels === undefined ? "" : JSON.stringify(record.labels);
    const group = groups.get(key) ?? { ...originOf(record.labels), logs: [] };
    groups.set(key, group);
    group.logs.push(log);
  }
  const all = [...groups.values()];
  const starts = Array.from({ length: Math.ceil(all.length / MAX_GROUPS) }, (_, index) => index * MAX_GROUPS);
  return starts.map((start) => all.slice(start, start + MAX_GROUPS));
}

function originOf({ source, tags, topic }: ClsLabels = {}): Omit<ClsLogGroup, "logs"> {
  return { source, tags: Object.entries({ ...(topic !== undefined && { topic }), ...tags }) };
}

function toLog(fields: Readonly<Fields>, id: string, now: number): ClsLog {
  const contents: [string, string][] = Object.hasOwn(fields, "log_id") ? [] : [["log_id", id]];
  for (const [name, value] of Object.entries(fields)) {
    if (name !== "__TIMESTAMP__") contents.push([keyOf(name), textOf(value)]);
  }
  return { time: timeOf(fields.__TIMESTAMP__) ?? now, contents };
}

function keyOf(name: string): string {
  return name === "" || name.startsWith("_") ? `x${name}` : name;
}

function textOf(value: FieldValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
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

function sizeOf({ contents }: ClsLog): number {
  return contents.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}
