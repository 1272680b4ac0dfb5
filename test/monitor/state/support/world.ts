import {
  type Alert,
  type AlertSender,
  type BatchMatches,
  type GroupMatches,
  MemoryStore,
  type Monitor,
  type MonitorFile,
  type Source,
  type SourceRef,
  type StateStore,
  Tracker,
} from "../../../../monitor";

export const MINUTE = 60_000;
/** A Wednesday, 10:00 UTC. */
export const START = Date.UTC(2026, 10, 25, 10);

export function monitor(changes: Partial<Monitor> = {}): Monitor {
  return {
    name: "Errors",
    sources: ["gz", "sg"],
    group: ["service"],
    windowMs: 10 * MINUTE,
    maxGroups: 1000,
    severity: "warning",
    labels: {},
    routes: [{ to: ["oncall"] }],
    quiet: [],
    mute: [],
    sample: { around: 0, redact: [] },
    ...changes,
  };
}

const SOURCES: Readonly<Record<string, Source>> = {
  gz: { topic: "topic-gz", region: "ap-guangzhou", form: "push", labels: {} },
  sg: { topic: "topic-sg", region: "ap-singapore", form: "pull", labels: { team: "sea" } },
};

export function fileOf(...monitors: Monitor[]): MonitorFile {
  return {
    monitors,
    sources: SOURCES,
    receivers: { oncall: { format: "json", urlVariable: "ONCALL" } },
    state: { type: "memory" },
  };
}

/** Matches of a batch in short form: `{ orders: 3 }`, or with more details of a group. */
export type Matches = Readonly<Record<string, number | Partial<GroupMatches>>>;

export interface BatchOptions {
  readonly source?: "gz" | "sg";
  readonly at: number;
  readonly monitor?: string;
}

export function sourceRef(name: "gz" | "sg"): SourceRef {
  return { name, topic: SOURCES[name].topic, region: SOURCES[name].region };
}

export function batchOf(
  position: string,
  matches: Matches,
  { source = "gz", at, monitor = "Errors" }: BatchOptions,
): BatchMatches {
  const groups = Object.entries(matches).map(([name, given]): GroupMatches => {
    const { count = 1, ...more } = typeof given === "number" ? { count: given } : given;
    const own = more.firstAt ?? at - 1000;
    return {
      monitor,
      group: [name],
      count,
      firstAt: own,
      lastAt: own,
      seconds: [[Math.floor(own / 1000), count]],
      sample: { at: own, fields: [["service", name]], around: [] },
      ...more,
    };
  });
  return { source: sourceRef(source), position, arrivedAt: at, groups };
}

/** Records the alerts to send. */
export class Inbox implements AlertSender {
  readonly alerts: Alert[] = [];
  /** The result of sending an alert. */
  outcome: (alert: Alert) => "taken" | "quarantined" | "failed" | Promise<never> = () => "taken";

  async send(alert: Alert) {
    const outcome = await this.outcome(alert);
    if (outcome !== "failed") this.alerts.push(alert);
    return [{ receiver: "oncall", outcome, ms: 1, attempts: 1 } as const];
  }

  /** Alerts since the last call: `first orders 3`, `more orders 4 again`. */
  take(): string[] {
    return this.alerts.splice(0).map(inShort);
  }
}

export function inShort({ kind, group, isOthers, source, count, marks }: Alert): string {
  const name =
    kind === "missing" || kind === "returned"
      ? source!.name
      : isOthers
        ? "others"
        : group.map(([, value]) => value).join("/");
  const words = [kind, name, ...(count > 0 ? [String(count)] : []), ...marks];
  return words.join(" ");
}

/** Several instances with one store and one clock. */
export class World {
  now = START;
  readonly inbox = new Inbox();
  readonly file: MonitorFile;
  readonly store: StateStore;
  #instances = 0;

  constructor(file: MonitorFile | Monitor = monitor(), store: StateStore = new MemoryStore()) {
    this.file = "monitors" in file ? file : fileOf(file);
    this.store = store;
  }

  tracker(store: StateStore = this.store, sender: AlertSender = this.inbox): Tracker {
    const instance = `instance-${++this.#instances}`;
    return new Tracker({
      file: this.file,
      store,
      sender,
      instance,
      clock: () => this.now,
      pause: (ms) => this.pause(ms),
    });
  }

  /** Waiting advances the clock. */
  async pause(ms: number): Promise<void> {
    this.now += ms;
  }

  batch(position: string, matches: Matches, options: Partial<BatchOptions> = {}): BatchMatches {
    return batchOf(position, matches, { at: this.now, ...options });
  }

  /** Lets minutes pass, with a sweep at each. */
  async pass(minutes: number, tracker: Tracker): Promise<string[]> {
    for (let minute = 0; minute < minutes; minute++) {
      this.now += MINUTE;
      await tracker.sweep();
    }
    return this.inbox.take();
  }
}
