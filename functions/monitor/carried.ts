import { openDecoded } from "../events/cls-event";
import { type Failure, failureOf } from "../invocation/failure";
import type { CarriedMonitorSettings } from "../settings";
import { type MatchReport, OpenedMonitor } from "./opened";

/**
 * A batch that CLS delivered to a stream. Its handler and this part are bundled apart, so it is handed over as bytes: what is
 * made of them is made here.
 */
export interface CarriedDelivery {
  /** The same for each delivery of the same logs. */
  readonly hash: string;
  /** The event's JSON, UTF-8. */
  readonly json: Buffer;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Aborts when the function's time is nearly up. */
  readonly signal: AbortSignal;
  /** Names of monitors that an earlier delivery has told all of. */
  readonly told: readonly string[];
}

/** What became of a batch in each monitor, by its name. */
export interface CarriedOutcome {
  readonly reports: Readonly<Record<string, MatchReport>>;
  /** Monitors whose alerts are neither out nor safe: the batch must come again. */
  readonly failures: Readonly<Record<string, Failure>>;
}

/** The monitors that a stream's function carries, for all invocations of an instance. */
export class CarriedMonitors {
  readonly #monitors = new Map<string, OpenedMonitor>();
  readonly #settings: readonly CarriedMonitorSettings[];

  constructor(settings: readonly CarriedMonitorSettings[]) {
    this.#settings = settings;
  }

  /** Looks at a batch, and tells people. Never rejects; a monitor that fails keeps no other from its work. */
  async take(delivery: CarriedDelivery): Promise<CarriedOutcome> {
    const reports: Record<string, MatchReport> = {};
    const failures: Record<string, Failure> = {};
    const due = this.#settings.filter(({ name }) => !delivery.told.includes(name));
    await Promise.all(
      due.map(async (settings) => {
        try {
          reports[settings.name] = await this.#takeOne(settings, delivery);
        } catch (error) {
          failures[settings.name] = failureOf(error);
        }
      }),
    );
    return { reports, failures };
  }

  async #takeOne(
    settings: CarriedMonitorSettings,
    { arrivedAt, hash, json, signal }: CarriedDelivery,
  ): Promise<MatchReport> {
    let monitor = this.#monitors.get(settings.name);
    if (!monitor) this.#monitors.set(settings.name, (monitor = new OpenedMonitor(settings, settings.file)));
    const { logs, topicId } = openDecoded(json, json.length).read();
    const matched = await monitor.match({ logs, topicId, hash, bytes: json.length }, arrivedAt);
    return monitor.tell(matched, signal);
  }
}
