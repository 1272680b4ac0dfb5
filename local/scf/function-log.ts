import type { Cls } from "../cls/cls";
import type { ClsRecord } from "../cls/record";
import type { FunctionSpec } from "./function-spec";
import { cutText, MAX_LINE_BYTES, type LogLine } from "./log";
import type { Outcome } from "./worker";

/** How SCF writes function logs to their topics. */
export interface FunctionLogOptions {
  /** Real time from a line to its record in the topic, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /**
   * Whether lines of Node.js begin with time, request id and level, as in 2020. Fact:
   * docs/design/facts/runtime.md#function-log.
   * @default false
   */
  readonly prefix?: boolean;
}

/** One run of a request. */
interface Run {
  readonly spec: FunctionSpec;
  readonly requestId: string;
  /** 1 for the first run, more for a retry. */
  readonly attempt: number;
}

/**
 * Writes function logs to their topics in CLS: each line after a delay, in order. Times are the machine's, like those
 * of the functions, independent of the cloud's clock.
 */
export class FunctionLogs {
  private readonly delayMs: number;
  private readonly prefix: boolean;
  /** Records of this turn of the event loop, by topic. */
  private batch = new Map<string, ClsRecord[]>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private last: Promise<void> = Promise.resolve();
  private waiters: (() => void)[] = [];
  private underway = 0;

  constructor(
    private readonly cls: Cls,
    { delayMs = 0, prefix = false }: FunctionLogOptions = {},
  ) {
    this.delayMs = delayMs;
    this.prefix = prefix;
  }

  /** Begins the log of a run. Without a topic, it is discarded. */
  open(run: Run): RequestLog {
    const { logTopic } = run.spec;
    const write = (record: ClsRecord): void =>
      logTopic === undefined ? undefined : this.add(logTopic.topicId, record);
    return new RequestLog(run, this.prefix && run.spec.runtime.startsWith("Nodejs"), write);
  }

  /** Resolves when all lines have reached their topics. */
  async delivered(): Promise<void> {
    if (this.underway > 0) await new Promise<void>((resolve) => this.waiters.push(resolve));
    await this.last;
  }

  /** Discards lines that have not reached their topic. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.batch.clear();
    this.underway = 0;
    this.release();
  }

  private add(topicId: string, record: ClsRecord): void {
    const records = this.batch.get(topicId);
    if (records) return void records.push(record);
    this.batch.set(topicId, [record]);
    if (this.batch.size === 1) this.schedule();
  }

  private schedule(): void {
    this.underway += 1;
    setImmediate(() => {
      const { batch } = this;
      this.batch = new Map();
      const timer = setTimeout(() => {
        if (this.timers.delete(timer)) this.send(batch);
      }, this.delayMs);
      this.timers.add(timer);
    });
  }

  private send(batch: ReadonlyMap<string, readonly ClsRecord[]>): void {
    this.last = this.last.then(async () => {
      // Lines for a deleted topic are dropped.
      for (const [topicId, records] of batch) await this.cls.topic(topicId)?.put(records);
    });
    void this.last
      .catch(() => undefined)
      .then(() => {
        this.underway -= 1;
        if (this.underway === 0) this.release();
      });
  }

  private release(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }
}

/** The lines of one run, in SCF's format. Fact: docs/design/facts/runtime.md#function-log. */
export class RequestLog {
  private readonly startedAt = nanoseconds();
  private lastAt = 0n;

  constructor(
    private readonly run: Run,
    private readonly prefix: boolean,
    private readonly write: (record: ClsRecord) => void,
  ) {}

  start(): void {
    this.platform(`START RequestId: ${this.run.requestId}`);
  }

  line({ stream, text }: LogLine): void {
    const level = stream === "stderr" ? "ERROR" : "INFO";
    const before = this.prefix ? `${new Date().toISOString()}\t${this.run.requestId}\t${level}\t` : "";
    this.put({ SCF_Message: before + text, SCF_Type: "Custom" });
  }

  end(outcome: Outcome): void {
    const { requestId, spec } = this.run;
    const { error, memoryMb, ms, result } = outcome;
    const ended = {
      SCF_Duration: String(ms),
      SCF_MemUsage: memoryMb.toFixed(2),
      SCF_StatusCode: String(error?.statusCode ?? 200),
    };
    if (error)
      this.platform(`ERROR RequestId: ${requestId} Result: ${reasonOf(outcome)}`, { ...ended, SCF_Level: "ERROR" });
    else this.platform(`Response RequestId: ${requestId} RetMsg: ${JSON.stringify(result ?? null)}`, ended);
    this.platform(`END RequestId: ${requestId}`, ended);
    const memory = `Memory:${spec.memoryMb}MB MemUsage:${memoryMb.toFixed(6)}MB`;
    this.platform(`Report RequestId: ${requestId} Duration:${ms}ms ${memory}`, ended);
  }

  private platform(message: string, more: Readonly<Record<string, string>> = {}): void {
    this.put({ SCF_Message: message, SCF_Type: "Platform", ...more });
  }

  private put(fields: Readonly<Record<string, string>>): void {
    const { attempt, requestId, spec } = this.run;
    const now = nanoseconds();
    // All lines of a run have different times, which define their order.
    this.lastAt = now > this.lastAt ? now : this.lastAt + 1n;
    const contents = {
      SCF_Alias: "",
      SCF_Duration: "0",
      SCF_FunctionName: spec.name,
      SCF_Level: "INFO",
      SCF_LogTime: String(this.lastAt),
      SCF_MemUsage: "0.00",
      SCF_Namespace: spec.namespace,
      SCF_Qualifier: "$LATEST",
      SCF_RequestId: requestId,
      SCF_RetryNum: String(attempt - 1),
      SCF_StartTime: String(this.startedAt / 1_000_000n),
      SCF_StatusCode: RUNNING,
      ...fields,
      SCF_Message: cutText(fields.SCF_Message ?? "", MAX_LINE_BYTES),
    };
    this.write({ time: Number(this.lastAt / 1_000_000n), contents });
  }
}

/** The status of a request in progress. */
const RUNNING = "202";

/** An error of the code is shown with its stack, one of the platform in one sentence. */
function reasonOf({ error }: Outcome): string {
  return error?.stackTrace === undefined ? (error?.errorMessage ?? "") : JSON.stringify(error);
}

/** Nanoseconds since 1970 on the machine's clock, with microsecond resolution. */
function nanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
