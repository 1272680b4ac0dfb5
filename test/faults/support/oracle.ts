import { type ObjectOutcome, readObject } from "../../../functions/handlers/cos-batch/cos-batch";
import { Session } from "../../../functions/invocation/session";
import type { Processor } from "../../../functions/processors/processor";
import type { LogRecord } from "../../../functions/records/contracts";
import type { CosBatchSettings } from "../../../functions/settings";
import type { RetryPolicy } from "../../../functions/tencent/retry";
import { CosClient } from "../../../functions/tencent/cos-client";
import type { CosServer } from "../../functions/support/cos-server";
import type { Fault } from "../../functions/support/faults";

/** An output record: its place and its text. */
export type Seen = string;

/** The expected result of a read. */
export type Expectation =
  /** Every record, once, in order. */
  | "all"
  /** The records before the fault, once, in order, and the expected failure. */
  | { readonly kind: "transient" | "permanent"; readonly code: string };

/** One object, read once with these faults. */
export interface Case {
  readonly name: string;
  readonly content: Buffer;
  readonly records: readonly Seen[];
  /** Faults of the first, second, ... request; later requests succeed, or fail like the last if `endless`. */
  readonly faults: readonly Fault[];
  readonly endless?: boolean;
  /** Whether the first fault occurs in each request for the whole object, and the others in those for the rest. */
  readonly resumed?: boolean;
  /** Consecutive attempts that can return no bytes. @default 5 */
  readonly retries?: number;
  /** Replaces the object after its first request has been answered. */
  readonly replacement?: { readonly content: Buffer; readonly records: readonly Seen[] };
  readonly expect: Expectation;
  /** How the object is read. @default as JSON lines */
  readonly reading?: Pick<CosBatchSettings, "content" | "compressions">;
}

/** Counts of the cases, for the final report. */
export class Tally {
  reads = 0;
  faults = 0;
  readonly kinds = new Set<string>();
  readonly cuts = new Set<string>();

  count(content: Buffer, reached: number, fault: Fault): void {
    this.faults++;
    this.kinds.add(kindOf(fault));
    if ("afterBytes" in fault) this.cuts.add(`${content.length}:${reached + fault.afterBytes}`);
  }

  toString(): string {
    return `${this.reads} reads, ${this.cuts.size} cuts, ${this.faults} faults of ${this.kinds.size} kinds`;
  }
}

function kindOf(fault: Fault): string {
  const eTag = fault.eTag === undefined ? "" : ` etag ${fault.eTag}`;
  if (fault.type === "status") return `status ${fault.statusCode} ${fault.code} ${fault.document ?? "xml"}${eTag}`;
  return `${fault.type} ${"how" in fault ? fault.how : ""}${eTag}`;
}

/** The records of complete content, found by a simple implementation: split, parse, keep objects. */
export function recordsOf(text: Buffer): Seen[] {
  const records: Seen[] = [];
  let byte = 0;
  text
    .toString("latin1")
    .split("\n")
    .forEach((line, index) => {
      if (isObject(line)) records.push(seen(index + 1, byte, line.replace(/\r$/, "")));
      byte += line.length + 1;
    });
  return records;
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(line, "latin1").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** An expected record. */
export function seen(line: number, byte: number, raw: string): Seen {
  return `${line}@${byte} ${raw}`;
}

const RETRY = { retries: 5, baseDelayMs: 1, maxDelayMs: 4 };
const BUCKET = "logs-1250000000";
const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1024 * 1024,
};

/** A server counts the requests for each key, so cases do not share keys. */
let keys = 0;

