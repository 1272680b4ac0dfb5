import {
  type Alert,
  type AlertOutcome,
  type AlertSender,
  type MonitorFile,
  redacted,
  type StateStore,
  toldOf,
} from "../../../monitor";
import { logError } from "../../runtime/log";
import type { Network } from "../../settings";
import { ClsClient } from "../../tencent/cls-client";
import { type Credentials, readCredentials } from "../../tencent/credentials";
import { HttpClient } from "../../tencent/http";
import { ReceiverClient } from "./client";
import { type Clock, REAL_CLOCK } from "./clock";
import { Heartbeat } from "./heartbeat";
import { KeptAlerts } from "./kept-alerts";
import { type Drained, ReceiverQueue } from "./queue";
import { TOO_MANY } from "./receiver-error";
import { RecordTopic } from "./record-topic";

/** Dependencies and options of the sender. */
export interface SenderOptions {
  readonly file: MonitorFile;
  /** Where alerts that cannot be sent are kept, and below which prefix: `monitor/alerts/`. */
  readonly quarantine: { readonly store: StateStore; readonly prefix: string };
  /** Contains the addresses of receivers. @default `process.env` */
  readonly environment?: NodeJS.ProcessEnv;
  /** The network over which the record topic is reached. @default "public" */
  readonly recordsNetwork?: Network;
  /** Keys for writing to the record topic. @default those of the function's role */
  readonly credentials?: () => Credentials;
  /** Reports to the operator, one line per call. @default to stderr */
  readonly tell?: (text: string) => void;
  /** Called with each outcome, for metrics. */
  readonly onOutcome?: (alert: Alert, outcome: AlertOutcome) => void;
  /** @default the real one */
  readonly clock?: Clock;
  /** Milliseconds without a byte, while one is awaited, after which a receiver has not answered. @default 10000 */
  readonly answerMs?: number;
}

/** Milliseconds for which {@link WebhookSender.close} waits for answers. */
const ENDING_MS = 3_000;

/**
 * Sends alerts to receivers by webhooks: to all receivers of an alert's routes in parallel, each with its own rate, order,
 * retries and quarantine. The owner calls {@link drain} each minute, and {@link close} at the end.
 *
 * The order is kept within one process: alerts kept by another process are sent at the next drain.
 */
export class WebhookSender implements AlertSender {
  readonly #file: MonitorFile;
  readonly #queues: ReadonlyMap<string, ReceiverQueue>;
  readonly #http: HttpClient;
  readonly #cls: ClsClient;
  readonly #records: RecordTopic | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #clock: Clock;
  readonly #tell: (text: string) => void;
  readonly #onOutcome: SenderOptions["onOutcome"];
  readonly #closing = new AbortController();
  readonly #ending = new AbortController();
  readonly #under = new Set<Promise<unknown>>();

