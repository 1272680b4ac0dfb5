import { bind, type Bound } from "../check/binding";
import { OPERATIONS } from "../check/constants";
import { parseParameters } from "../check/parameters";
import { FUNCTIONS } from "../functions";
import type { CallNode, Expression } from "../language/syntax-tree";
import { conditionOf, type Test } from "./conditions";
import { either, type Literal } from "./literal";

/**
 * What happens to an event if the bytes of its record contain none of certain literals, so that the rules do nothing.
 * It leaves unchanged. (A pattern or query that would have failed on it because of its time or memory limit is not
 * run.)
 */
export interface Idle {
  readonly unless: readonly Literal[];
  /** The outputs that it is sent to, in order, with `null` for the default one; empty if it is dropped. */
  readonly outputs: readonly (string | null)[];
}

/** The same for a step. */
interface IdleStep extends Idle {
  /** Whether processing of the event ends. */
  readonly ends: boolean;
}

const GOES_ON: IdleStep = { unless: [], outputs: [], ends: false };
const ENDS: IdleStep = { unless: [], outputs: [], ends: true };

/** What happens to an event that the statements do not change; undefined if that cannot be decided from bytes. */
export function idleOf(statements: readonly Expression[]): Idle | undefined {
  const whole = inTurn(statements);
  return whole && { unless: whole.unless, outputs: whole.ends ? whole.outputs : [...whole.outputs, null] };
}

function inTurn(steps: readonly Expression[]): IdleStep | undefined {
  let before = GOES_ON;
  for (const step of steps) {
    const next = idleStep(step);
    if (!next) return undefined;
    const joined = after(before, next);
    if (!joined || joined.ends) return joined;
    before = joined;
  }
  return before;
}

function after(before: IdleStep, next: IdleStep): IdleStep | undefined {
  const unless = either([before.unless, next.unless]);
  return unless && { unless, outputs: [...before.outputs, ...next.outputs], ends: next.ends };
}

function idleStep(step: Expression): IdleStep | undefined {
  if (step.kind === "literal" && step.value === null) return GOES_ON;
  if (step.kind === "name") {
    const name = OPERATIONS.get(step.name);
    return name === undefined ? undefined : idleCall(noArguments(name, step));
  }
  return step.kind === "call" ? idleCall(step) : undefined;
}

/** Effects of the functions that can leave an event unchanged. */
function idleCall(call: CallNode): IdleStep | undefined {
  const definition = FUNCTIONS.get(call.name);
  if (!definition) return undefined;
  const bound = bind(call, parseParameters(definition.parameters), () => undefined);
  const named = (parameter: string): Expression | undefined => bound.named.get(parameter)?.expression;
  switch (call.name) {
    case "e_drop":
      return branch(
        testOf(named("condition")),
        () => ENDS,
        () => GOES_ON,
      );
    case "e_keep":
      return branch(
        testOf(named("condition")),
        () => GOES_ON,
        () => ENDS,
      );
    case "e_if":
      return ifs(bound);
    case "e_if_else":
      return branch(
        testOf(named("cond")),
        () => optional(named("op_true")),
        () => optional(named("op_false")),
      );
    case "e_switch":
      return cases(bound);
    case "e_compose":
      return inTurn(bound.rest.map(({ expression }) => expression));
    case "e_output":
    case "e_coutput":
      return output(bound, call.name === "e_output");
    default:
      return undefined;
  }
}

/** An omitted condition is true. */
function testOf(condition: Expression | undefined): Test {
  return condition ? conditionOf(condition) : { holds: undefined, fails: [], isSafe: true };
}

/** An omitted operation does nothing. */
function optional(step: Expression | undefined): IdleStep | undefined {
  return step ? idleStep(step) : GOES_ON;
}

/** What happens if the bytes do not contain what the condition needs for the other branch. */
function branch(
  { holds, fails }: Test,
  then: () => IdleStep | undefined,
  otherwise: () => IdleStep | undefined,
): IdleStep | undefined {
  return way(holds, otherwise) ?? way(fails, then);
}

function way(unless: readonly Literal[] | undefined, step: () => IdleStep | undefined): IdleStep | undefined {
  const next = unless && step();
  return next && after({ unless, outputs: [], ends: false }, next);
}

/**
 * Each pair runs on the result of the previous pairs; a final operation without condition belongs to the last
 * condition.
 */
function ifs({ rest }: Bound): IdleStep | undefined {
  const hasElse = rest.length % 2 === 1;
  let before = GOES_ON;
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const isLast = at + 3 >= rest.length;
    const next = branch(
      conditionOf(rest[at].expression),
      () => idleStep(rest[at + 1].expression),
      () => (hasElse && isLast ? idleStep(rest[rest.length - 1].expression) : GOES_ON),
    );
    const joined = next && after(before, next);
    if (!joined || joined.ends) return joined;
    before = joined;
  }
  return before;
}

/** The first pair whose condition holds, otherwise the default. */
function cases({ rest, named }: Bound): IdleStep | undefined {
  const from = (at: number): IdleStep | undefined => {
    if (at + 1 >= rest.length) return optional(named.get("default")?.expression);
    return branch(
      conditionOf(rest[at].expression),
      () => idleStep(rest[at + 1].expression),
      () => from(at + 2),
    );
  };
  return from(0);
}

/** An output with a known name, and without labels, which would change the copy. */
function output({ named }: Bound, ends: boolean): IdleStep | undefined {
  if ([...named.keys()].some((parameter) => parameter !== "name")) return undefined;
  const name = named.get("name")?.expression ?? { kind: "literal", value: null };
  if (name.kind !== "literal") return undefined;
  const { value } = name;
  return value === null || typeof value === "string" ? { unless: [], outputs: [value], ends } : undefined;
}

function noArguments(name: string, { span }: Expression): CallNode {
  return { kind: "call", span, name, nameSpan: span, positional: [], keywords: [] };
}
