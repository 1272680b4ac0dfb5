import { checkItems } from "../run/length";
import { fail } from "../run/values";

/** Maximum items that an evaluation can visit, counting repeats: a second or two. */
const MAX_WORK = 2 ** 25;

/** Items visited by the current evaluation. Evaluations neither wait nor call each other. */
let done = 0;

/** Begins an evaluation. */
export function beginWork(): void {
  done = 0;
}

/**
 * Counts the items that the current evaluation is about to visit. Without a limit, thirty nested comparisons of lists
 * that contain one list twice would never end, and expressions can come from events.
 */
export function countWork(items: number): void {
  done += items;
  if (done > MAX_WORK) fail(`A JMESPath expression must go through at most ${MAX_WORK} items; select in several steps`);
}

/** The same for a list to create; fails before it exceeds the maximum length of lists. */
export function countItems(items: number): void {
  checkItems(items);
  countWork(items);
}
