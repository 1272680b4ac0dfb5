import { openDecoded } from "../events/cls-event";
import { type Failure, failureOf } from "../invocation/failure";
import type { CarriedMonitorSettings } from "../settings";
import { type MatchReport, OpenedMonitor } from "./opened";

/**
 * A batch that CLS delivered to a stream. It is passed as bytes because the stream's handler and this part are bundled
 * separately.
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
  /** Names of monitors that handled all of an earlier delivery. */
  readonly told: readonly string[];
}

/** The result of a batch for each monitor, by name. */
export interface CarriedOutcome {
  readonly reports: Readonly<Record<string, MatchReport>>;
  /** Monitors with alerts that are neither sent nor kept: the batch must be delivered again. */
  readonly failures: Readonly<Record<string, Failure>>;
}

/** The monitors that a stream's function carries, for all invocations of an instance. */
export class CarriedMonitors {
  readonly #monitors = new Map<string, OpenedMonitor>();
  readonly #settings: readonly CarriedMonitorSettings[];

  constructor(settings: readonly CarriedMonitorSettings[]) {
    this.#settings = settings;
  }

  /** Searches a batch and sends alerts. Never rejects; a monitor that fails does not affect the others. */
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
