/** Bounds of a slice as written; null if omitted. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  /** Not 0. */
  readonly step: number | null;
}

/** A slice of a list, as in Python. */
export function slice<T>(list: readonly T[], bounds: Slice): T[] {
  const { length } = list;
  const step = bounds.step ?? 1;
  const [first, last] = step > 0 ? [0, length] : [length - 1, -1];
  const start = bounds.start === null ? first : clamp(bounds.start, length, step);
  const stop = bounds.stop === null ? last : clamp(bounds.stop, length, step);

  const taken: T[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) taken.push(list[at]);
  return taken;
}

/** Negative bounds count from the end; bounds outside are set to just outside. */
function clamp(bound: number, length: number, step: number): number {
  const at = bound < 0 ? bound + length : bound;
  return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
}
