/**
 * The values of the rule language, which are Python's: an integer is a `bigint`, a float is a `number`, None is `null`,
 * bytes are a `Uint8Array`, lists and tuples are arrays, a dict is a `Map` that keeps its order.
 */
export type Value = string | bigint | number | boolean | null | Uint8Array | readonly Value[] | Dict | Opaque;

export type Dict = ReadonlyMap<Value, Value>;

/** A value that only certain functions look into: a date, a table. Parts bundle their own copies: no `instanceof`. */
export interface Opaque {
  /** What it is, for messages and for who looks into it: `datetime`, `table`. */
  readonly type: string;
  /** The text that is written where the value is assigned to a field. */
  toText(): string;
}

/** The step cannot be done with these values: what the reference engine raises. The event takes the error's way. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";
  /** How it is told apart across bundles. */
  readonly ruleFailure = true;
  /** The function that failed, once it is known: the message names it. */
  caller?: string;

  constructor(
    message: string,
    /** Name of the parameter whose value is at fault, where it is one; a constant one is shown at its place. */
    readonly parameter?: string,
  ) {
    super(message);
  }
}

/** Ends the step at hand. */
export function fail(message: string, parameter?: string): never {
  throw new RuleFailure(message, parameter);
}

/** The name of a value's type, as messages put it. */
export function typeName(value: Value | undefined): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  if (isBytes(value)) return "bytes";
  if (isList(value)) return "list";
  if (isDict(value)) return "dict";
  return value.type;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isBytes(value: Value | undefined): value is Uint8Array {
  return value instanceof Uint8Array;
}

export function isDict(value: Value | undefined): value is Dict {
  return value instanceof Map;
}

export function isOpaque(value: Value | undefined, type: string): value is Opaque {
  return typeof value === "object" && value !== null && (value as Partial<Opaque>).type === type;
}

/** Python's truth: None, false, zero and what is empty are false, the text "false" is true. */
export function isTrue(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === null) return false;
  if (typeof value === "string") return value !== "";
  if (typeof value === "bigint") return value !== 0n;
  if (typeof value === "number") return value !== 0;
  if (isList(value) || isBytes(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  return true;
}
