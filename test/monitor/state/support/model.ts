import type { Monitor } from "../../../../monitor";
import { isQuiet, mutedUntil } from "../../../../monitor/state/calendar";

/** Events in order. A repeated batch has the position of the first. */
export type ModelEvent =
  | {
      readonly at: number;
      readonly type: "batch";
      readonly position: string;
      readonly matches: Readonly<Record<string, number>>;
    }
  | { readonly at: number; readonly type: "sweep" }
  | { readonly at: number; readonly type: "seen"; readonly source: string };

interface Open {
  total: number;
  told: number;
  isTold: boolean;
  toldAt: number;
  lastAt: number;
}

/**
 * Alerts of one monitor if nothing ever fails: `first orders 3`. Records have the second in which they arrive. The
 * reference of docs/design/monitor-state.md.
 */
export function tell(monitor: Monitor, events: readonly ModelEvent[]): string[] {
  const { windowMs, threshold, missing, maxGroups } = monitor;
  const alerts: string[] = [];
  const open = new Map<string, Open>();
  const pool = new Map<string, { at: number; count: number }[]>();
  const handled = new Set<string>();
  const muted = new Map<string, number>();
  const seen = new Map<string, number>();
  const silent = new Map<string, { isTold: boolean; isBack: boolean }>();
  const start = (group: string, count: number, at: number, isTold: boolean): void => {
    open.set(group, { total: count, told: isTold ? count : 0, isTold, toldAt: at, lastAt: at });
    if (isTold) alerts.push(`first ${group} ${count}`);
    muted.delete(group);
  };
  const isCrossed = (entries: readonly { at: number; count: number }[]): boolean => {
    const width = Math.max(1, Math.ceil(threshold!.withinMs / 1000));
    const second = (at: number): number => Math.floor(at / 1000);
    return entries.some(({ at }) => {
      const within = entries.filter((one) => second(one.at) <= second(at) && second(one.at) > second(at) - width);
      return within.reduce((sum, { count }) => sum + count, 0) >= threshold!.count;
    });
  };
  /** A crossed threshold is reported within ten seconds. */
  const crossedAt = new Map<string, number>();
  const judgeCrossed = (at: number): void => {
    for (const group of new Set([...pool.keys(), ...crossedAt.keys()])) {
      const isWaiting = !isQuiet(monitor, at) && isCrossed(pool.get(group) ?? []);
      if (!isWaiting) crossedAt.delete(group);
      else if (!crossedAt.has(group)) crossedAt.set(group, at);
      else if (at - crossedAt.get(group)! > 10_000) alerts.push(`overdue ${group}`);
    }
  };
  const countOpen = (): number => [...open.keys()].filter((group) => group !== "others").length;

  for (const event of events) {
    const { at } = event;
    if (threshold) judgeCrossed(at);
    if (event.type === "seen") seen.set(event.source, Math.max(at, seen.get(event.source) ?? 0));
    else if (event.type === "batch") {
      if (handled.has(event.position)) continue;
      handled.add(event.position);
      let others = 0;
      for (const [group, count] of Object.entries(event.matches)) {
        const own = open.get(group);
        if (own) Object.assign(own, { total: own.total + count, lastAt: at });
        else if (mutedUntil(monitor, [group], at) !== undefined) muted.set(group, (muted.get(group) ?? 0) + count);
        else if (threshold && (isQuiet(monitor, at) || !isCrossed([{ at, count }]))) {
          pool.set(group, [...(pool.get(group) ?? []), { at, count }]);
        } else if (countOpen() < maxGroups) {
          start(group, count, at, !isQuiet(monitor, at));
          const before = (pool.get(group) ?? []).reduce((sum, one) => sum + one.count, 0);
          open.get(group)!.total += before;
          pool.delete(group);
        } else others += count;
      }
      const rest = open.get("others");
      if (others > 0 && rest) Object.assign(rest, { total: rest.total + others, lastAt: at });
      else if (others > 0) start("others", others, at, !isQuiet(monitor, at));
    } else {
      const fresh = new Set<string>();
      for (const [group, entries] of pool) {
        const kept = entries.filter((one) => one.at > at - windowMs - threshold!.withinMs);
        pool.set(group, kept);
        if (!isCrossed(kept)) continue;
        start(
          group,
          kept.reduce((sum, { count }) => sum + count, 0),
          Math.max(...kept.map((one) => one.at)),
          false,
        );
        pool.delete(group);
        fresh.add(group);
      }
      for (const [group, state] of open) {
        if (isQuiet(monitor, at)) continue;
        const isSilent = at - state.lastAt >= windowMs && !fresh.has(group);
        const untold = state.total - state.told;
        const isMuted = mutedUntil(monitor, [group], at) !== undefined;
        if (isMuted) muted.set(group, (muted.get(group) ?? 0) + untold);
        else if (!state.isTold) alerts.push(`first ${group} ${untold}`);
        else if (untold > 0 && (isSilent || at - state.toldAt >= windowMs)) alerts.push(`more ${group} ${untold}`);
        const hasTold = isMuted || !state.isTold || isSilent || (untold > 0 && at - state.toldAt >= windowMs);
        if (hasTold) Object.assign(state, { told: state.total, isTold: true, toldAt: isMuted ? state.toldAt : at });
        if (isSilent && !isMuted) alerts.push(`recovered ${group} ${state.total}`);
        if (isSilent) open.delete(group);
      }
      if (missing) {
        for (const source of monitor.sources) {
          if (!seen.has(source)) seen.set(source, at);
          const isSilent = at - seen.get(source)! >= missing.forMs;
          if (isSilent && !silent.has(source)) silent.set(source, { isTold: false, isBack: false });
          const silence = silent.get(source);
          if (!silence) continue;
          silence.isBack ||= !isSilent;
          if (isQuiet(monitor, at)) continue;
          if (!silence.isTold) alerts.push(`missing ${source}`);
          silence.isTold = true;
          if (silence.isBack) {
            alerts.push(`returned ${source}`);
            silent.delete(source);
          }
        }
      }
    }
  }
  return alerts;
}
