import { ANY, ONE, type Glob, type Query } from "../query/tree";
import { ownField } from "./arguments";
import { sameText } from "./operators";
import { javaLiteral, javaRegex } from "./java-regex";
import { bool, call, keyword, quote } from "./text";

/** A number in CLS's format: anything else must not be compared. */
const NUMBER = String.raw`\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*`;

const COMPARE = { ">": "op_gt", ">=": "op_ge", "<": "op_lt", "<=": "op_le", "=": "op_eq" } as const;

/** A query of `e_search` as a condition of the CLS dialect. */
export function nativeQuery(query: Query, refuse: (reason: string) => never): string {
  if ("field" in query) ownField(query.field, refuse);
  switch (query.kind) {
    case "not":
      return call("op_not", nativeQuery(query.operand, refuse));
    case "and":
    case "or":
      return call(`op_${query.kind}`, ...query.operands.map((operand) => nativeQuery(operand, refuse)));
    case "text":
      return refuse("a query of all fields (a word without a field); name the field");
    case "holds": {
      if (query.value.every((piece) => piece === ANY)) return call("has_field", quote(query.field));
      return test(query.field, (value) => matches(value, globPattern(query.value), false));
    }
    case "equals": {
      const [plain = "", ...more] = query.value;
      if (more.length === 0 && typeof plain === "string") {
        return test(query.field, (value) => sameText(value, plain));
      }
      return test(query.field, (value) => matches(value, globPattern(query.value), true));
    }
    case "matches":
      return test(query.field, (value) => matches(value, java(query.pattern, refuse), false));
    case "range": {
      const { field, least, most } = query;
      const ends = [
        ...(least === -Infinity ? [] : [["op_ge", least] as const]),
        ...(most === Infinity ? [] : [["op_le", most] as const]),
      ];
      return numberTest(field, (value) => ends.map(([name, end]) => call(name, value, String(end))));
    }
    case "compares":
      return numberTest(query.field, (value) => [call(COMPARE[query.operator], value, String(query.value))]);
  }
}

function test(field: string, condition: (value: string) => string): string {
  return call("op_and", call("has_field", quote(field)), condition(call("v", quote(field))));
}

/** A value that is not a number makes the test false, because of the operands before it. */
function numberTest(field: string, conditions: (value: string) => string[]): string {
  const value = call("v", quote(field));
  const compared = conditions(call("op_if", matches(value, NUMBER, true), value, "0"));
  return call("op_and", call("has_field", quote(field)), matches(value, NUMBER, true), ...compared);
}

function matches(value: string, pattern: string, isFull: boolean): string {
  return call("regex_match", value, keyword("regex", quote(pattern)), keyword("full", bool(isFull)));
}

function globPattern(glob: Glob): string {
  return `(?s)${glob.map((piece) => (piece === ANY ? ".*" : piece === ONE ? "." : javaLiteral(piece as string))).join("")}`;
}

function java(pattern: string, refuse: (reason: string) => never): string {
  try {
    return javaRegex(pattern).pattern;
  } catch (error) {
    return refuse((error as Error).message);
  }
}
