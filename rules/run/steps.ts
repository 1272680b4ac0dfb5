import type { Event } from "./event";
import type { Outcome, Run, Step } from "./implementation";
import { MAX_LENGTH } from "./length";
import { RuleFailure } from "./values";

/**
 * Maximum number of events that one event can become. A text that creates more is most likely wrong, and would fill the
 * memory.
 */
const MAX_EVENTS = 10_000;

/** Maximum characters of all events that one event can become: 64 Mi. */
export const MAX_CHARACTERS = 4 * MAX_LENGTH;

/**
 * Maximum fields of all events that one event can become, without its original ones: 2 Mi. Each takes some 50 bytes in
 * addition to its characters, for each event.
 */
const MAX_FIELDS = 2 ** 21;

/** Up to this number of events, characters are not counted: each event was already in memory in about this size. */
const FEW = 16;

/** Fails if an event has become too many events. */
export function checkCount(count: number): void {
  if (count > MAX_EVENTS) refuse(`an event must not become more than ${MAX_EVENTS} events; split or copy less`);
}

/** Fails if the events that an event has become are too many, or too large in total. */
export function checkSize(events: readonly Event[]): void {
  checkCount(events.length);
  checkFieldsOf(
    events.length,
    events.reduce((sum, event) => sum + event.made, 0),
  );
  if (events.length <= FEW) return;
  const size = events.reduce((sum, event) => sum + event.size, 0);
  if (size > MAX_CHARACTERS) refuseSize(events.length, size);
}

/** The same before an event is copied, without the characters of a field that each copy replaces. */
export function checkCopies(count: number, event: Event, replaced: string): void {
  checkCount(count);
  checkFieldsOf(count, event.made * count);
  if (count <= FEW) return;
  const size = event.size - (event.get(replaced)?.length ?? 0);
  if (size * count > MAX_CHARACTERS) refuseSize(count, size * count);
}

function checkFieldsOf(events: number, fields: number): void {
  if (fields <= MAX_FIELDS) return;
  const remedy = "drop fields first, or split less";
  refuse(`an event must not become more than ${MAX_FIELDS} fields, got ${fields} in ${events} events; ${remedy}`);
}

function refuseSize(count: number, size: number): never {
  const remedy = "drop large fields first, or split less";
  refuse(`an event must not become more than ${MAX_CHARACTERS} characters, got ${size} in ${count} events; ${remedy}`);
}

/** Runs steps in order on an event and on all events that it becomes; ends if none are left. */
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

/** Split events are processed independently, in order. */
function runEach(steps: readonly Step[], events: readonly Event[], run: Run, from: number): Outcome {
  const left: Event[] = [];
  for (const event of events) {
    const outcome = runSteps(steps, event, run, from);
    if (outcome === null) continue;
    if (isSplit(outcome)) for (const one of outcome) left.push(one);
    else left.push(outcome);
    checkCount(left.length);
  }
  checkSize(left);
  return left.length === 0 ? null : left;
}

function isSplit(outcome: Event | readonly Event[]): outcome is readonly Event[] {
  return Array.isArray(outcome);
}

/** All functions of a statement contribute, so none is named. */
function refuse(message: string): never {
  const failure = new RuleFailure(message);
  failure.caller = "";
  throw failure;
}
