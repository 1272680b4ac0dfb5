import { checkItems } from "../run/length";
import { fail } from "../run/values";

/** Items that an evaluation may go through, each time that it comes by: a second or two. */
const MAX_WORK = 2 ** 25;

/** What the evaluation at hand has gone through; evaluations neither wait nor call each other. */
let done = 0;

/** Begins an evaluation. */
export function beginWork(): void {
  done = 0;
}

/**
 * Counts what the evaluation at hand goes through, before it does. Without a bound, thirty comparisons of lists that hold
 * one list twice would take for ever: an event may bring the expression.
 */
export function countWork(items: number): void {
  done += items;
  if (done > MAX_WORK) fail(`A JMESPath expression must go through at most ${MAX_WORK} items; select in several steps`);
}

/** Likewise for a list that is made; fails before it is longer than a list may be. */
export function countItems(items: number): void {
  checkItems(items);
  countWork(items);
}
