/** Checks of a definition as a whole: names must exist, and alerts must reach a receiver. */
import { suggestion } from "../../rules/check/similar";
import type { Reading } from "./problem";
import type { ReadFile, ReadMonitor } from "./tables";
import { durationText } from "./time";
import type { Labels } from "./types";

export interface WholeOptions {
  /** Maximum time that records wait before delivery, in milliseconds. @default 3000, the minimum of CLS */
  readonly deliveryWaitMs?: number;
}

const DEFAULT_WAIT_MS = 3000;

/** Checks a definition that was read. Values that are invalid on their own are undefined, and already reported. */
export function checkWhole(file: ReadFile, reading: Reading, { deliveryWaitMs = DEFAULT_WAIT_MS }: WholeOptions): void {
  const monitors = file.monitors ?? [];
  checkNames(monitors, reading);
  monitors.forEach((monitor, index) => {
    if (monitor) checkMonitor(monitor, file, reading.at("monitors", index), deliveryWaitMs);
  });
  checkSources(file, reading);
  checkReceivers(file, reading);
}

function checkNames(monitors: readonly ReadMonitor[], reading: Reading): void {
  const seen = new Set<string>();
  monitors.forEach((monitor, index) => {
    const name = monitor?.name;
    if (name === undefined) return;
    if (seen.has(name)) {
      reading
        .at("monitors", index, "name")
        .report("must be the name of one monitor only", name, { remedy: "rename one of them" });
    }
    seen.add(name);
  });
}

function checkMonitor(monitor: ReadMonitor, file: ReadFile, reading: Reading, waitMs: number): void {
  const { match, rules, window, sources } = monitor;
  if (match && rules !== undefined) {
    reading
      .at("rules")
      .report("must be left out beside match", undefined, { got: "both", remedy: "say all in one of them" });
  }
  if (!["match", "rules", "missing"].some((key) => key in monitor)) {
    reading.report("must have match, rules or missing", undefined, { remedy: "say what it looks for" });
  }
  if (window !== undefined && window <= waitMs) {
    const remedy = "write a longer one: a group would be over before its next records can come";
    reading
      .at("window")
      .report(`must be longer than records wait, which is ${durationText(waitMs)}`, durationText(window), { remedy });
  }
  if (monitor.group?.every((field) => field !== undefined)) checkGroup(monitor, reading);
  for (const [index, source] of (sources ?? []).entries()) {
    const at = reading.at("sources", index);
    if (source !== undefined) checkKnown(source, file.sources, "a source", at);
    if (source === undefined || sources?.indexOf(source) === index) continue;
    at.report("must name a source once", source, { remedy: "leave the second out" });
  }
  checkRoutes(monitor, file, reading);
}

/** Checks the group fields, and the mutes that use them. */
function checkGroup({ group, mute = [], sample }: ReadMonitor, reading: Reading): void {
  for (const [index, field] of group.entries()) {
    if (group.indexOf(field) === index) continue;
    reading.at("group", index).report("must name a field once", field, { remedy: "leave the second out" });
  }
  for (const [index, field] of (sample?.redact ?? []).entries()) {
    if (!group.includes(field)) continue;
    const remedy = "leave it out of group: the values of group fields are shown in every alert";
    reading.at("sample", "redact", index).report("must be no field of group", field, { remedy });
  }
  const rule = `must be a field of group, which has ${group.join(", ") || "none"}`;
  for (const [index, muted] of mute.entries()) {
    for (const field of Object.keys(muted?.group ?? {})) {
      if (group.includes(field)) continue;
      const remedy = suggestion(field, group).replace(/^; /, "") || "name one of them, or add it to group";
      reading.at("mute", index, "group", field).report(rule, field, { remedy, isKey: true });
    }
  }
}

/** Checks that a name exists. */
function checkKnown(name: string, known: object | undefined, what: string, reading: Reading): void {
  if (known === undefined || Object.hasOwn(known, name)) return;
  const names = Object.keys(known);
  const remedy = suggestion(name, names).replace(/^; /, "") || `use one of ${names.join(", ") || "those that you add"}`;
  reading.report(`must be the name of ${what}`, name, { remedy });
}

