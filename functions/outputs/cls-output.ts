import { deflateRaw } from "node:zlib";
import { promisify } from "node:util";
import type { ClsLabels, Fields, FieldValue, OutgoingRecord } from "../records/contracts";
import type { ClsOutputSettings } from "../settings";
import { BatchedOutput } from "./batched-output";
import type { OutputContext } from "./context";
import { type ClsLog, type ClsLogGroup, encodeLogGroupList, sizeOfLog, sizeOfOrigin } from "./log-group";

/** Within CLS's limits of 10,000 logs and 5 MB a group, 10 groups and 6 MB a request; bytes are those of encoded logs and labels. */
const LIMITS = { items: 5_000, bytes: 2 * 1024 * 1024 };

/** Most groups that CLS takes in one request. */
const MAX_GROUPS = 5;

/** Longest value that CLS takes, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024;

const pack = promisify(deflateRaw);

interface Item {
  readonly log: ClsLog;
  readonly labels: ClsLabels | undefined;
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

  constructor(settings: ClsOutputSettings, context: OutputContext) {
    super(context, LIMITS);
    this.#settings = settings;
  }

  protected make({ fields, labels }: OutgoingRecord, id: string) {
    const { log, isCut } = toLog(fields, id, this.context.now);
    // As if each had a group of its own: which share one is known when the request is made.
    return { item: { log, labels }, bytes: sizeOfLog(log) + sizeOfOrigin(originOf(labels)), isCut };
  }

  protected request(items: readonly Item[]) {
    let packed: Promise<Buffer[]> | undefined;
    let taken = 0;
    return async (signal: AbortSignal) => {
      packed ??= Promise.all(requestsOf(items).map((groups) => pack(encodeLogGroupList(groups))));
      const bodies = await packed;
      // What CLS has taken of them is not sent once more.
      for (; taken < bodies.length; taken++) {
        await this.context.connections.cls.push(this.#settings, bodies[taken], signal);
      }
      return bodies.reduce((sum, { length }) => sum + length, 0);
    };
  }
}

/** The groups of each request: logs of the same labels share a group, in their order. */
function requestsOf(items: readonly Item[]): ClsLogGroup[][] {
  const groups = new Map<string, ClsLogGroup & { readonly logs: ClsLog[] }>();
  for (const { log, labels } of items) {
    const key = labels === undefined ? "" : JSON.stringify(labels);
    const group = groups.get(key) ?? { ...originOf(labels), logs: [] };
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

function toLog(fields: Readonly<Fields>, id: string, now: number): { log: ClsLog; isCut: boolean } {
  const contents: [string, string][] = Object.hasOwn(fields, "log_id") ? [] : [["log_id", id]];
  const time = timeOf(fields.__TIMESTAMP__);
  let isCut = false;
  for (const [name, value] of Object.entries(fields)) {
    if (name === "__TIMESTAMP__" && time !== undefined) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const kept = startOf(text);
    isCut ||= kept !== text;
    contents.push([keyOf(name), kept]);
  }
  return { log: { time: time ?? now, contents }, isCut };
}

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
