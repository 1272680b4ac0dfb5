import { bind, type Bound } from "../check/binding";
import { parseParameters } from "../check/parameters";
import { FUNCTIONS } from "../functions";
import type { CallNode, Expression } from "../language/syntax-tree";
import { isTrue, type Value } from "../run/values";
import { all, either, type Needed } from "./literal";
import { needsOfField } from "./needs";
import { needsOfName, needsOfTexts, needsOfValue } from "./pieces";
import { type Condition, needsOfQuery, UNKNOWN } from "./query";

/**
 * A condition of a rule text. If the bytes contain nothing that it needs to hold, it is false and does not fail; if
 * they contain nothing that it needs to fail, it is true and does not fail either.
 */
export interface Test extends Condition {
  /** Whether its evaluation never fails, for any event. */
  readonly isSafe: boolean;
}

const UNKNOWN_TEST: Test = { ...UNKNOWN, isSafe: false };

/** What a condition needs, from the syntax tree of a text without errors. */
export function conditionOf(expression: Expression): Test {
  switch (expression.kind) {
    case "literal":
      return constant(expression.value);
    case "and":
      return allInTurn(expression.operands.map(conditionOf));
    case "or":
      return anyInTurn(expression.operands.map(conditionOf));
    case "call":
      return ofCall(expression);
    default:
      return UNKNOWN_TEST;
  }
}

function constant(value: Value): Test {
  const isHeld = isTrue(value);
  return { holds: isHeld ? undefined : [], fails: isHeld ? [] : undefined, isSafe: true };
}

function ofCall(call: CallNode): Test {
  const definition = FUNCTIONS.get(call.name);
  if (!definition) return UNKNOWN_TEST;
  const bound = bind(call, parseParameters(definition.parameters), () => undefined);
  const operands = (): Test[] => bound.rest.map(({ expression }) => conditionOf(expression));
  switch (call.name) {
    case "op_and":
      return allInTurn(operands());
    case "op_or":
      return anyInTurn(operands());
    case "op_not":
      return contraryOf(conditionOf(bound.named.get("a")!.expression));
    case "e_search": {
      const query = textOf(bound, "query");
      return query === undefined ? UNKNOWN_TEST : { ...needsOfQuery(query), isSafe: true };
    }
    case "e_has":
      return ofName(textOf(bound, "field"));
    case "e_not_has":
      return contraryOf(ofName(textOf(bound, "field")));
    case "e_match":
      return ofPattern([textOf(bound, "field")], textOf(bound, "regex"), fullOf(bound, true));
    case "e_match_all":
      return allInTurn(pairsOf(bound));
    case "e_match_any":
      return anyInTurn(pairsOf(bound));
    case "regex_match":
      return ofPattern(fieldsOf(bound.named.get("x")?.expression), textOf(bound, "regex"), fullOf(bound, false));
    case "op_eq":
      return ofEquality(bound);
    case "op_ne":
      return contraryOf(ofEquality(bound));
    default:
      return UNKNOWN_TEST;
  }
}

/**
 * Operands are evaluated up to the first that is false. Only operands that are certainly evaluated can make it false.
 */
function allInTurn(tests: readonly Test[]): Test {
  const reached = tests.slice(0, reachOf(tests));
  return {
    holds: all(reached.map(({ holds }) => holds)),
    fails: either(tests.map(({ fails }) => fails)),
    isSafe: tests.every(({ isSafe }) => isSafe),
  };
}

/** The same, up to the first that is true. */
function anyInTurn(tests: readonly Test[]): Test {
  return contraryOf(allInTurn(tests.map(contraryOf)));
}

function contraryOf({ holds, fails, isSafe }: Test): Test {
  return { holds: fails, fails: holds, isSafe };
}

/** Number of operands that are certainly evaluated if none before them decides. */
function reachOf(tests: readonly Test[]): number {
  const unsafe = tests.findIndex(({ isSafe }) => !isSafe);
  return unsafe === -1 ? tests.length : unsafe + 1;
}

function ofName(field: string | undefined): Test {
  return field === undefined ? UNKNOWN_TEST : { holds: needsOfName(field), fails: undefined, isSafe: true };
}

/** Whether the first existing field matches. Fields with unknown names can be any. */
function ofPattern(
  fields: readonly (string | undefined)[] | undefined,
  pattern: string | undefined,
  isFull: boolean | undefined,
): Test {
  if (fields === undefined || pattern === undefined || isFull === undefined) return UNKNOWN_TEST;
  const holds = either(fields.map((field) => (field === undefined ? undefined : needsOfField(field, pattern, isFull))));
  return { holds, fails: undefined, isSafe: fields.every((field) => field !== undefined) };
}

/** The tests of `e_match_all` and `e_match_any`. */
function pairsOf(bound: Bound): Test[] {
  const texts = bound.rest.map(({ expression }) => textIn(expression));
  const pairs: Test[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2)
    pairs.push(ofPattern([texts[at]], texts[at + 1], fullOf(bound, true)));
  return pairs;
}

/** Comparison of a field with a string. */
function ofEquality({ named }: Bound): Test {
  const [a, b] = ["a", "b"].map((name) => named.get(name)?.expression);
  const fields = fieldsOf(a) ?? fieldsOf(b);
  const text = textIn(a) ?? textIn(b);
  if (!fields || text === undefined) return UNKNOWN_TEST;
  const needsOf = (field: string): Needed => all([needsOfTexts([{ text }]), needsOfValue(field, "is", [{ text }])]);
  return { holds: either(fields.map(needsOf)), fails: undefined, isSafe: true };
}

/** The fields of `v("a", "b")`, whose value is the first that exists; undefined for any other expression. */
function fieldsOf(expression: Expression | undefined): string[] | undefined {
  if (expression?.kind !== "call" || expression.name !== "v" || expression.keywords.length > 0) return undefined;
  const names = expression.positional.map(textIn);
  return names.every((name) => name !== undefined) ? (names as string[]) : undefined;
}

function textOf({ named }: Bound, parameter: string): string | undefined {
  return textIn(named.get(parameter)?.expression);
}

function textIn(expression: Expression | undefined): string | undefined {
  return expression?.kind === "literal" && typeof expression.value === "string" ? expression.value : undefined;
}

/**
 * Whether the whole text must match; undefined if that depends on the event.
 *
 * @param fallback if the call does not specify it
 */
function fullOf({ named }: Bound, fallback: boolean): boolean | undefined {
  const full = named.get("full")?.expression;
  if (!full) return fallback;
  return full.kind === "literal" ? isTrue(full.value) : undefined;
}
