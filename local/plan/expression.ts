import { goJson, type PlanValue } from "./value";

/** `type.name.attribute`, `data.type.name.attribute[0]`: the path to a value. */
export interface Reference {
  readonly kind: "reference";
  readonly path: readonly (string | number)[];
  /** The reference as written. */
  readonly source: string;
}

/** The content of a string in a plan. */
export type Expression =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "jsonencode"; readonly argument: Expression }
  | { readonly kind: "jsondecode"; readonly argument: Expression; readonly path: readonly (string | number)[] }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "conditional"; readonly condition: Reference; readonly yes: Expression; readonly no: Expression }
  | Reference;

/** An expression that the local cloud does not evaluate; the message quotes it. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** All references in an expression. */
export function referencesIn(expression: Expression): Reference[] {
  switch (expression.kind) {
    case "text":
    case "number":
      return [];
    case "conditional":
      return [expression.condition, expression.yes, expression.no].flatMap(referencesIn);
    case "reference":
      return [expression];
    case "jsonencode":
    case "jsondecode":
      return referencesIn(expression.argument);
    case "template":
      return expression.parts.flatMap(referencesIn);
  }
}

/** Evaluates an expression. A template that is a single reference keeps the type of the value. */
export function evaluate(expression: Expression, resolve: (reference: Reference) => PlanValue): PlanValue {
  switch (expression.kind) {
    case "text":
      return expression.text;
    case "number":
      return expression.value;
    case "conditional":
      return evaluate(isTrue(expression.condition, resolve) ? expression.yes : expression.no, resolve);
    case "reference":
      return resolve(expression);
    case "jsonencode":
      return goJson(evaluate(expression.argument, resolve));
    case "jsondecode":
      return decode(evaluate(expression.argument, resolve), expression.path);
    case "template":
      return expression.parts.map((part) => interpolate(part, resolve)).join("");
  }
}

/** The value at a path in JSON. */
function decode(text: PlanValue, path: readonly (string | number)[]): PlanValue {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    throw new ExpressionError(`jsondecode() must be given JSON, got ${JSON.stringify(text)}`);
  }
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  if (value !== undefined) return value as PlanValue;
  throw new ExpressionError(`jsondecode() must hold ${path.join(".")}, got ${String(text)}`);
}

/** A condition is a boolean, or a string that contains one. */
function isTrue(condition: Reference, resolve: (reference: Reference) => PlanValue): boolean {
  const value = resolve(condition);
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new ExpressionError(`\${${condition.source} ? ...} must ask for true or false, got ${JSON.stringify(value)}`);
}

function interpolate(part: Expression, resolve: (reference: Reference) => PlanValue): string {
  const value = evaluate(part, resolve);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const source = part.kind === "reference" ? part.source : part.kind;
  const type = value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  throw new ExpressionError(`\${${source}} must be a string, a number or a boolean inside a template, got ${type}`);
}
