import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Fields } from "../../functions/records/contracts";
import { isObject } from "../../functions/runtime/checked-json";
import { suggestion } from "../../rules";

/** One case of a user's file. */
export interface Case {
  readonly name: string;
  readonly events: readonly Fields[];
  /** Emitted events by output; `""` is the default output. */
  readonly expected: Readonly<Record<string, readonly Fields[]>>;
  /** Whether outputs that the case does not name can receive events. */
  readonly namesOutputs: boolean;
  readonly fails?: string;
  /** The rule text of a case in a standalone file. */
  readonly rules?: string;
}

/** The cases of a file, or all its problems: `line:column what`. */
export interface Cases {
  readonly cases: readonly Case[];
  readonly faults: readonly string[];
}

/** Path of keys and indexes in the file. */
type Path = readonly (string | number)[];
type Report = (path: Path, message: string) => void;

const KEYS = ["name", "event", "events", "expect", "outputs", "fails"];
const KEYS_ALONE = ["name", "rules", ...KEYS.slice(1)];

/** Parses a file of cases. In a standalone file, without a rule text next to it, each case has its own rules. */
export function parseCases(text: string, { alone = false } = {}): Cases {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const found: { readonly offset: number; readonly message: string }[] = [];
  for (const { pos, message } of document.errors) found.push({ offset: pos[0], message: message.split("\n")[0] });
  const report: Report = (path, message) => found.push({ offset: offsetOf(document, path), message });
  const cases = found.length === 0 ? readCases(document.toJS(), alone, report) : [];
  const faults = found
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${line}:${col} ${message}`;
    });
  return { cases, faults };
}

function readCases(file: unknown, alone: boolean, report: Report): Case[] {
  const { cases, ...others } = (file ?? {}) as { cases?: unknown };
  if (alone) for (const key of Object.keys(others)) report([key], `must have cases only, got ${key}`);
  if (Array.isArray(cases) && cases.length > 0) {
    return cases.map((one: unknown, at) =>
      readCase(one, alone, ["cases", at], (path, rule) => report(path, `case ${at + 1} ${rule}`)),
    );
  }
  report(["cases"], "cases must be a list of cases, got none");
  return [];
}

function readCase(value: unknown, alone: boolean, path: Path, report: Report): Case {
  const keys = alone ? KEYS_ALONE : KEYS;
  const hasFields = isFields(value);
  if (!hasFields) report(path, `must be an object of ${keys.join(", ")}, got ${shown(value)}`);
  const one: Record<string, unknown> = hasFields ? value : {};
  for (const key of Object.keys(one).filter((name) => !keys.includes(name))) {
    report([...path, key], `must have ${keys.join(", ")} only, got ${key}${suggestion(key, keys)}`);
  }
  if (hasFields && alone && typeof one.rules !== "string") {
    report(
      one.rules === undefined ? path : [...path, "rules"],
      `must have a rule text in rules, got ${shown(one.rules)}`,
    );
  }
  if (one.event !== undefined && one.events !== undefined) {
    report([...path, "events"], "must have event or events, got both");
  }
  if (one.fails !== undefined && (one.expect !== undefined || one.outputs !== undefined)) {
    report([...path, "fails"], "must have fails or what is expected, got both");
  }
  const list = (given: unknown, ...keys: string[]): Fields[] => {
    const items = Array.isArray(given) ? (given as unknown[]) : given === undefined || given === null ? [] : [given];
    return items.flatMap((item, at) => {
      if (isFields(item)) return [asTexts(item)];
      const place = Array.isArray(given) ? [...path, ...keys, at] : [...path, ...keys];
      report(place, `must have objects in ${keys.join(".")}, got ${shown(item)}`);
      return [];
    });
  };
  const key = one.events === undefined ? "event" : "events";
  const events = list(one[key], key);
  const hasEvents = one[key] !== undefined && one[key] !== null && !isEmptyList(one[key]);
  if (hasFields && !hasEvents) report(path, "must have an event, got none");
  return {
    name: typeof one.name === "string" ? one.name : JSON.stringify(events[0]),
    events,
    expected: { "": list(one.expect, "expect"), ...readOutputs(one.outputs, path, list, report) },
    namesOutputs: one.outputs !== undefined,
    ...(one.fails !== undefined && { fails: String(one.fails) }),
    ...(typeof one.rules === "string" && { rules: one.rules }),
  };
}

function readOutputs(
  outputs: unknown,
  path: Path,
  list: (given: unknown, ...keys: string[]) => Fields[],
  report: Report,
): Record<string, Fields[]> {
  if (outputs === undefined || outputs === null) return {};
  if (!isFields(outputs)) {
    report([...path, "outputs"], `must have lists of events by output in outputs, got ${shown(outputs)}`);
    return {};
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, given]) => [name, list(given, "outputs", name)]));
}

function isFields(value: unknown): value is Fields {
  return isObject(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function shown(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value).slice(0, 100);
}

/** YAML reads 500 as a number, but an event has a string. */
function asTexts(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "object" ? value : String(value)]),
  );
}

/** Position of a part of the file, or of the innermost existing one around it. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let place = node;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      [place, node] = [pair.key, pair.value];
    } else if (isSeq(node)) {
      if (!isNode(node.items[key as number])) break;
      place = node = node.items[key as number];
    } else break;
  }
  return (place as Node | null)?.range?.[0] ?? 0;
}
