import { promisify } from "node:util";
import { type Alert, type AlertOutcome, type MonitorFile, textOf, type TopicLocation } from "../../../monitor";
import { encodeLogGroupList, LogEncoder } from "../../outputs/log-group";
import type { Network } from "../../settings";
import { builtin } from "../../tencent/builtin";
import type { ClsClient } from "../../tencent/cls-client";
import { type RetryPolicy, withRetries } from "../../tencent/retry";

/** An alert as it was sent, with its outcomes. */
export interface AlertRecord {
  readonly alert: Alert;
  readonly outcomes: readonly AlertOutcome[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The topic, and the network over which it is reached. @default the public one */
type RecordsPlace = TopicLocation & { readonly network?: Network };

/** Maximum characters of a recorded text: CLS stores 1 MiB of a value. */
const MOST_CHARACTERS = 100_000;

/** Retries for about two seconds: callers that wait for the alert also wait for its record. */
const RETRY: RetryPolicy = { retries: 3, baseDelayMs: 200, maxDelayMs: 1_000 };

/** Timeout of a record in milliseconds. */
const RECORD_MS = 5_000;

/**
 * A topic that stores each alert as one log, with its receivers' answers and its delays. A record that cannot be written is
 * reported, and fails no alert.
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

  /** Resolves when the record is written, or its failure is reported. Never rejects. */
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

  /** Fields for CLS alarms on the topic: texts, as CLS stores them. */
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
      // From the line to its arrival here, and from there to the last receiver that accepted the alert.
      arrival_ms: String(Math.max(0, alert.arrivedAt - alert.firstAt)),
      sending_ms: String(endedAt - startedAt),
      outcome: worst(outcomes),
      receivers: JSON.stringify(outcomes),
      text: text.slice(0, MOST_CHARACTERS),
    };
  }
}

/** The worst outcome of an alert; `unrouted` if it had no receiver. */
function worst(outcomes: readonly AlertOutcome[]): AlertOutcome["outcome"] | "unrouted" {
  const order: readonly AlertOutcome["outcome"][] = ["failed", "quarantined", "taken"];
  return order.find((one) => outcomes.some(({ outcome }) => outcome === one)) ?? "unrouted";
}
