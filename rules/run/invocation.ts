import type { Argument, Run, Thunk } from "./implementation";
import type { Value } from "./values";

/** What stands at the place of a parameter: an argument, the arguments of a variadic one, or nothing. */
export type Slot = Argument | readonly Argument[] | undefined;

type Evaluate = (event: Parameters<Thunk>[0], run: Run) => unknown;

/**
 * A call of a function of values: its arguments are evaluated in order and handed over by parameter. Calls with few
 * arguments, which are nearly all, make no array; of the others, those that vary are evaluated for each event.
 */
export function callOf(invoke: (...values: unknown[]) => Value, slots: readonly Slot[], withRun = false): Thunk {
  const all: Evaluate[] = [...(withRun ? [(_event: unknown, run: Run) => run] : []), ...slots.map(evaluateSlot)];
  const [a, b, c, d] = all;
  if (all.length === 0) return () => invoke();
  if (all.length === 1) return (event, run) => invoke(a(event, run));
  if (all.length === 2) return (event, run) => invoke(a(event, run), b(event, run));
  if (all.length === 3) return (event, run) => invoke(a(event, run), b(event, run), c(event, run));
  if (all.length === 4) return (event, run) => invoke(a(event, run), b(event, run), c(event, run), d(event, run));

  const first = withRun ? 1 : 0;
  const constants = all.map((_, at) => constantOf(slots[at - first]));
  const varying = all.flatMap((evaluate, at) =>
    at >= first && isConstant(slots[at - first]) ? [] : [{ at, evaluate }],
  );
  return (event, run) => {
    const values = constants.slice();
    for (const { at, evaluate } of varying) values[at] = evaluate(event, run);
    return invoke(...values);
  };
}

function evaluateSlot(slot: Slot): Evaluate {
  if (slot === undefined) return () => undefined;
  if ("evaluate" in slot) return slot.evaluate;
  const thunks = slot.map(({ evaluate }) => evaluate);
  return (event, run) => thunks.map((thunk) => thunk(event, run));
}

function isConstant(slot: Slot): boolean {
  return slot === undefined || ("evaluate" in slot && slot.constant !== undefined);
}

function constantOf(slot: Slot): unknown {
  return slot !== undefined && "evaluate" in slot ? slot.constant?.value : undefined;
}
