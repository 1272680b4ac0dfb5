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

/** An alert, when it would have gone out, and to whom. */
export interface ToldAlert {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly alert: Alert;
  readonly to: readonly string[];
}

/** A definition in a time that is moved by hand: what comes in is matched, counted and told as in the field, and nothing is sent. */
export class Simulation {
  readonly told: ToldAlert[] = [];
  /** Records on which rule texts failed, by monitor. */
  readonly failed = new Map<string, number>();
  readonly #file: MonitorFile;
  readonly #matcher: BatchMatcher;
  readonly #tracker: Tracker;
  #now: number;
  /** Whoever waits in the simulated time. */
  readonly #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  /** @param start when it begins, in milliseconds */
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

  /** Loads what rule texts read beside the records. Before the first record. */
  async ready(): Promise<void> {
    await this.#matcher.refresh();
  }

  /** What of some records matches, if they arrive then. @param name of the source */
  match(name: string, arrivedAt: number, records: readonly RecordView[], position: string): BatchMatches {
    const { matches, failed } = this.#matcher.match({ source: this.#source(name), position, arrivedAt, records });
    for (const [monitor, count] of Object.entries(failed)) {
      this.failed.set(monitor, (this.failed.get(monitor) ?? 0) + count);
    }
    return matches;
  }

  /** Takes what matched, at the time at which it arrived. */
  async take(matches: BatchMatches): Promise<void> {
    await this.passTo(matches.arrivedAt);
    await this.#tracker.take(matches);
    void this.#tracker.hurry();
    await settled();
  }

  /** A source had records: so it is not missing. */
  async seen(name: string, at: number): Promise<void> {
    await this.passTo(at);
    await this.#tracker.seen(this.#source(name), at);
  }

  /** Lets time pass, with a sweep at each full minute, and early ones where thresholds are near. */
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

/** Whoever need not wait has gone on. */
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

/** A record as a case has it: fields, or a line that is no JSON. */
export function recordOf(value: Readonly<Record<string, unknown>> | string): RecordView {
  return typeof value === "string" ? recordOfText(Buffer.from(value)) : recordOfFields(value);
}

/** A position that is the same for the same content. */
export function positionOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** An alert on a line: `first Errors service=orders status=503, 1 record`. */
export function alertLine({ kind, monitor, group, isOthers, source, count, marks, severity }: Alert): string {
  const groups = isOthers ? ["others"] : group.map(([name, value]) => `${name}=${value}`);
  const ofSource = kind === "missing" || kind === "returned" ? [source?.name ?? ""] : [];
  const records = count > 0 ? `, ${count} ${count === 1 ? "record" : "records"}` : "";
  const more = [severity, ...marks].join(", ");
  return `${[kind, monitor, ...groups, ...ofSource].join(" ")}${records} (${more})`;
}
