import type { Expression } from "../language/syntax-tree";
import { parseExpression } from "../language/parser";
import type { Value } from "../run/values";
import type { ConstantTypeName } from "./constant-types";

/** Types of a parameter's arguments. */
export type ParameterType = "any" | "op" | "cond" | "regex" | "query" | "jmes" | "grok" | "output" | ConstantTypeName;

/** A parameter of a function, from its definition. */
export interface Parameter {
  /** Its names; implementations use the first one. */
  readonly names: readonly string[];
  readonly type: ParameterType;
  /** Whether a constant of another type is only a warning, because it can be harmless. */
  readonly lenient: boolean;
  readonly optional: boolean;
  /** Default value; absent if there is none. */
  readonly default?: { readonly text: string; readonly expression: Expression };
}

/** The parameters of a function. */
export interface Parameters {
  /** Passed by position or by keyword. */
  readonly positional: readonly Parameter[];
  /** Types of the further arguments, in turn: one type, or two for pairs. */
  readonly rest?: {
    readonly names: readonly string[];
    readonly types: readonly ParameterType[];
    readonly least: number;
  };
  /** Passed by keyword only, after a variadic parameter. */
  readonly keywords: readonly Parameter[];
}

/** Cache of parsed notations, one for each definition. */
const known = new Map<string, Parameters>();

/** Parses the notation of `Definition.parameters`. */
export function parseParameters(notation: string): Parameters {
  const parameters = known.get(notation) ?? read(notation);
  known.set(notation, parameters);
  return parameters;
}

function read(notation: string): Parameters {
  const positional: Parameter[] = [];
  const keywords: Parameter[] = [];
  let rest: Parameters["rest"];
  for (const item of items(notation)) {
    if (item.startsWith("*")) rest = parseRest(item.slice(1));
    else (rest ? keywords : positional).push(parseParameter(item));
  }
  return { positional, ...(rest && { rest }), keywords };
}

function parseRest(item: string): Parameters["rest"] {
  const optional = item.endsWith("?");
  const text = optional ? item.slice(0, -1) : item;
  const members = text.startsWith("(") ? items(text.slice(1, -1)) : [text];
  const parameters = members.map(parseParameter);
  return {
    names: parameters.map(({ names }) => names[0]),
    types: parameters.map(({ type }) => type),
    least: optional ? 0 : members.length,
  };
}

function parseParameter(item: string): Parameter {
  const [declared] = item.split("=", 1);
  const [names, type = "any"] = declared.split(":");
  const optional = declared.length < item.length;
  const text = item.slice(declared.length + 1);
  const lenient = type.endsWith("?");
  return {
    names: names.split("|"),
    type: (lenient ? type.slice(0, -1) : type) as ParameterType,
    lenient,
    optional,
    ...(text !== "" && { default: { text, expression: parseExpression(text) } }),
  };
}

/** The value of a default; an operation has none. */
export function valueOfDefault(expression: Expression): Value {
  if (expression.kind === "literal") return expression.value;
  return expression.kind === "sequence" ? expression.items.map(valueOfDefault) : null;
}

/** Splits at commas outside quotes and brackets. */
function items(notation: string): string[] {
  const found = notation.match(/(?:"[^"]*"|'[^']*'|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|[^,])+/g) ?? [];
  return found.map((item) => item.trim()).filter((item) => item !== "");
}
