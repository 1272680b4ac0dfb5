import type { Argument, Run, Thunk } from "./implementation";
import type { Value } from "./values";

/** What stands at the place of a parameter: an argument, none, or the arguments of a variadic one. */
export type Slot = Argument | readonly Argument[] | undefined;

/**
 * A call of a function of values: its arguments are evaluated in order and handed over by parameter. Calls with few
 * arguments, which are nearly all, make no array.
 */
export function callOf(invoke: (...values: unknown[]) => Value, slots: readonly Slot[], withRun = false): Thunk {
  const [a, b, c, ...more] = withoutTrailingGaps(slots).map(evaluateSlot);
  if (withRun) {
    const all = [a, b, c, ...more].filter((slot) => slot !== undefined);
    return (event, run) => invoke(run, ...all.map((slot) => slot(event, run)));
  }
  if (!a) return () => invoke();
  if (!b) return (event, run) => invoke(a(event, run));
  if (!c) return (event, run) => invoke(a(event, run), b(event, run));
  if (more.length === 0) return (event, run) => invoke(a(event, run), b(event, run), c(event, run));
  return (event, run) => invoke(a(event, run), b(event, run), c(event, run), ...more.map((slot) => slot(event, run)));
}

type Evaluate = (event: Parameters<Thunk>[0], run: Run) => unknown;

function evaluateSlot(slot: Slot): Evaluate {
  if (slot === undefined) return () => undefined;
  if ("evaluate" in slot) return slot.evaluate;
  const thunks = slot.map(({ evaluate }) => evaluate);
  return (event, run) => thunks.map((thunk) => thunk(event, run));
}

function withoutTrailingGaps(slots: readonly Slot[]): readonly Slot[] {
  let { length } = slots;
  while (length > 0 && slots[length - 1] === undefined) length--;
  return slots.slice(0, length);
}

/** The value of a key, made where it is new. The oldest one goes when there are too many. */
export function lookUp<T>(cache: Map<string, T>, key: string, limit: number, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (cache.size >= limit) cache.delete(cache.keys().next().value!);
  cache.set(key, made);
  return made;
}