/** Checks that every route has a receiver, and that every alert has a route. */
function checkRoutes({ alert, labels, sources }: ReadMonitor, file: ReadFile, reading: Reading): void {
  if (!alert) return;
  const at = reading.at("alert");
  const known = (to: readonly string[] | undefined, place: Reading): void => {
    for (const name of to ?? []) if (name !== undefined) checkKnown(name, file.receivers, "a receiver", place);
  };
  known(alert.to, at.at("to"));
  known(alert.fallback === undefined ? [] : [alert.fallback], at.at("fallback"));
  const all = file.sources ?? {};
  const watched = (sources ?? Object.keys(all)).filter((name) => Object.hasOwn(all, name ?? "") && all[name]);
  const labelsOf = (name: string): Labels => ({
    ...labels,
    ...all[name].labels,
    source: name,
    region: all[name].region,
  });
  const reached = new Set<string>();
  for (const [index, route] of (alert.also ?? []).entries()) {
    if (!route) continue;
    const place = at.at("also", index);
    known(route.to, place.at("to"));
    known(route.fallback === undefined ? [] : [route.fallback], place.at("fallback"));
    const fitting = watched.filter((name) => carries(labelsOf(name), route.labels ?? {}, reading));
    for (const name of fitting) reached.add(name);
    if (fitting.length > 0 || watched.length === 0) continue;
    place.at("labels").report("must be labels that an alert of this monitor carries", route.labels, {
      remedy: "correct them, or add them to the monitor or to one of its sources",
    });
  }
  if (Object.hasOwn(alert, "to")) return;
  const lost = watched.filter((name) => !reached.has(name));
  const nobody = lost.length > 0 ? `nobody for ${lost.join(", ")}` : "nobody";
  if (lost.length === 0 && alert.also?.length !== 0) return;
  at.report("must lead every alert to somebody", undefined, {
    got: nobody,
    remedy: "add to, or a route that its labels fit",
  });
}

/** Labels that only the plan knows can have any value. */
function carries(labels: Labels, wanted: Labels, { isUnresolved }: Reading): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value || isUnresolved(labels[name] ?? ""));
}

function checkSources({ monitors, records, sources = {} }: ReadFile, reading: Reading): void {
  const watchesAll = (monitors ?? []).some((monitor) => !monitor || monitor.sources === undefined);
  const watched = new Set((monitors ?? []).flatMap((monitor) => monitor?.sources ?? []));
  const topics = new Map<string, string>();
  for (const [name, source] of Object.entries(sources)) {
    const at = reading.at("sources", name);
    if (monitors && !watchesAll && !watched.has(name)) {
      at.report("must be watched by a monitor", name, {
        remedy: "name it in sources of one, or take it away",
        isKey: true,
      });
    }
    if (source?.topic === undefined) continue;
    const other = topics.get(source.topic);
    if (other !== undefined) {
      const remedy = "take one of them away: what matched would be told twice";
      at.at("topic").report(`must be a topic of its own, and ${other} has it`, source.topic, { remedy });
    }
    topics.set(source.topic, name);
    if (records?.topic === source.topic) {
      const remedy = "give alerts a topic that nothing watches: each alert would be the reason for the next";
      reading.at("records", "topic").report(`must be none of the sources, and ${name} is it`, source.topic, { remedy });
    }
    if (source.form === "pull" && source.logset === undefined) {
      at.report("must have logset, since it is pulled", undefined, { remedy: "add the id of the topic's logset" });
    }
    if (source.form === "push" && source.query !== undefined) {
      const remedy = "leave it out: a delivery has no filter, and match says what is looked for";
      at.at("query").report("must be left out where the form is push", source.query, { remedy });
    }
  }
  if (Object.keys(sources).length === 0) {
    reading.at("sources").report("must have a source", {}, { remedy: "add one" });
  }
}

function checkReceivers({ heartbeat, monitors, receivers }: ReadFile, reading: Reading): void {
  if (heartbeat?.to !== undefined) checkKnown(heartbeat.to, receivers, "a receiver", reading.at("heartbeat", "to"));
  if (!monitors || monitors.some((monitor) => !monitor?.alert)) return;
  const routes = monitors.flatMap(({ alert }) => [alert, ...(alert.also ?? [])]);
  const told = new Set([heartbeat?.to, ...routes.flatMap((route) => [route?.fallback, ...(route?.to ?? [])])]);
  for (const name of Object.keys(receivers ?? {})) {
    if (told.has(name)) continue;
    const remedy = "name it in alert of a monitor, or take it away";
    reading.at("receivers", name).report("must be told by a monitor", name, { remedy, isKey: true });
  }
}