/** Runs cases against COS, some concurrently, and checks each; throws failures with the case's name. */
export async function runCases(cos: CosServer, cases: readonly Case[], tally: Tally, atOnce: number): Promise<void> {
  const waiting = cases.map((one) => ({ one, key: `${++keys}${isGzip(one.content) ? ".gz" : ".jsonl"}` }));
  for (const { one, key } of waiting) cos.objects.set(`${BUCKET}/${key}`, one.content);
  const byName = new Map(waiting.map(({ one, key }) => [`${BUCKET}/${key}`, one]));
  cos.fault = (request, earlier) => {
    const one = byName.get(request.object) as Case;
    if (one.replacement && earlier === 0) setImmediate(() => cos.objects.set(request.object, replacementOf(one)));
    const turn = one.resumed ? turnOf(request.object, request.range !== undefined) : earlier;
    const fault = one.faults[one.endless ? Math.min(turn, one.faults.length - 1) : turn];
    if (fault) tally.count(one.content, Number(/\d+/.exec(request.range ?? "")?.[0] ?? 0), fault);
    return fault;
  };
  const resumes = new Map<string, number>();
  const turnOf = (object: string, resumed: boolean): number => {
    if (!resumed) return 0;
    const turn = (resumes.get(object) ?? 0) + 1;
    resumes.set(object, turn);
    return turn;
  };
  const wrong: string[] = [];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      wrong.push(...(await runCase(next.one, next.key, tally)));
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    cos.objects.clear();
  }
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${cases.length} reads went wrong:\n${wrong.slice(0, 9).join("\n")}`);
}

async function runCase(one: Case, key: string, tally: Tally): Promise<string[]> {
  tally.reads++;
  // On a busy machine anything can take a second, so the timeout is only short if silence is the fault.
  const client = new CosClient({ idleTimeoutMs: fallsSilent(one) ? 2_500 : 30_000 });
  const records: Seen[] = [];
  const take = (record: LogRecord) =>
    records.push(seen(record.place.line, record.place.byte, Buffer.from(record.raw).toString("latin1")));
  const retry = { ...RETRY, ...(one.retries !== undefined && { retries: one.retries }) };
  const session = new SeeingSession(retry, client, take);
  const outcome = await readObject(
    session,
    { bucket: BUCKET, region: "ap-guangzhou", key },
    { ...SETTINGS, ...one.reading },
  );
  await session.close();
  const fault = faultOf(one, records, outcome);
  return fault === undefined ? [] : [`${one.name}: ${fault}; outcome ${JSON.stringify(outcome)}`];
}

/** An invocation whose processor records each record. */
class SeeingSession extends Session {
  readonly #take: (record: LogRecord) => void;

  constructor(retry: RetryPolicy, client: CosClient, take: (record: LogRecord) => void) {
    super({}, SETTINGS, retry, client);
    this.#take = take;
  }

  override get processor(): Processor {
    const process: Processor["process"] = (batch) => {
      batch.forEach(this.#take);
      return { routed: [], dropped: [], failed: 0 };
    };
    return { check: "json", process, end: () => undefined };
  }
}

/** The differences of a read from its expectation. */
function faultOf(one: Case, records: readonly Seen[], outcome: ObjectOutcome): string | undefined {
  const { failure } = outcome;
  // An object that is replaced before it produced a line is read again from its start.
  const startedOver = one.replacement !== undefined && failure === undefined;
  const whole = (startedOver && one.replacement?.records) || one.records;
  const wrong = records.findIndex((record, index) => record !== whole[index]);
  if (wrong >= 0) return `record ${wrong} must be ${whole[wrong] ?? "none"}, got ${records[wrong]}`;
  if (outcome.records !== records.length) return `${records.length} records came out`;
  if (one.expect === "all" || startedOver) {
    if (failure) return "it must not fail";
    return records.length === whole.length ? undefined : `${whole.length} records must come out, got ${records.length}`;
  }
  const { kind, code } = one.expect;
  return failure?.kind === kind && failure.code === code ? undefined : `it must fail as ${kind} ${code}`;
}

function fallsSilent({ faults }: Case): boolean {
  return faults.some((fault) => /silence|stall/.test(`${fault.type} ${"document" in fault ? fault.document : ""}`));
}

function replacementOf(one: Case): Buffer {
  return one.replacement?.content ?? one.content;
}

function isGzip(content: Buffer): boolean {
  return content[0] === 0x1f && content[1] === 0x8b;
}
