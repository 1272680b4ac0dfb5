import { countWork } from "./work";
import { isDict, isList, type Value } from "../run/values";

/** An expression as an argument, `&name`. */
export interface Reference {
  readonly reference: (value: Value) => Value;
}

export type Operand = Value | Reference;

export type JmesType = "string" | "number" | "boolean" | "array" | "object" | "null" | "expression";

/** Failure of a query. A single object, because nobody looks at it and creating it is slow. */
const FAILURE = new Error("the expression fails on this value");

export function refuse(): never {
  throw FAILURE;
}

export function isFailure(error: unknown): boolean {
  return error === FAILURE;
}

export function isReference(operand: Operand): operand is Reference {
  return typeof operand === "object" && operand !== null && "reference" in operand;
}

export function jmesType(operand: Operand): JmesType {
  if (operand === null) return "null";
  if (typeof operand === "string" || typeof operand === "boolean") return typeof operand as "string" | "boolean";
  if (typeof operand === "number" || typeof operand === "bigint") return "number";
  if (isReference(operand)) return "expression";
  return isList(operand) ? "array" : isDict(operand) ? "object" : "null";
}

/** Falsehood in JMESPath: empty values, null and false. 0 is true. */
export function isFalse(value: Value): boolean {
  if (isList(value)) return value.length === 0;
  return value === "" || value === null || value === false || (isDict(value) && value.size === 0);
}

/** A comparison takes as much time as this number of list items. */
const COMPARED = 8;

/** Deep equality; an int equals the float with the same value. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  countWork(COMPARED);
  if (isNumber(a) && isNumber(b)) return a == b; // eslint-disable-line eqeqeq -- compares across bigint and number
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  if (!isDict(a) || !isDict(b) || a.size !== b.size) return false;
  return Array.from(a).every(([key, item]) => b.has(key) && isEqual(item, b.get(key) as Value));
}

/** Compares numbers by value and strings by code point; fails for anything else. */
export function compareValues(a: Value, b: Value): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "string" && typeof b === "string" ? compareTexts(a, b) : refuse();
}

export function isNumber(value: Operand): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = order(a.charCodeAt(at)) - order(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all other units. */
function order(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
