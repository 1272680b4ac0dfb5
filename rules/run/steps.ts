import type { Event } from "./event";
import type { Outcome, Run, Step } from "./implementation";
import { MAX_LENGTH } from "./length";
import { RuleFailure } from "./values";

/** Events that one event may be at a time; a text that makes more is most likely wrong, and would fill the memory. */
const MAX_EVENTS = 10_000;

/** Characters of all events that one event may be at a time: 64 Mi. */
export const MAX_CHARACTERS = 4 * MAX_LENGTH;

/**
 * Fields of all events that one event may be at a time, those aside that it came with: 2 Mi. Each takes some 50 bytes
 * beside its characters, for each event anew.
 */
const MAX_FIELDS = 2 ** 21;

/** Events up to which nobody counts their characters: each was in memory, or nearly, as it came. */
const FEW = 16;

/** Fails where an event has become too many. */
export function checkCount(count: number): void {
  if (count > MAX_EVENTS) refuse(`an event must not become more than ${MAX_EVENTS} events; split or copy less`);
}

/** Fails where the events that an event has become are too many, or too large together. */
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

/** Likewise before copies of an event are made, without the characters of a field that each replaces. */
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
  checkSize(left);
  return left.length === 0 ? null : left;
}

function isSplit(outcome: Event | readonly Event[]): outcome is readonly Event[] {
  return Array.isArray(outcome);
}

/** All functions of a line have a share in it, so that none is named. */
function refuse(message: string): never {
  const failure = new RuleFailure(message);
  failure.caller = "";
  throw failure;
}
