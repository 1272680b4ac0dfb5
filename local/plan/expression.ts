import { goJson, type PlanValue } from "./value";

/** `type.name.attribute`, `data.type.name.attribute[0]`: the steps that lead to a value. */
export interface Reference {
  readonly kind: "reference";
  readonly path: readonly (string | number)[];
  /** The reference as it was written. */
  readonly source: string;
}

/** What a string in a plan can hold. */
export type Expression =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "jsonencode"; readonly argument: Expression }
  | Reference;

/** An expression that the local cloud does not evaluate; the message quotes it. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** All references in an expression. */
export function referencesIn(expression: Expression): Reference[] {
  switch (expression.kind) {
    case "text":
      return [];
    case "reference":
      return [expression];
    case "jsonencode":
      return referencesIn(expression.argument);
    case "template":
      return expression.parts.flatMap(referencesIn);
  }
}

/** Evaluates an expression. A template that is one reference alone keeps the type of what it refers to. */
export function evaluate(expression: Expression, resolve: (reference: Reference) => PlanValue): PlanValue {
  switch (expression.kind) {
    case "text":
      return expression.text;
    case "reference":
      return resolve(expression);
    case "jsonencode":
      return goJson(evaluate(expression.argument, resolve));
    case "template":
      return expression.parts.map((part) => interpolate(part, resolve)).join("");
  }
}

function interpolate(part: Expression, resolve: (reference: Reference) => PlanValue): string {
  const value = evaluate(part, resolve);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const source = part.kind === "reference" ? part.source : part.kind;
  const type = value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  throw new ExpressionError(`\${${source}} must be a string, a number or a boolean inside a template, got ${type}`);
}