  constructor(options: SenderOptions) {
    const { file, quarantine, environment = process.env, credentials = readCredentials, tell = logError } = options;
    const { clock = REAL_CLOCK, answerMs = 10_000 } = options;
    const { heartbeat, receivers, records } = file;
    this.#file = file;
    this.#clock = clock;
    this.#tell = tell;
    this.#onOutcome = options.onOutcome;
    this.#http = new HttpClient(answerMs);
    this.#cls = new ClsClient(answerMs, credentials);
    this.#records = records && new RecordTopic({ ...records, network: options.recordsNetwork }, this.#cls, file, tell);
    const context = { file, http: this.#http, environment, clock };
    const closing = this.#closing.signal;
    const ending = this.#ending.signal;
    const queues = Object.entries(receivers).map(([name, receiver]) => {
      const client = new ReceiverClient(name, receiver, context);
      const kept = new KeptAlerts(quarantine.store, quarantine.prefix, name, tell);
      return [name, new ReceiverQueue({ client, kept, clock, tell, closing, ending })] as const;
    });
    this.#queues = new Map(queues);
    if (heartbeat) {
      const client = new ReceiverClient(heartbeat.to, receivers[heartbeat.to], context);
      const format = receivers[heartbeat.to].format;
      this.#heartbeat = new Heartbeat({ client, format, everyMs: heartbeat.everyMs, clock, tell, ending });
    }
  }

  send(alert: Alert): Promise<readonly AlertOutcome[]> {
    return this.#track(this.#send(alert));
  }

  /** Sends the kept alerts of all receivers in parallel. Never rejects: failures are reported, and the alerts stay kept. */
  drain(): Promise<Readonly<Record<string, Drained>>> {
    return this.#track(this.#drain());
  }

  /** Call it at intervals, with whether all sources were read since the last call. Never rejects. */
  beat(allRead: boolean): Promise<void> {
    return this.#track(this.#heartbeat?.beat(allRead) ?? Promise.resolve());
  }

  /** Begins nothing new; resolves when alerts in progress are sent or kept, within seconds. */
  async close(): Promise<void> {
    const reason = new Error("this process ends");
    this.#closing.abort(reason);
    const timer = setTimeout(() => this.#ending.abort(reason), ENDING_MS);
    await Promise.allSettled(this.#under);
    clearTimeout(timer);
    this.#http.close();
    this.#cls.close();
  }

  #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#under.add(work);
    const done = () => void this.#under.delete(work);
    work.then(done, done);
    return work;
  }

  async #send(alert: Alert): Promise<readonly AlertOutcome[]> {
    const startedAt = this.#clock.now();
    const monitor = this.#file.monitors.find(({ name }) => name === alert.monitor);
    const safe = redacted(alert, monitor?.sample.redact ?? []);
    const outcomes = await this.#tellAll(safe, monitor ? toldOf(monitor, safe) : []);
    if (outcomes.length === 0) {
      const why = monitor ? `no route of it fits ${JSON.stringify(safe.labels)}` : "the definition has no such monitor";
      this.#tell(`alert ${safe.id} of monitor ${safe.monitor} reaches nobody: ${why}`);
    }
    for (const outcome of outcomes) this.#onOutcome?.(safe, outcome);
    await this.#records?.write({ alert: safe, outcomes, startedAt, endedAt: this.#clock.now() });
    return outcomes;
  }

  async #tellAll(alert: Alert, told: ReturnType<typeof toldOf>): Promise<AlertOutcome[]> {
    // No receiver gets an alert twice: neither as the fallback of two, nor as a fallback that is also a direct receiver.
    const known = new Set(told.map(({ receiver }) => receiver));
    const outcomes = await Promise.all(
      told.map(async ({ receiver, fallbacks }) => {
        const first = await this.#deliver(receiver, alert);
        if (first.outcome === "taken" || first.code === TOO_MANY) return [first];
        const others = fallbacks.filter((name) => !known.has(name) && known.add(name));
        return [first, ...(await Promise.all(others.map((name) => this.#deliver(name, alert))))];
      }),
    );
    return outcomes.flat();
  }

  async #deliver(receiver: string, alert: Alert): Promise<AlertOutcome> {
    const queue = this.#queues.get(receiver);
    if (queue) return queue.deliver(alert);
    this.#tell(`receiver ${receiver} must be one of ${[...this.#queues.keys()].join(", ")}; alert ${alert.id} failed`);
    return { receiver, outcome: "failed", ms: 0, attempts: 0, code: "LOGS_ALERT_RECEIVER" };
  }

  async #drain(): Promise<Record<string, Drained>> {
    const entries = await Promise.all(
      [...this.#queues].map(async ([name, queue]) => {
        try {
          return [[name, await queue.drain()] as const];
        } catch (error) {
          this.#tell(`what receiver ${name} did not take could not be told again: ${(error as Error).message}`);
          return [];
        }
      }),
    );
    return Object.fromEntries(entries.flat());
  }
}
