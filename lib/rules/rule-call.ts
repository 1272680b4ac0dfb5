import { refuse, shown } from "../errors";
import { isToken } from "../framework";
import { isPlainObject } from "../props/prop";

/** An argument of a call in the rule language. */
export type RuleArgument =
  | string
  | number
  | bigint
  | boolean
  | null
  | RuleExpression
  | RuleOperation
  | Keywords
  | readonly RuleArgument[]
  | { readonly [key: string]: RuleArgument };

/** A call, as rule text. */
abstract class RuleCall {
  constructor(
    /** The call as it appears in a rule text. */
    readonly text: string,
  ) {}

  toString(): string {
    return this.text;
  }
}

/** A call that returns a value: `eSearch("status: 500")`. */
export class RuleExpression extends RuleCall {
  /** Distinguishes it from other arguments. */
  readonly kind = "expression";
}

/** A call that changes an event: `eSet("level", "error")`. A rule text is a list of operations. */
export class RuleOperation extends RuleCall {
  /** Distinguishes it from other arguments. */
  readonly kind = "operation";
}

/** Named arguments, which come last in a call. */
export class Keywords {
  /** Distinguishes it from other arguments. */
  readonly kind = "keywords";

  constructor(
    /** The arguments by name. */
    readonly values: Readonly<Record<string, RuleArgument>>,
  ) {}
}

/** Passes arguments by the names of their parameters, last in a call: `eSet("a", "1", named({ mode: "fill" }))`. */
export function named(values: Readonly<Record<string, RuleArgument>>): Keywords {
  return new Keywords(values);
}

/** Writes the text of a call. */
export function printCall(name: string, values: readonly RuleArgument[]): string {
  const keywordsAt = values.findIndex((value) => value instanceof Keywords);
  if (keywordsAt !== -1 && keywordsAt < values.length - 1) {
    refuse(
      name,
      "LOGS_RULE_ARGUMENT",
      `${name} must get named arguments last, got them at ${keywordsAt + 1} of ${values.length}; move named({ ... }) to the end`,
    );
  }
  return `${name}(${values.map((value) => printArgument(name, value)).join(", ")})`;
}

function printArgument(call: string, value: RuleArgument): string {
  if (value instanceof Keywords) {
    return Object.entries(value.values)
      .map(([name, item]) => `${name}=${printArgument(call, item)}`)
      .join(", ");
  }
  if (value instanceof RuleCall) return value.text;
  if (value === null) return "None";
  switch (typeof value) {
    case "string":
      return printText(call, value);
    case "number":
      return printNumber(call, value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "True" : "False";
  }
  if (Array.isArray(value)) return `[${value.map((item: RuleArgument) => printArgument(call, item)).join(", ")}]`;
  if (!isPlainObject(value)) {
    refuse(
      call,
      "LOGS_RULE_ARGUMENT",
      `arguments must be texts, numbers, flags, null, lists, objects and calls, got ${shown(value)}; ` +
        `leave out what has a default`,
    );
  }
  const entries = Object.entries(value as Record<string, RuleArgument>);
  return `{${entries.map(([key, item]) => `${printText(call, key)}: ${printArgument(call, item)}`).join(", ")}}`;
}

/** Text with backslashes is written as a raw string if possible, as people write patterns. */
function printText(call: string, value: string): string {
  if (isToken(value)) {
    refuse(
      call,
      "LOGS_RULE_ARGUMENT",
      "rules must not hold values that only the plan knows, got a token; " +
        'give it to the function as an environment variable and read it with resLocal("NAME")',
    );
  }
  if (/\\/.test(value) && !/["\n\r\\]$|["\n\r]/.test(value)) return `r"${value}"`;
  return JSON.stringify(value);
}

function printNumber(call: string, value: number): string {
  if (isToken(value) || !Number.isFinite(value)) {
    refuse(call, "LOGS_RULE_ARGUMENT", `rules must hold finite numbers, got ${shown(value)}; write the number itself`);
  }
  return String(value);
}
