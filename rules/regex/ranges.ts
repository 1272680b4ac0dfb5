/** Sets of code points as sorted, disjoint, non-adjacent ranges, ends included. */
export type Ranges = readonly (readonly [number, number])[];

export const LAST_CODE_POINT = 0x10ffff;

export function normalize(ranges: Ranges): Ranges {
  const merged: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1] + 1) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

export function complement(ranges: Ranges): Ranges {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [start, end] of ranges) {
    if (start > next) rest.push([next, start - 1]);
    next = end + 1;
  }
  if (next <= LAST_CODE_POINT) rest.push([next, LAST_CODE_POINT]);
  return rest;
}

/** The part of a set between two code points. */
export function clip(ranges: Ranges, first: number, last: number): Ranges {
  return ranges
    .filter(([start, end]) => end >= first && start <= last)
    .map(([start, end]) => [Math.max(start, first), Math.min(end, last)] as const);
}

export function includes(ranges: Ranges, code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < ranges[middle][0]) high = middle - 1;
    else if (code > ranges[middle][1]) low = middle + 1;
    else return true;
  }
  return false;
}
