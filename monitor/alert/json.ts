import type { Alert } from "./alert";
import { start } from "./foreign";
import { type Room, type TextContext, linkOf, textOf } from "./lines";

/** What a `json` receiver gets: alerts, of which all but one were quarantined while the receiver was unavailable. */
export interface AlertMessage {
  readonly version: 1;
  readonly alerts: readonly AlertJson[];
}

/** An alert as data. Times are RFC 3339 in UTC. Fields can be added, but are never renamed or removed. */
export interface AlertJson {
  /** The same each time the same alert is sent. */
  readonly id: string;
  readonly kind: Alert["kind"];
  readonly monitor: string;
  readonly severity: Alert["severity"];
  readonly labels: Readonly<Record<string, string>>;
  /** Values of the group fields by their names. */
  readonly group: Readonly<Record<string, string>>;
  readonly others: boolean;
  readonly source?: { readonly name: string; readonly region: string; readonly topic: string };
  readonly count: number;
  readonly regions: readonly string[];
  readonly firstAt: string;
  readonly lastAt: string;
  readonly arrivedAt: string;
  readonly sentAt: string;
  /** In seconds. */
  readonly window: number;
  readonly sample?: {
    readonly at: string;
    /** In display order. */
    readonly fields: readonly { readonly name: string; readonly value: string }[];
    readonly around: readonly string[];
  };
  readonly words?: string;
  readonly marks: Alert["marks"];
  /** When it was quarantined; absent if it was sent immediately. */
  readonly keptAt?: string;
  /** The same as text, in several lines. */
  readonly text: string;
  /** Link to the console. */
  readonly console?: string;
  /** Whether texts were truncated. */
  readonly cut: boolean;
}

/** @param room how much is shown of values without a fixed limit; the text for people has lower limits */
export function alertJson(alert: Alert, context: TextContext, room: Room): AlertJson {
  let isCut = false;
  const cut = (text: string, most = room.line): string => {
    const head = start(text, most);
    isCut ||= head.length < text.length;
    return head;
  };
  // All fields of a record together have the limit of one line.
  const fieldsOf = (fields: readonly (readonly [string, string])[]) => {
    let left = room.line;
    return fields.flatMap(([name, value]) => {
      isCut ||= left <= 0;
      if (left <= 0) return [];
      const shown = { name: cut(name, left), value: cut(value, left - name.length) };
      left -= shown.name.length + shown.value.length + FIELD_CHARACTERS;
      return [shown];
    });
  };
  const { sample, source } = alert;
  const around = sample?.around.slice(-room.around || Infinity) ?? [];
  isCut ||= around.length < (sample?.around.length ?? 0) || alert.group.length > room.values;
  const link = linkOf(alert, context.file);
  const json = {
    id: alert.id,
    kind: alert.kind,
    monitor: alert.monitor,
    severity: alert.severity,
    labels: alert.labels,
    group: Object.fromEntries(alert.group.slice(0, room.values).map(([name, value]) => [name, cut(value, room.value)])),
    others: alert.isOthers,
    ...(source && { source: { name: source.name, region: source.region, topic: source.topic } }),
    count: alert.count,
    regions: alert.regions,
    firstAt: timestamp(alert.firstAt),
    lastAt: timestamp(alert.lastAt),
    arrivedAt: timestamp(alert.arrivedAt),
    sentAt: timestamp(context.now),
    window: alert.windowMs / 1000,
    ...(sample && {
      sample: {
        at: timestamp(sample.at),
        fields: fieldsOf(sample.fields),
        around: around.map((line) => cut(line)),
      },
    }),
    ...(alert.words !== undefined && { words: cut(alert.words, room.value) }),
    marks: alert.marks,
    ...(context.keptAt !== undefined && { keptAt: timestamp(context.keptAt) }),
    text: textOf(alert, context, WORDS_ROOM),
    ...(link !== undefined && { console: link }),
  };
  return { ...json, cut: isCut };
}

/** Characters of JSON around a name and a value. */
const FIELD_CHARACTERS = 22;

/** The text is for a screen; the complete data is next to it. */
const WORDS_ROOM: Room = { around: 10, line: 2_000, value: 200, values: 20 };

function timestamp(at: number): string {
  return new Date(Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? at : 0).toISOString();
}
