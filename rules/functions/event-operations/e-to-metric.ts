import { Event } from "../../run/event";
import type { BoundCall, Run, Step } from "../../run/implementation";
import { joined } from "../../run/length";
import { floatText } from "../../run/text";
import { fail } from "../../run/values";
import { compareTexts } from "../../python/compare";
import { fieldPairs, type FieldPair } from "../mapping/arguments";
import { optionsOf, quoted, textOf } from "../common/options";

export function toMetric(call: BoundCall): Step {
  const settings = optionsOf(call, ["names", "labels"], ({ names, labels }) => ({
    names: fieldPairs("e_to_metric", "names", names),
    // A metric store requires labels sorted by name.
    labels: labels === null ? [] : sortedByName(fieldPairs("e_to_metric", "labels", labels)),
  }));
  const time = optionsOf(call, ["time"], (options) => textOf(options.time));

  return (event, run) => {
    const { names, labels } = settings(event, run);
    const present = names.filter(({ from }) => event.has(from));
    if (present.length === 0) return event;
    const shared = {
      __labels__: labelText(event, labels),
      __time_nano__: nanoseconds(time(event, run) || eventTime(event, run)),
    };
    return present.map(({ from, to }) =>
      metric(event, { ...shared, __name__: to, __value__: metricValue(event, from) }),
    );
  };
}

function sortedByName(pairs: readonly FieldPair[]): readonly FieldPair[] {
  return [...pairs].sort((a, b) => compareTexts(a.to, b.to));
}

/** The event with only the fields of a metric. */
function metric(event: Event, fields: Readonly<Record<string, string>>): Event {
  const result = event.clone();
  for (const name of result.names()) if (!Object.hasOwn(fields, name)) result.delete(name);
  for (const [name, value] of Object.entries(fields)) result.set(name, value);
  return result;
}

function labelText(event: Event, labels: readonly FieldPair[]): string {
  const written = labels.flatMap(({ from, to }) => {
    const value = event.get(from);
    return value === undefined ? [] : [`${to}#$#${value}`];
  });
  return joined(written, "|");
}

function metricValue(event: Event, field: string): string {
  const text = event.get(field) ?? "";
  const number = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(number)) fail(`e_to_metric must get a number in ${field}, got ${quoted(text)}`);
  return floatText(number);
}

function eventTime(event: Event, run: Run): string {
  return event.get("__time__") || String(Math.floor(run.now() / 1000));
}

/** Powers of ten to convert seconds, milliseconds, microseconds and nanoseconds to nanoseconds. */
function scaleOf(digits: number): number {
  if (digits <= 11) return 9;
  if (digits <= 14) return 6;
  return digits <= 17 ? 3 : 0;
}

function nanoseconds(time: string): string {
  const match = /^\s*(\d{1,20})(?:\.(\d*))?\s*$/.exec(time);
  if (!match)
    fail(`e_to_metric must get seconds, milliseconds, microseconds or nanoseconds as time, got ${quoted(time)}`);
  const [, whole, fraction = ""] = match as unknown as [string, string, string?];
  const scale = scaleOf(whole.length);
  return (whole + fraction.slice(0, scale).padEnd(scale, "0")).replace(/^0+(?=\d)/, "");
}
