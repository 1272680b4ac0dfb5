import { checkWhole, type WholeOptions } from "./checks";
import { type DefinitionProblem, Reading } from "./problem";
import { FILE, type ReadFile, type ReadMonitor } from "./tables";
import type { Monitor, MonitorFile, Receiver, Route } from "./types";

/** A problem in a rule text. */
export interface RulesProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly span: { readonly start: number; readonly end: number };
}

/** Options for reading a definition. */
export interface ReadOptions extends WholeOptions {
  /** Whether only the plan knows a string. @default every string is known */
  readonly isUnresolved?: (value: unknown) => boolean;
  /** Milliseconds since the epoch. @default the current time */
  readonly now?: number;
  /** Returns the problems of a rule text: `checkRules`. @default rule texts are not checked */
  readonly checkRules?: (text: string) => readonly RulesProblem[];
}

/** A definition with warnings about what is hardly intended, or with all its problems. */
export type ReadDefinition =
  | { readonly file: MonitorFile; readonly problems: readonly []; readonly warnings: readonly DefinitionProblem[] }
  | { readonly file: undefined; readonly problems: readonly DefinitionProblem[]; readonly warnings: readonly [] };

/**
 * Reads a definition: a value from YAML or JSON, or from the construct, in which patterns can be JavaScript regular
 * expressions. All problems are reported, each with its path.
 */
export function readDefinition(value: unknown, options: ReadOptions = {}): ReadDefinition {
  const reading = new Reading([], [], options.isUnresolved);
  const read = FILE.read(value, reading);
  if (read) {
    checkWhole(read, reading, options);
    checkRuleTexts(read, reading, options);
  }
  if (!read || reading.problems.length > 0) return { file: undefined, problems: reading.problems, warnings: [] };
  return { file: fileOf(read), problems: [], warnings: overMutes(read, options.now ?? Date.now()) };
}

/** Mutes that have ended: every mute ends eventually, and a mistyped year looks the same. */
function overMutes({ monitors }: ReadFile, now: number): readonly DefinitionProblem[] {
  const reading = new Reading();
  monitors.forEach(({ mute }, index) => {
    for (const [number, { until }] of mute.entries()) {
      if (until > now) continue;
      const got = new Date(until).toISOString().replace(".000Z", "Z");
      reading
        .at("monitors", index, "mute", number, "until")
        .report("lies in the past, and mutes nothing", undefined, { got, remedy: "take it away, or correct the date" });
    }
  });
  return reading.problems;
}

function checkRuleTexts({ monitors = [] }: ReadFile, reading: Reading, { checkRules }: ReadOptions): void {
  if (!checkRules) return;
  monitors.forEach((monitor, index) => {
    if (monitor?.rules === undefined) return;
    for (const { severity, message, span } of checkRules(monitor.rules)) {
      if (severity !== "error") continue;
      const got = JSON.stringify(monitor.rules.slice(span.start, Math.min(span.end, span.start + 60)));
      reading
        .at("monitors", index, "rules")
        .report("must be a rule text without errors", undefined, { got, remedy: message, span });
    }
  });
}

function fileOf({ monitors, sources, receivers, state, records, heartbeat, display }: ReadFile): MonitorFile {
  const names = Object.keys(sources);
  return {
    monitors: monitors.map((monitor) => monitorOf(monitor, names)),
    sources,
    receivers: Object.fromEntries(Object.entries(receivers).map(([name, receiver]) => [name, receiverOf(receiver)])),
    state,
    ...(records && { records }),
    ...(heartbeat && { heartbeat: { to: heartbeat.to, everyMs: heartbeat.every } }),
    ...(display && { display }),
  };
}

function monitorOf(monitor: ReadMonitor, names: readonly string[]): Monitor {
  const { alert, threshold, missing, sample, window } = monitor;
  const { name, sources = names, match, rules, group, maxGroups, labels, quiet, mute } = monitor;
  return {
    ...{ name, sources, group, windowMs: window, maxGroups },
    ...(match && { match }),
    ...(rules !== undefined && { rules }),
    ...(threshold && { threshold: { count: threshold.count, withinMs: threshold.within } }),
    ...(missing && { missing: { forMs: missing.for } }),
    ...{ severity: alert.severity, labels, routes: routesOf(alert), quiet, mute },
    sample: { ...(sample.fields && { fields: sample.fields }), around: sample.around ?? 0, redact: sample.redact },
  };
}

function routesOf({ to, fallback, also }: ReadMonitor["alert"]): Route[] {
  const first = to && [{ to, ...(fallback !== undefined && { fallback }) }];
  const others = also.map(({ to, labels, fallback }) => ({
    to,
    ...(labels && { labels }),
    ...(fallback !== undefined && { fallback }),
  }));
  return [...(first ?? []), ...others];
}

function receiverOf({ format, url, signatureKey, maxPerMinute }: ReadFile["receivers"][string]): Receiver {
  return {
    ...{ format, urlVariable: url },
    ...(signatureKey !== undefined && { signatureVariable: signatureKey }),
    ...(maxPerMinute !== undefined && { maxPerMinute }),
  };
}
