import { LineCounter, parseDocument } from "yaml";
import { isObject, shown } from "../../functions/runtime/checked-json";
import { durationText, type Monitor, type MonitorFile, parseDuration } from "../../monitor";
import { suggestion } from "../../rules/check/similar";
import type { FileProblem } from "./definition-file";
import { spanIn } from "./place-in-yaml";

/** One case of a user's file; times are in milliseconds from its start. */
export interface MonitorCase {
  readonly name: string;
  /** When it starts, in milliseconds since 1970. */
  readonly start: number;
  readonly in: readonly Arrival[];
  /** Duration of the case. */
  readonly until: number;
  /** All alerts that are sent, in order. */
  readonly alerts: readonly ExpectedAlert[];
}

/** Records that arrive together. */
export interface Arrival {
  readonly at: number;
  readonly source: string;
  readonly records: readonly (Readonly<Record<string, unknown>> | string)[];
  /** Age of the records. */
  readonly age: number;
}

/** Expected properties of an alert; omitted ones can have any value. */
export interface ExpectedAlert {
  readonly kind: string;
  readonly at?: number;
  readonly monitor?: string;
  readonly group?: Readonly<Record<string, string>>;
  readonly isOthers?: boolean;
  readonly count?: number;
  readonly source?: string;
  readonly marks?: readonly string[];
  /** Receivers of the alert. */
  readonly to?: readonly string[];
}

/** The cases of a file, or all its problems. */
export interface MonitorCases {
  readonly cases: readonly MonitorCase[];
  readonly problems: readonly FileProblem[];
}

/** A Monday, so that quiet hours on weekends do not apply. */
const DEFAULT_START = Date.UTC(2026, 0, 5, 10);

const KINDS = ["first", "more", "recovered", "missing", "returned"];
const CASE_KEYS = ["name", "start", "in", "until", "alerts"];
const ARRIVAL_KEYS = ["at", "source", "record", "records", "times", "age"];
const ALERT_KEYS = ["at", "kind", "monitor", "group", "others", "count", "source", "marks", "to"];

type Path = readonly (string | number)[];

/** Whether the text of a definition, YAML or JSON, also contains cases. */
export function holdsCases(text: string): boolean {
  return /^(?:cases|"cases")\s*:|^\s*"cases"\s*:/m.test(text);
}

/** Reads the cases of a text, from the list `cases`. */
export function readCases(text: string, file: MonitorFile): MonitorCases {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos: [start, end], message }) => ({
      span: { start, end: Math.max(end, start + 1) },
      message: message.split("\n")[0],
    }));
    return { cases: [], problems };
  }
  const problems: FileProblem[] = [];
  const reader = new CaseReader(file, (path, message, isKey = false) => {
    problems.push({ span: spanIn(text, document, { path, isKey } as Parameters<typeof spanIn>[2]), message });
  });
  const cases = reader.read((document.toJS() as { cases?: unknown } | null)?.cases);
  return { cases, problems: problems.sort((one, other) => one.span.start - other.span.start) };
}

class CaseReader {
  readonly #file: MonitorFile;
  readonly #report: (path: Path, message: string, isKey?: boolean) => void;

  constructor(file: MonitorFile, report: (path: Path, message: string, isKey?: boolean) => void) {
    this.#file = file;
    this.#report = report;
  }

  read(cases: unknown): MonitorCase[] {
    if (Array.isArray(cases) && cases.length > 0) return cases.map((one, at) => this.#case(one, ["cases", at]));
    this.#report(["cases"], `cases must be a list of cases, got ${shown(cases)}`);
    return [];
  }

  #case(value: unknown, path: Path): MonitorCase {
    const one = this.#object(value, CASE_KEYS, path);
    const arrivals = this.#list(one.in, [...path, "in"]).map((item, at) => this.#arrival(item, [...path, "in", at]));
    const last = Math.max(0, ...arrivals.map(({ at }) => at));
    const until = this.#duration(one.until, [...path, "until"]) ?? last + longestOf(this.#file.monitors) + 120_000;
    if (until < last)
      this.#report([...path, "until"], `must not be before the last record, got ${durationText(until)}`);
    if (one.alerts === undefined || one.alerts === null)
      this.#report(path, "must list the expected alerts, got none; write [] for no alerts");
    return {
      name: typeof one.name === "string" ? one.name : `case ${Number(path[1]) + 1}`,
      start: this.#start(one.start, [...path, "start"]),
      in: [...arrivals].sort((a, b) => a.at - b.at),
      until,
      alerts: this.#list(one.alerts, [...path, "alerts"]).map((item, at) => this.#alert(item, [...path, "alerts", at])),
    };
  }

