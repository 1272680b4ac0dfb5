import type { Monitor } from "../definition/types";
import type { Head } from "./objects";

/**
 * Number of instances that can share a threshold such that one of them always notices: of what was missing at the last
 * sweep, at least one instance has counted a sixteenth.
 */
const INSTANCES = 16;

/**
 * Fraction of a threshold from which a sweep reports how much is missing. Groups that it does not report are assumed to
 * be this full.
 */
const FULL = 0.5;

/** Maximum groups that a sweep reports: those that miss least. */
const MAX_TOLD = 1_000;

/** Maximum groups that an instance remembers, and separate counts in one group; older ones are merged. */
const MAX_GROUPS = 20_000;
const MAX_ENTRIES = 32;

/**
 * Milliseconds by which clocks of two instances can differ, and a list can be delayed. Anything newer is considered not
 * summed.
 */
const SKEW_MS = 2_000;

interface Counted {
  readonly monitor: Monitor;
  entries: (readonly [at: number, count: number])[];
  /** Until when the group is assumed to be open, in milliseconds. */
  openUntil: number;
}

/** Counts of an instance in groups below their thresholds that no sweep has summed yet, as far as it knows. */
export class NearThresholds {
  readonly #groups = new Map<string, Counted>();
  #missing: Readonly<Record<string, number>> = {};
  #sweptAt = -Infinity;
  #heardAt = -Infinity;

  /** @param at when it was counted, in milliseconds */
  count(monitor: Monitor, group: string, count: number, at: number): void {
    const counted = this.#groups.get(group) ?? { monitor, entries: [], openUntil: -Infinity };
    counted.entries.push([at, count]);
    if (counted.entries.length > MAX_ENTRIES) {
      const [[, oldest], [second, older], ...others] = counted.entries;
      counted.entries = [[second, oldest + older], ...others];
    }
    this.#groups.delete(group);
    this.#groups.set(group, counted);
    if (this.#groups.size > MAX_GROUPS) this.#groups.delete(this.#groups.keys().next().value!);
  }

  /** Whether the result of the last sweep was read since then. */
  hasHeardSince(at: number): boolean {
    return this.#heardAt >= at;
  }

  /** Receives the result of the last sweep. @param now milliseconds */
  hear({ at, missing = {} }: Pick<Head, "at" | "missing">, now: number): void {
    this.#heardAt = now;
    this.#missing = missing;
    if (at === this.#sweptAt) return;
    this.#sweptAt = at;
    for (const [group, counted] of this.#groups) {
      counted.entries = counted.entries.filter(([countedAt]) => countedAt > at - SKEW_MS);
      if (counted.entries.length === 0 && counted.openUntil < now) this.#groups.delete(group);
    }
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** Groups whose thresholds may have been crossed since the last sweep, and that are not known to be open. */
  near(now: number): { readonly group: string; readonly monitor: Monitor }[] {
    const found: { readonly group: string; readonly monitor: Monitor }[] = [];
    for (const [group, { entries, monitor, openUntil }] of this.#groups) {
      if (openUntil > now || !monitor.threshold) continue;
      const sum = entries.reduce((all, [, count]) => all + count, 0);
      const missing = this.#missing[group] ?? monitor.threshold.count * FULL;
      if (sum > 0 && sum * INSTANCES >= missing) found.push({ group, monitor });
    }
    return found;
  }

  /** Notes that a group is open: further counts in it cross no threshold. */
  open(group: string, until: number): void {
    const counted = this.#groups.get(group);
    if (counted) counted.openUntil = until;
  }
}

/** What a sweep reports about thresholds that may soon be crossed: the number of missing records by group. */
export function tellMissing(
  found: readonly (readonly [group: string, missing: number, threshold: number])[],
): Record<string, number> {
  const full = found.filter(([, missing, threshold]) => threshold - missing >= threshold * FULL);
  const sorted = full.sort(([, one], [, other]) => one - other).slice(0, MAX_TOLD);
  return Object.fromEntries(sorted.map(([group, missing]) => [group, missing]));
}
