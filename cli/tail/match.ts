/** Maximum cells of a table; beyond that, only a forward search for matches is done. */
const MAX_CELLS = 4_000_000;

/**
 * Which members of two lists are equal, in the order of both: for each of `b` the index in `a`, or -1. It is the
 * longest such match, except for long lists that differ a lot.
 *
 * @param passes of two matches with the same length, prefers the one that skips members of this list first
 */
export function matchInOrder<A, B>(
  a: readonly A[],
  b: readonly B[],
  isSame: (x: A, y: B) => boolean,
  passes: "a" | "b" = "a",
): number[] {
  const found: number[] = new Array<number>(b.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && isSame(a[start], b[start])) found[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && isSame(a[endA - 1], b[endB - 1])) found[--endB] = --endA;

  const [rows, columns] = [endA - start, endB - start];
  if (rows === 0 || columns === 0) return found;
  const same = (row: number, column: number): boolean => isSame(a[start + row], b[start + column]);
  if (rows * columns > MAX_CELLS) {
    for (let column = 0, from = 0; column < columns; column++) {
      let row = from;
      while (row < rows && !same(row, column)) row++;
      if (row < rows) [found[start + column], from] = [start + row, row + 1];
    }
    return found;
  }

  // lengths[row][column]: number of matches from there on.
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * width + column;
      lengths[at] = same(row, column) ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    const at = row * width + column;
    if (same(row, column)) found[start + column++] = start + row++;
    else if (lengths[at + width] > lengths[at + 1] - (passes === "a" ? 1 : 0)) row++;
    else column++;
  }
  return found;
}
