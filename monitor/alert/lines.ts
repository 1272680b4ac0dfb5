import type { MonitorFile } from "../definition/types";
import type { Alert } from "./alert";
import { consoleLink, DEFAULT_CONSOLE } from "./console-link";
import { harmless, start } from "./foreign";
import { counted, DEFAULT_ZONE, durationWords, exactTimeWords, numberWords, timeWords } from "./time";

/** A piece of a line: our own words, or text from outside, made harmless but not yet escaped for a service's markup. */
export type Span = { readonly own: string } | { readonly foreign: string };
export type Line = readonly Span[];

/** An alert in readable form, before any service's markup. */
export interface AlertLines {
  /** `[critical] Errors · service=orders status=503 · ap-guangzhou/access-log` */
  readonly headline: Line;
  /** What happened, when, and the delay. */
  readonly facts: readonly Line[];
  /** Lines of the log: those before the matched one, then the matched one. */
  readonly log: readonly string[];
  /** Link to the console at that moment. */
  readonly link?: string;
  /** What was left out for lack of room. */
  readonly notes: readonly Line[];
}

/** Limits for values without a fixed limit. */
export interface Room {
  /** Lines before the matched one. */
  readonly around: number;
  /** Characters of each line of the log. */
  readonly line: number;
  /** Characters of each other text from outside. */
  readonly value: number;
  /** Number of values of the group. */
  readonly values: number;
}

/** What the text of an alert depends on, in addition to the alert. */
export interface TextContext {
  readonly file: Pick<MonitorFile, "monitors" | "sources" | "display">;
  /** When it is sent, in milliseconds. */
  readonly now: number;
  /** When it was quarantined, if it could not be sent immediately. */
  readonly keptAt?: number;
}

/** An alert to send, possibly one that was quarantined. */
export interface Telling {
  readonly alert: Alert;
  /** When it was quarantined, in milliseconds. */
  readonly keptAt?: number;
}

/** The lines of an alert, within the given limits. */
export function linesOf(alert: Alert, context: TextContext, room: Room): AlertLines {
  const cutter = new Cutter(room);
  const zone = context.file.display?.zone ?? DEFAULT_ZONE;
  const headline = headlineOf(alert, cutter);
  const facts = factsOf(alert, context, zone, cutter);
  const log = logOf(alert, context.now, zone, cutter);
  const link = linkOf(alert, context.file);
  return { headline, facts, log, ...(link !== undefined && { link }), notes: cutter.notes() };
}

