import { promisify } from "node:util";
import { type Alert, type AlertOutcome, type MonitorFile, textOf, type TopicLocation } from "../../../monitor";
import { encodeLogGroupList, LogEncoder } from "../../outputs/log-group";
import type { Network } from "../../settings";
import { builtin } from "../../tencent/builtin";
import type { ClsClient } from "../../tencent/cls-client";
import { type RetryPolicy, withRetries } from "../../tencent/retry";

/** An alert as it was sent, and what became of it. */
export interface AlertRecord {
  readonly alert: Alert;
  readonly outcomes: readonly AlertOutcome[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The topic, and over which network it is reached. @default the public one */
type RecordsPlace = TopicLocation & { readonly network?: Network };

/** Longest text that is recorded, in characters: CLS keeps 1 MiB of a value. */
const MOST_CHARACTERS = 100_000;

/** About two seconds of trying: whoever waits for the alert waits for its record as well. */
const RETRY: RetryPolicy = { retries: 3, baseDelayMs: 200, maxDelayMs: 1_000 };

/** Milliseconds that a record may take. */
const RECORD_MS = 5_000;

/**
 * A topic that keeps each alert as one log, with its receivers' answers and its delays. What cannot be written is told, and
 * fails no alert.
 */
export class RecordTopic {
  readonly #topic: RecordsPlace;
  readonly #cls: ClsClient;
  readonly #file: Pick<MonitorFile, "monitors" | "sources" | "display">;
  readonly #tell: (text: string) => void;

  constructor(topic: RecordsPlace, cls: ClsClient, file: MonitorFile, tell: (text: string) => void) {
    this.#topic = topic;
    this.#cls = cls;
    this.#file = file;
    this.#tell = tell;
  }

  /** Resolves when it is written, or told that it could not be. Never rejects. */
  async write(record: AlertRecord): Promise<void> {
    const { topic, region, network } = this.#topic;
    const limit = AbortSignal.timeout(RECORD_MS);
    try {
      const body = await promisify(builtin("node:zlib").deflateRaw)(this.#encode(record));
      await withRetries(() => this.#cls.push({ topicId: topic, region, network }, body, limit), RETRY, limit);
    } catch (error) {
      this.#tell(
        `the record of alert ${record.alert.id} was not written to topic ${topic}: ${(error as Error).message}`,
      );
    }
  }

  #encode(record: AlertRecord): Buffer {
    const encoder = new LogEncoder();
    encoder.begin(record.endedAt);
    for (const [name, value] of Object.entries(this.#fields(record))) encoder.text(name, value);
    return encodeLogGroupList([{ logs: [encoder.finish()], source: "monitor" }]);
  }

  /** What a CLS alarm on the topic looks at: texts, as CLS keeps them. */
  #fields({ alert, outcomes, startedAt, endedAt }: AlertRecord): Record<string, string> {
    const { source, labels, group, marks } = alert;
    const text = textOf(alert, { file: this.#file, now: startedAt });
    return {
      id: alert.id,
      kind: alert.kind,
      monitor: alert.monitor,
      severity: alert.severity,
      group: JSON.stringify(Object.fromEntries(group)),
      labels: JSON.stringify(labels),
      others: String(alert.isOthers),
      ...(source && { source: source.name, region: source.region, topic: source.topic }),
      regions: alert.regions.join(","),
      count: String(alert.count),
      marks: marks.join(","),
      first_at: String(alert.firstAt),
      last_at: String(alert.lastAt),
      arrived_at: String(alert.arrivedAt),
      sent_at: String(startedAt),
      // From the line to us, and from us to the last receiver that took it.
      arrival_ms: String(Math.max(0, alert.arrivedAt - alert.firstAt)),
      sending_ms: String(endedAt - startedAt),
      outcome: worst(outcomes),
      receivers: JSON.stringify(outcomes),
      text: text.slice(0, MOST_CHARACTERS),
    };
  }
}

/** The worst that became of an alert; `unrouted` where nobody was to be told. */
function worst(outcomes: readonly AlertOutcome[]): AlertOutcome["outcome"] | "unrouted" {
  const order: readonly AlertOutcome["outcome"][] = ["failed", "quarantined", "taken"];
  return order.find((one) => outcomes.some(({ outcome }) => outcome === one)) ?? "unrouted";
}
