import { checkMade, failureIn } from "./guarded";
import type { Argument, Run, Thunk } from "./implementation";
import type { Value } from "./values";

/** Content of a parameter: an argument, the arguments of a variadic parameter, or nothing. */
export type Slot = Argument | readonly Argument[] | undefined;

type Evaluate = (event: Parameters<Thunk>[0], run: Run) => unknown;

/** A call of a function, by the function's name. */
interface NamedCall {
  readonly name: string;
  readonly invoke: (...values: unknown[]) => Value;
  /** Content of its parameters. */
  readonly slots: readonly Slot[];
  /** Whether the run is passed before them. */
  readonly withRun?: boolean;
}

/**
 * A call of a function on values: its arguments are evaluated in order and passed by parameter. Calls with few
 * arguments, which are nearly all, create no array; for the others, only varying arguments are evaluated for each
 * event. A failure names this function, not one that an argument calls.
 */
export function callOf({ name, invoke, slots, withRun = false }: NamedCall): Thunk {
  const all: Evaluate[] = [...(withRun ? [(_event: unknown, run: Run) => run] : []), ...slots.map(evaluateSlot)];
  const [a, b, c, d] = all;
  const guarded = (...values: unknown[]): Value => {
    try {
      return checkMade(invoke(...values));
    } catch (error) {
      throw failureIn(name, error);
    }
  };
  if (all.length === 0) return () => guarded();
  if (all.length === 1) return (event, run) => guarded(a(event, run));
  if (all.length === 2) return (event, run) => guarded(a(event, run), b(event, run));
  if (all.length === 3) return (event, run) => guarded(a(event, run), b(event, run), c(event, run));
  if (all.length === 4) return (event, run) => guarded(a(event, run), b(event, run), c(event, run), d(event, run));

  const first = withRun ? 1 : 0;
  const constants = all.map((_, at) => constantOf(slots[at - first]));
  const varying = all.flatMap((evaluate, at) =>
    at >= first && isConstant(slots[at - first]) ? [] : [{ at, evaluate }],
  );
  return (event, run) => {
    const values = constants.slice();
    for (const { at, evaluate } of varying) values[at] = evaluate(event, run);
    return guarded(...values);
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
