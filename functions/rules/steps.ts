import type { Event } from "./event";
import type { Outcome, Run, Step } from "./implementation";

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
    if (isSplit(outcome)) left.push(...outcome);
    else left.push(outcome);
  }
  return left.length === 0 ? null : left;
}

function isSplit(outcome: Event | readonly Event[]): outcome is readonly Event[] {
  return Array.isArray(outcome);
}
