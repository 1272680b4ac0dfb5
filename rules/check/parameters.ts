import type { ConstantTypeName } from "./constant-types";

/** What the arguments of a parameter are. */
export type ParameterType = "any" | "op" | "cond" | "regex" | "query" | "jmes" | "grok" | "output" | ConstantTypeName;

/** A parameter of a function, out of its signature. */
export interface Parameter {
  /** Its names; the first is the one that implementations use. */
  readonly names: readonly string[];
  readonly type: ParameterType;
  /** Whether a constant that is not of the type may still do no harm: a warning. */
  readonly lenient: boolean;
  readonly optional: boolean;
  /** What stands for it where it is left out, as the notation has it; empty where nothing does. */
  readonly text?: string;
}

/** The parameters of a function. */
export interface Parameters {
  /** Taken by position, or by keyword. */
  readonly positional: readonly Parameter[];
  /** What any number of further arguments are, in turn: one type, or two for pairs. */
  readonly rest?: { readonly types: readonly ParameterType[]; readonly least: number };
  /** Taken by keyword only, after a variadic one. */
  readonly keywords: readonly Parameter[];
}

/** What was read; there are as many as there are signatures. */
const known = new Map<string, Parameters>();

/** Reads the notation of `Signature.parameters`. */
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
  return { types: members.map((member) => parseParameter(member).type), least: optional ? 0 : members.length };
}

function parseParameter(item: string): Parameter {
  const [declared] = item.split("=", 1);
  const [names, type = "any"] = declared.split(":");
  const optional = declared.length < item.length;
  const lenient = type.endsWith("?");
  return {
    names: names.split("|"),
    type: (lenient ? type.slice(0, -1) : type) as ParameterType,
    lenient,
    optional,
    ...(optional && { text: item.slice(declared.length + 1) }),
  };
}

/** Splits at commas outside of quotes and brackets. */
function items(notation: string): string[] {
  const parts = notation.match(/(?:"[^"]*"|'[^']*'|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|[^,])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
