import { createHash } from "node:crypto";
import { compileMonitorRules } from "../../functions/monitor/rules";
import { partsFolder } from "../../lib/packaging/built-files";
import {
  type Alert,
  BatchMatcher,
  type BatchMatches,
  MemoryStore,
  type MonitorFile,
  recordOfText,
  type RecordView,
  type SourceRef,
  toldOf,
  Tracker,
} from "../../monitor";

const MINUTE = 60_000;

/** An alert with its time and its receivers. */
export interface ToldAlert {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alert: Alert;
  readonly to: readonly string[];
}

/**
 * Runs a definition in simulated time: input is matched, counted and reported as in production, but nothing is sent.
 */
export class Simulation {
  readonly told: ToldAlert[] = [];
  /** Number of records on which rule texts failed, by monitor. */
  readonly failed = new Map<string, number>();
  readonly #file: MonitorFile;
  readonly #matcher: BatchMatcher;
  readonly #tracker: Tracker;
  #now: number;
  /** Waits in the simulated time. */
  readonly #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  /** @param start begin of the simulation, in milliseconds */
  constructor(file: MonitorFile, start: number) {
    this.#file = file;
    this.#now = start;
    this.#matcher = new BatchMatcher(file, (text) => compileMonitorRules(text, partsFolder()));
    this.#tracker = new Tracker({
      file,
      store: new MemoryStore(),
      sender: { send: (alert) => this.#tell(alert) },
      instance: "simulation",
      clock: () => this.#now,
      pause: (ms) => new Promise((wake) => this.#waiting.push({ at: this.#now + ms, wake })),
    });
  }

  /** Loads the data that rule texts read in addition to records. Call it before the first record. */
  async ready(): Promise<void> {
    await this.#matcher.refresh();
  }

  /** Matches of records that arrive at that time. @param name of the source */
  match(name: string, arrivedAt: number, records: readonly RecordView[], position: string): BatchMatches {
    const { matches, failed } = this.#matcher.match({ source: this.#source(name), position, arrivedAt, records });
    for (const [monitor, count] of Object.entries(failed)) {
      this.failed.set(monitor, (this.failed.get(monitor) ?? 0) + count);
    }
    return matches;
  }

  /** Takes matches at the time of their arrival. */
  async take(matches: BatchMatches): Promise<void> {
    await this.passTo(matches.arrivedAt);
    await this.#tracker.take(matches);
    void this.#tracker.hurry();
    await settled();
  }

  /** Records that a source had records, and so is not missing. */
  async seen(name: string, at: number): Promise<void> {
    await this.passTo(at);
    await this.#tracker.seen(this.#source(name), at);
  }

  /** Advances the time, with a sweep at each full minute, and early ones near thresholds. */
  async passTo(at: number): Promise<void> {
    for (let minute = Math.floor(this.#now / MINUTE) + 1; minute * MINUTE <= at; minute++) {
      await this.#wakeTo(minute * MINUTE);
      await this.#tracker.sweep();
    }
    await this.#wakeTo(at);
  }

  async #wakeTo(at: number): Promise<void> {
    for (;;) {
      const [next] = this.#waiting.sort((one, other) => one.at - other.at);
      if (!next || next.at > at) break;
      this.#waiting.shift();
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settled();
    }
    this.#now = Math.max(this.#now, at);
  }

  #source(name: string): SourceRef {
    const { topic, region } = this.#file.sources[name];
    return { name, topic, region };
  }

  async #tell(alert: Alert): Promise<[]> {
    const monitor = this.#file.monitors.find(({ name }) => name === alert.monitor);
    const to = monitor ? toldOf(monitor, alert).map(({ receiver }) => receiver) : [];
    this.told.push({ at: this.#now, alert, to });
    return [];
  }
}

/** All calls that need not wait have continued. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A record with these fields. */
export function recordOfFields(fields: Readonly<Record<string, unknown>>): RecordView {
  let raw: Uint8Array | undefined;
  const has = (name: string): boolean => Object.hasOwn(fields, name);
  return {
    get raw() {
      return (raw ??= Buffer.from(JSON.stringify(fields)));
    },
    fields,
    has,
    get: (name) => (has(name) ? fields[name] : undefined),
  };
}

/** A record of a case: fields, or a line that is not JSON. */
export function recordOf(value: Readonly<Record<string, unknown>> | string): RecordView {
  return typeof value === "string" ? recordOfText(Buffer.from(value)) : recordOfFields(value);
}

/** A position that is the same for the same content. */
export function positionOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** An alert on one line: `first Errors service=orders status=503, 1 record`. */
export function alertLine({ kind, monitor, group, isOthers, source, count, marks, severity }: Alert): string {
  const groups = isOthers ? ["others"] : group.map(([name, value]) => `${name}=${value}`);
  const ofSource = kind === "missing" || kind === "returned" ? [source?.name ?? ""] : [];
  const records = count > 0 ? `, ${count} ${count === 1 ? "record" : "records"}` : "";
  const more = [severity, ...marks].join(", ");
  return `${[kind, monitor, ...groups, ...ofSource].join(" ")}${records} (${more})`;
}
