import type { Count, Mark } from "./objects";
import { groupKey } from "./keys";

/** Number of records by group in a count. */
export function countsOf({ groups }: Count): Record<string, number> {
  return Object.fromEntries(groups.map(({ monitor, group, count }) => [groupKey(monitor, group), count]));
}

/**
 * How a count changes the sums, given the mark of what was already summed at its position. If a position has several
 * contents, the one that arrived last counts.
 */
export function settle(
  mark: Mark | undefined,
  at: number,
  counts: Readonly<Record<string, number>>,
): { readonly mark: Mark; readonly differences: Readonly<Record<string, number>> } {
  const before = mark?.groups ?? {};
  const isOutdated = mark !== undefined && at < mark.at;
  if (isOutdated && !mark.isPartial) return { mark, differences: {} };
  const groups = isOutdated ? { ...counts, ...before } : { ...counts };
  if (mark?.isPartial) for (const [group, count] of Object.entries(before)) groups[group] ??= count;
  const differences: Record<string, number> = {};
  for (const group of new Set([...Object.keys(groups), ...Object.keys(before)])) {
    const difference = (groups[group] ?? 0) - (before[group] ?? 0);
    if (difference !== 0) differences[group] = difference;
  }
  return { mark: { version: 1, at: Math.max(at, mark?.at ?? 0), groups }, differences };
}

/** Adds groups to the mark that a sweep counted by their claim; existing ones stay. */
export function withTakenOver(mark: Mark | undefined, at: number, counted: Readonly<Record<string, number>>): Mark {
  if (!mark) return { version: 1, at, groups: counted, isPartial: true };
  return mark.isPartial ? { ...mark, groups: { ...counted, ...mark.groups } } : mark;
}
