import type { Event } from "./event";
import type { Outcome, Run, Step } from "./implementation";
import { fail } from "./values";

/** Events that one event may be at a time; a text that makes more is most likely wrong, and would fill the memory. */
export const MAX_EVENTS = 10_000;

/** Fails where an event has become too many. */
export function checkCount(count: number): void {
  if (count > MAX_EVENTS) fail(`an event must not become more than ${MAX_EVENTS} events; split or copy less`);
}

/** Runs steps one after the other on an event and on all that it becomes; ends where nothing is left. */
export function runSteps(steps: readonly Step[], event: Event, run: Run, from = 0): Outcome {
  let current = event;
  for (let at = from; at < steps.length; at++) {
    const outcome = steps[at](current, run);
    if (outcome === null) return null;
    if (isSplit(outcome)) return runEach(steps, outcome, run, at + 1);
    current = outcome;
  }
  return current;
}

/** What is split runs on independently, in order. */
function runEach(steps: readonly Step[], events: readonly Event[], run: Run, from: number): Outcome {
  const left: Event[] = [];
  for (const event of events) {
    const outcome = runSteps(steps, event, run, from);
    if (outcome === null) continue;
    if (isSplit(outcome)) for (const one of outcome) left.push(one);
    else left.push(outcome);
    checkCount(left.length);
  }
  return left.length === 0 ? null : left;
}

function isSplit(outcome: Event | readonly Event[]): outcome is readonly Event[] {
  return Array.isArray(outcome);
}