/** Truncates text from outside, and records what it left out. */
class Cutter {
  readonly #room: Room;
  #before = 0;
  #characters = 0;
  #shortened = 0;
  #values = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** A value, a name, a reason. */
  value(text: string): string {
    const head = start(text, this.#room.value);
    if (head.length < text.length) this.#shortened++;
    return harmless(head) + (head.length < text.length ? "…" : "");
  }

  values<Value>(all: readonly Value[]): readonly Value[] {
    this.#values += Math.max(0, all.length - this.#room.values);
    return all.slice(0, this.#room.values);
  }

  line(text: string): string {
    const head = start(text, this.#room.line);
    this.#characters += text.length - head.length;
    return harmless(head) + (head.length < text.length ? "…" : "");
  }

  /** The last of the lines before the matched one. */
  around(lines: readonly string[]): readonly string[] {
    const first = Math.max(0, lines.length - this.#room.around);
    this.#before += first;
    return lines.slice(first);
  }

  notes(): Line[] {
    const said = [
      this.#before > 0 && `${counted(this.#before, "line")} before it`,
      this.#characters > 0 && `${counted(this.#characters, "character")} of the log`,
      this.#values > 0 && `${counted(this.#values, "value")} of the group`,
      this.#shortened > 0 && `the ends of ${counted(this.#shortened, "value")}`,
    ].filter((note) => note !== false);
    return said.length === 0 ? [] : [[own(`left out: ${said.join(", ")}`)]];
  }
}

function own(text: string): Span {
  return { own: text };
}

const DOT = own(" · ");

function headlineOf({ severity, monitor, group, isOthers, source, regions }: Alert, cutter: Cutter): Line {
  const spans: Span[] = [own(`[${severity}] `), { foreign: cutter.value(monitor) }];
  if (isOthers) spans.push(DOT, own("others"));
  const shown = cutter.values(group);
  shown.forEach(([name, value], index) => {
    spans.push(index === 0 ? DOT : own(" "), { foreign: `${cutter.value(name)}=${cutter.value(value)}` });
  });
  if (shown.length < group.length) spans.push(own(" …"));
  if (source) spans.push(DOT, { foreign: `${cutter.value(source.region)}/${cutter.value(source.name)}` });
  else if (regions.length > 0) spans.push(DOT, ...regionsOf(regions, cutter));
  return spans;
}

function regionsOf(regions: readonly string[], cutter: Cutter): Span[] {
  const shown = cutter.values(regions);
  return shown.flatMap((region, index) => [...(index > 0 ? [own(", ")] : []), { foreign: cutter.value(region) }]);
}

/** What happened, in our words. */
function factsOf(alert: Alert, { file, now, keptAt }: TextContext, zone: string, cutter: Cutter): Line[] {
  const monitor = file.monitors.find(({ name }) => name === alert.monitor);
  const lines: Line[] = [[own(FACTS[alert.kind]({ alert, monitor, file, now, zone }))]];
  if (alert.words) lines.push([{ foreign: cutter.value(alert.words) }]);
  if (alert.isOthers) {
    const most = monitor ? `${numberWords(monitor.maxGroups)} ` : "";
    lines.push([own(`others: all groups beyond the ${most}that are told apart`)]);
  }
  if (alert.marks.includes("late")) {
    lines.push([own(`late: written ${durationWords(alert.arrivedAt - alert.firstAt)} before it arrived here`)]);
  }
  if (alert.marks.includes("again")) {
    lines.push([own("maybe again: it may have been sent before, and nobody confirmed it")]);
  }
  if (keptAt !== undefined) {
    lines.push([
      own(
        `told late: kept since ${timeWords(keptAt, now, zone)}, ${durationWords(now - keptAt)}, while this receiver was away`,
      ),
    ]);
  }
  return lines;
}

interface FactInput {
  readonly alert: Alert;
  readonly monitor: MonitorFile["monitors"][number] | undefined;
  readonly file: Pick<MonitorFile, "sources">;
  readonly now: number;
  readonly zone: string;
}

const FACTS: Readonly<Record<Alert["kind"], (input: FactInput) => string>> = {
  first({ alert, monitor, now }) {
    const { count, windowMs, firstAt } = alert;
    const threshold = monitor?.threshold;
    const age = `${durationWords(now - firstAt)} after it was written`;
    if (threshold) {
      const { count: most, withinMs } = threshold;
      return `${counted(count, "record")}: ${numberWords(most)} within ${durationWords(withinMs)} was crossed, ${age}`;
    }
    const records = count > 1 ? `, ${numberWords(count)} at once` : "";
    return `first of this kind in ${durationWords(windowMs)}${records}, ${age}`;
  },
  more({ alert: { count, regions, lastAt }, now, zone }) {
    const where = regions.length > 1 ? `, in ${counted(regions.length, "region")}` : "";
    return `+ ${numberWords(count)} more${where}, last ${timeWords(lastAt, now, zone)}`;
  },
  recovered: ({ alert: { windowMs } }) => `recovered, silent for ${durationWords(windowMs)}`,
  missing({ alert, monitor, file, now, zone }) {
    const { source, lastAt, windowMs } = alert;
    const silentMs = monitor?.missing?.forMs ?? windowMs;
    const last = lastAt > 0 ? `, last ${timeWords(lastAt, now, zone)}` : "";
    const isPushed = source !== undefined && sourceOf(file, source.name)?.form === "push";
    const why = isPushed ? ": nobody wrote, or the delivery has stopped, which look alike from here" : "";
    return `missing: no record for ${durationWords(silentMs)}${last}${why}`;
  },
  returned({ alert: { firstAt }, now, zone }) {
    return firstAt > 0 ? `returned: records again since ${timeWords(firstAt, now, zone)}` : "returned: records again";
  },
  lost({ alert: { count } }) {
    const records = count > 0 ? counted(count, "record") : "records, nobody knows how many,";
    return `lost: ${records} can no longer be read`;
  },
  unreadable: () => "unreadable: this source is not watched until it can be read again",
  test: () => "a test: somebody tries the receivers, and nothing is wrong",
};

function sourceOf(file: FactInput["file"], name: string) {
  return Object.hasOwn(file.sources, name) ? file.sources[name] : undefined;
}

function logOf({ sample }: Alert, now: number, zone: string, cutter: Cutter): string[] {
  if (!sample) return [];
  const around = cutter.around(sample.around).map((line) => cutter.line(line));
  return [...around, `${exactTimeWords(sample.at, now, zone)}  ${cutter.line(recordText(sample.fields))}`];
}

/** `GET status=503 msg="it failed"`: names and values, quoted where they would be ambiguous. */
function recordText(fields: readonly (readonly [string, string])[]): string {
  if (fields.length === 1) return fields[0][1];
  return fields.map(([name, value]) => `${name}=${isPlain(value) ? value : JSON.stringify(value)}`).join("  ");
}

function isPlain(value: string): boolean {
  return value !== "" && !/[\s"=]/.test(value);
}

/** Kinds of alerts without records, for which a search would be useless. */
const WITHOUT_RECORDS: readonly Alert["kind"][] = ["unreadable", "test"];

/** Link to the console for an alert; undefined if it covers several sources, or no records. */
export function linkOf(alert: Alert, { display }: Pick<MonitorFile, "display">): string | undefined {
  const { kind, source, sample, lastAt, arrivedAt } = alert;
  if (!source || source.topic === "" || WITHOUT_RECORDS.includes(kind)) return undefined;
  const { zone = DEFAULT_ZONE, console: host = DEFAULT_CONSOLE } = display ?? {};
  return consoleLink(source, sample?.at ?? (lastAt > 0 ? lastAt : arrivedAt), { zone, host });
}

/** No limits. */
export const ALL: Room = { around: Infinity, line: Infinity, value: Infinity, values: Infinity };

/** An alert as plain text, in several lines. */
export function textOf(alert: Alert, context: TextContext, room = ALL): string {
  const { headline, facts, log, link, notes } = linesOf(alert, context, room);
  const lines = [headline, ...facts].map(plain);
  return [...lines, ...log, ...(link === undefined ? [] : [`console: ${link}`]), ...notes.map(plain)].join("\n");
}

/** A line without markup. */
export function plain(line: Line): string {
  return line.map((span) => ("own" in span ? span.own : span.foreign)).join("");
}
