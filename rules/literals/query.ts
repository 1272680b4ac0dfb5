import { ANY, type Glob, ONE, type Query } from "../query/tree";
import { parseQuery } from "../query/parse";
import { all, either, type Needed } from "./literal";
import { needsOfField } from "./needs";
import { needsOfName, needsOfTexts, needsOfValue } from "./pieces";

/** What a condition needs to be true, and to be false. */
export interface Condition {
  readonly holds: Needed;
  readonly fails: Needed;
}

/** Nothing is known: it can be true, be false, or have no value. */
export const UNKNOWN: Condition = { holds: undefined, fails: undefined };

/**
 * What the bytes need to match a query of `e_search`, and not to match it.
 *
 * @throws QueryError if it cannot be parsed
 */
export function needsOfQuery(text: string): Condition {
  return conditionOf(parseQuery(text));
}

function conditionOf(query: Query): Condition {
  switch (query.kind) {
    case "not": {
      const { holds, fails } = conditionOf(query.operand);
      return { holds: fails, fails: holds };
    }
    case "or":
      return anyOf(query.operands.map(conditionOf));
    case "and":
      return allOf(query.operands.map(conditionOf));
    case "text":
      return { holds: all(runsOf(query.value).map((text) => needsOfTexts([{ text }]))), fails: undefined };
    case "holds":
      return { holds: needsOfGlob(query.field, query.value, "holds"), fails: undefined };
    case "equals":
      return { holds: needsOfGlob(query.field, query.value, "starts"), fails: undefined };
    case "matches":
      return { holds: needsOfField(query.field, query.pattern), fails: undefined };
    case "range":
    case "compares":
      return { holds: needsOfName(query.field), fails: undefined };
  }
}

/** True if one condition is true; false only if all are false. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return { holds: either(conditions.map(({ holds }) => holds)), fails: all(conditions.map(({ fails }) => fails)) };
}

export function allOf(conditions: readonly Condition[]): Condition {
  return { holds: all(conditions.map(({ holds }) => holds)), fails: either(conditions.map(({ fails }) => fails)) };
}

/**
 * @param test relation of the text to the whole glob: it contains it, or it equals it, and so starts with its first
 * text
 */
function needsOfGlob(field: string, glob: Glob, test: "holds" | "starts"): Needed {
  const runs = runsOf(glob).map((text) => ({ text }));
  const [first] = glob;
  return all([
    needsOfName(field),
    ...runs.map((run) => needsOfTexts([run])),
    ...runs.map((run) => needsOfValue(field, "holds", [run])),
    ...(test === "starts" && typeof first === "string"
      ? [needsOfValue(field, glob.length === 1 ? "is" : "starts", [{ text: first }])]
      : []),
  ]);
}

/** The plain-text parts of a glob. */
function runsOf(glob: Glob): string[] {
  return glob.filter((piece): piece is string => piece !== ANY && piece !== ONE);
}