  #start(value: unknown, path: Path): number {
    if (value === undefined) return DEFAULT_START;
    const at =
      typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN;
    if (!Number.isNaN(at)) return at;
    this.#report(path, `must be a time with its zone, such as 2026-01-05T10:00:00Z, got ${shown(value)}`);
    return DEFAULT_START;
  }

  #arrival(value: unknown, path: Path): Arrival {
    const one = this.#object(value, ARRIVAL_KEYS, path);
    if (one.record !== undefined && one.records !== undefined)
      this.#report(path, "must have record or records, got both");
    if (one.record === undefined && one.records === undefined)
      this.#report(path, "must have record or records, got neither");
    const key = one.record === undefined ? "records" : "record";
    const given = this.#list(one[key], [...path, key]);
    const records = given.flatMap((record) => {
      if (isObject(record) || typeof record === "string") return [record];
      this.#report([...path, key], `must be fields, or the text of a line, got ${shown(record)}`);
      return [];
    });
    const { times = 1 } = one;
    const isCount = typeof times === "number" && Number.isInteger(times) && times >= 1 && times <= 100_000;
    if (!isCount) this.#report([...path, "times"], `must be a whole number from 1 to 100000, got ${shown(times)}`);
    return {
      at: this.#duration(one.at, [...path, "at"]) ?? 0,
      source: this.#source(one.source, path),
      records: Array.from({ length: isCount ? times : 1 }, () => records).flat(),
      age: this.#duration(one.age, [...path, "age"]) ?? 0,
    };
  }

  #source(value: unknown, path: Path): string {
    const names = Object.keys(this.#file.sources);
    if (value === undefined && names.length === 1) return names[0];
    if (typeof value === "string" && names.includes(value)) return value;
    const hint = typeof value === "string" ? suggestion(value, names) : "";
    const at = value === undefined ? path : [...path, "source"];
    this.#report(at, `source must be one of ${names.join(", ")}, got ${shown(value)}${hint}`);
    return names[0];
  }

  #alert(value: unknown, path: Path): ExpectedAlert {
    const one = this.#object(value, ALERT_KEYS, path);
    const { kind, monitor, count, source } = one;
    const isKind = typeof kind === "string" && KINDS.includes(kind);
    if (!isKind) {
      const hint = typeof kind === "string" ? suggestion(kind, KINDS) : "";
      this.#report([...path, "kind"], `kind must be one of ${KINDS.join(", ")}, got ${shown(kind)}${hint}`);
    }
    const names = this.#file.monitors.map(({ name }) => name);
    if (monitor !== undefined && !names.includes(String(monitor))) {
      const message = `monitor must be one of ${names.join(", ")}, got ${shown(monitor)}${suggestion(String(monitor), names)}`;
      this.#report([...path, "monitor"], message);
    }
    if (one.group !== undefined && !isObject(one.group))
      this.#report([...path, "group"], `group must be names and values, got ${shown(one.group)}`);
    if (count !== undefined && !(Number.isInteger(count) && (count as number) >= 0))
      this.#report([...path, "count"], `count must be a whole number, got ${shown(count)}`);
    if (one.others !== undefined && typeof one.others !== "boolean")
      this.#report([...path, "others"], `others must be true or false, got ${shown(one.others)}`);
    return {
      kind: String(kind),
      at: this.#duration(one.at, [...path, "at"]),
      ...(monitor !== undefined && { monitor: String(monitor) }),
      ...(isObject(one.group) && {
        group: Object.fromEntries(Object.entries(one.group).map(([k, v]) => [k, String(v)])),
      }),
      ...(one.others !== undefined && { isOthers: one.others === true }),
      ...(count !== undefined && { count: Number(count) }),
      ...(source !== undefined && { source: this.#source(source, path) }),
      ...(one.marks !== undefined && { marks: this.#list(one.marks, [...path, "marks"]).map(String) }),
      ...(one.to !== undefined && { to: this.#list(one.to, [...path, "to"]).map(String) }),
    };
  }

  #object(value: unknown, keys: readonly string[], path: Path): Record<string, unknown> {
    if (!isObject(value)) {
      this.#report(path, `must be an object of ${keys.join(", ")}, got ${shown(value)}`);
      return {};
    }
    for (const key of Object.keys(value).filter((name) => !keys.includes(name))) {
      this.#report([...path, key], `must have ${keys.join(", ")} only, got ${key}${suggestion(key, keys)}`, true);
    }
    return value;
  }

  #list(value: unknown, path: Path): unknown[] {
    if (Array.isArray(value)) return value as unknown[];
    if (value === undefined || value === null) return [];
    if (path.at(-1) !== "in" && path.at(-1) !== "alerts") return [value];
    this.#report(path, `must be a list, got ${shown(value)}`);
    return [];
  }

  #duration(value: unknown, path: Path): number | undefined {
    if (value === undefined) return undefined;
    const ms = typeof value === "string" ? parseDuration(value) : undefined;
    if (ms === undefined) this.#report(path, `must be a duration, such as 90s, 10m or 1h30m, got ${shown(value)}`);
    return ms;
  }
}

/** Maximum time after the last match until all alerts are sent. */
function longestOf(monitors: readonly Monitor[]): number {
  return Math.max(...monitors.map(({ windowMs, missing }) => Math.max(windowMs, missing?.forMs ?? 0)));
}
