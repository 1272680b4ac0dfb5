/** Number of records by second of their own time. */
export type Seconds = readonly (readonly [second: number, count: number])[];

/** Maximum number of records within this duration, in whole seconds. @param seconds in any order */
export function mostWithin(seconds: Seconds, withinMs: number): number {
  const width = Math.max(1, Math.ceil(withinMs / 1000));
  const sorted = [...seconds].sort(([one], [other]) => one - other);
  let from = 0;
  let sum = 0;
  let most = 0;
  for (const [second, records] of sorted) {
    sum += records;
    while (sorted[from][0] <= second - width) sum -= sorted[from++][1];
    most = Math.max(most, sum);
  }
  return most;
}

/** Whether that many records are within the duration. */
export function isCrossed(
  seconds: Seconds,
  { count, withinMs }: { readonly count: number; readonly withinMs: number },
): boolean {
  return mostWithin(seconds, withinMs) >= count;
}
