/** The candidate that a mistyped name most likely means; `undefined` if none is similar. */
export function mostSimilar(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // For a short name, more than half must be correct.
  let least = Math.min(Math.max(2, Math.floor(name.length / 3)) + 1, Math.max(2, Math.ceil(name.length / 2)));
  if (name.length > 64) return undefined;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** `; did you mean e_set?`, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const similar = mostSimilar(name, candidates);
  return similar === undefined ? "" : `; did you mean ${similar}?`;
}

/** Letters to insert, remove or replace; swapping two neighbours counts as one. Stops at the limit. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const replaced = previous[column - 1] + (isSame ? 0 : 1);
      const swapped = isSwap ? beforePrevious[column - 2] + 1 : Infinity;
      current.push(Math.min(previous[column] + 1, current[column - 1] + 1, replaced, swapped));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length];
}
