import { refuse, shown } from "../errors";
import { isToken } from "../framework";
import { isPlainObject } from "../props/prop";

/** What a call of the rule language may be given. */
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

/** A call as rule text. */
abstract class RuleCall {
  constructor(
    /** As it stands in a rule text. */
    readonly text: string,
  ) {}

  toString(): string {
    return this.text;
  }
}

/** A call that gives a value: `eSearch("status: 500")`. */
export class RuleExpression extends RuleCall {
  /** What tells it from a rule's other arguments. */
  readonly kind = "expression";
}

/** A call that takes an event: `eSet("level", "error")`. A rule text is a list of them. */
export class RuleOperation extends RuleCall {
  /** What tells it from a rule's other arguments. */
  readonly kind = "operation";
}

/** Arguments that are given by name; the last ones of a call. */
export class Keywords {
  /** What tells it from a rule's other arguments. */
  readonly kind = "keywords";

  constructor(
    /** The arguments, by their names. */
    readonly values: Readonly<Record<string, RuleArgument>>,
  ) {}
}

/** Arguments by the names of their parameters, as the last of a call: `eSet("a", "1", named({ mode: "fill" }))`. */
export function named(values: Readonly<Record<string, RuleArgument>>): Keywords {
  return new Keywords(values);
}

/** The text of a call. */
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

/** A text with backslashes is written raw where it can be, as people write patterns. */
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
