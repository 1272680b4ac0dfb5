/**
 * The values of the rule language, which are those of Python: an integer is a `bigint`, a float a `number`, None is
 * `null`, bytes are a `Uint8Array`, lists and tuples are arrays, a dict is a `Map` that keeps its order.
 */
export type Value = string | bigint | number | boolean | null | Uint8Array | readonly Value[] | Dict | Opaque;

export type Dict = ReadonlyMap<Value, Value>;

/**
 * A value that only certain functions can examine: a date, a table. Parts bundle their own copies, so do not use
 * `instanceof`.
 */
export interface Opaque {
  /** Its type, for messages and for functions that use it: `datetime`, `table`. */
  readonly type: string;
  /** The text that is written when the value is assigned to a field. */
  toText(): string;
}

/** The step is impossible with these values; the reference engine raises an error. The event is handled as failed. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";
  /** Identifies it across bundles. */
  readonly ruleFailure = true;
  /** The function that failed, once it is known; the message names it. */
  caller?: string;

  constructor(
    message: string,
    /** Name of the parameter with the wrong value, if there is one; a constant is shown at its position. */
    readonly parameter?: string,
  ) {
    super(message);
  }
}

/** Ends the current step. */
export function fail(message: string, parameter?: string): never {
  throw new RuleFailure(message, parameter);
}

/** The name of a value's type in messages. */
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

/** Truth as in Python: None, false, zero and empty values are false; the string "false" is true. */
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
