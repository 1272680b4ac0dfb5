import { mostSimilar } from "../../rules";
import { isChecked, type Checks } from "../errors";
import { isToken } from "../framework";

/** What a prop accepts. Each kind of value has its own implementation: see `kinds.ts`. */
export interface Prop<Value> {
  /**
   * Reports to `checks` what is wrong with a given value. Returns the value with tokens in the form of its type, so
   * that the `value` of a `TerraformVariable` works where its `stringValue` is expected; undefined if it has another
   * type.
   */
  read(given: unknown, path: string, checks: Checks): Value | undefined;
  /** Reports what is wrong if no value is given. */
  absent?(path: string, checks: Checks): void;
}

/** A prop that is required. */
export interface RequiredProp<Value> extends Prop<Value> {
  readonly isRequired: true;
}

/** A prop that is optional. */
export interface OptionalProp<Value> extends Prop<Value> {
  readonly isRequired?: undefined;
}

/**
 * All props of a construct by name. A prop that is not in the table is refused, so that none is silently ignored. The
 * compiler requires an entry for each prop of the interface, with its type, and required if the prop is.
 */
export type PropTable<Props> = {
  readonly [Name in keyof Props]-?: undefined extends Props[Name]
    ? OptionalProp<Exclude<Props[Name], undefined>>
    : RequiredProp<Props[Name]>;
};

/**
 * Reads the given props by their entries in the table. Problems are collected in `checks`, and thrown immediately if a
 * required prop is missing.
 *
 * @param path path of the object that contains the props, if it is not the construct's own
 */
export function readProps<Props extends object>(
  checks: Checks,
  table: PropTable<Props>,
  given: Props,
  path?: string,
): Props {
  if (typeof given === "object" && given !== null && isChecked(given)) return given;
  const props = readMembers(
    checks,
    table,
    given,
    path === undefined ? "props" : `props of ${path}`,
    path === undefined ? "" : `${path}.`,
  );
  if (props === undefined) checks.throwIfAny();
  return props as Props;
}

/** Reads a required value by itself; problems are thrown immediately. */
export function readArgument<Value>(checks: Checks, path: string, prop: Prop<Value>, given: unknown): Value {
  if (given === undefined) refuseAbsent(checks, path, "give one");
  const read = given === undefined ? undefined : prop.read(given, path, checks);
  checks.throwIfAny();
  return read as Value;
}

/** Reads an object's members; undefined if it is not an object, or lacks a required member. */
export function readMembers<Props extends object>(
  checks: Checks,
  table: PropTable<Props>,
  given: unknown,
  path: string,
  prefix = `${path}.`,
): Props | undefined {
  if (!isPlainObject(given)) {
    refuseType(checks, path, "must be an object with names", given, "write it as { name: value }");
    return undefined;
  }
  const entries = Object.entries(table) as [string, RequiredProp<unknown> | OptionalProp<unknown>][];
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !Object.hasOwn(table, name)) refuseName(checks, prefix, name, Object.keys(table));
  }
  const members: Record<string, unknown> = {};
  let isComplete = true;
  for (const [name, prop] of entries) {
    const value = given[name];
    if (value === undefined) prop.absent?.(prefix + name, checks);
    const read = value === undefined ? undefined : prop.read(value, prefix + name, checks);
    if (read !== undefined) members[name] = read;
    else if (prop.isRequired) isComplete = false;
  }
  return isComplete ? (members as Props) : undefined;
}

export function refuseAbsent(checks: Checks, path: string, remedy: string): void {
  checks.that(false, "LOGS_PROP_MISSING", () => `${path} must be given, got nothing; ${remedy}`);
}

/** Whether a value is an object literal: not a list, a token or an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || isToken(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value of an unknown prop can be anything, even a secret, so it is not shown. */
function refuseName(checks: Checks, prefix: string, name: string, known: readonly string[]): void {
  const similar = mostSimilar(name, known);
  const remedy = similar === undefined ? `leave it out, or use one of ${known.join(", ")}` : `did you mean ${similar}?`;
  checks.that(
    false,
    "LOGS_PROP_UNKNOWN",
    () => `${prefix}${name} must be the name of a prop, got an unknown one; ${remedy}`,
  );
}

/** @param told the value for the message, which must not repeat it */
export function refuseType(checks: Checks, path: string, rule: string, told: unknown, remedy: string): void {
  checks.that(false, "LOGS_PROP_TYPE", () => `${path} ${rule}, got ${whatIs(told)}; ${remedy}`);
}

/** Describes a value by its type, because it can contain a secret. */
function whatIs(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (isToken(value)) return "a token";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? "another object" : `a ${typeof value}`;
}
