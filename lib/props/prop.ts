import { mostSimilar } from "../../rules";
import { isChecked, type Checks } from "../errors";
import { isToken } from "../framework";

/** What one prop may be. Each kind of value has its own: see `kinds.ts`. */
export interface Prop<Value> {
  /**
   * Says in `checks` what is wrong with a value that was given. Returns it with tokens in the form of its type, so that
   * a `TerraformVariable`'s `value` does where its `stringValue` is meant; undefined where it is of another type.
   */
  read(given: unknown, path: string, checks: Checks): Value | undefined;
  /** Says what is wrong where nothing was given. */
  absent?(path: string, checks: Checks): void;
}

/** One that must be given. */
export interface RequiredProp<Value> extends Prop<Value> {
  readonly isRequired: true;
}

/** One that may be left out. */
export interface OptionalProp<Value> extends Prop<Value> {
  readonly isRequired?: undefined;
}

/**
 * Every prop of a construct by its name: what is not in it is refused, so that no prop is dropped in silence. The
 * compiler wants one entry for each prop of the interface, of its type, and required where the prop is.
 */
export type PropTable<Props> = {
  readonly [Name in keyof Props]-?: undefined extends Props[Name]
    ? OptionalProp<Exclude<Props[Name], undefined>>
    : RequiredProp<Props[Name]>;
};

/**
 * The props as they were given, each read by its entry in the table. What is wrong is collected in `checks`, and thrown
 * at once where a prop is missing that the construct cannot do without.
 *
 * @param path of the object that holds them, where it is not the construct's own
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

/** A value that stands by itself, and must be there: thrown at once is what is wrong with it. */
export function readArgument<Value>(checks: Checks, path: string, prop: Prop<Value>, given: unknown): Value {
  if (given === undefined) refuseAbsent(checks, path, "give one");
  const read = given === undefined ? undefined : prop.read(given, path, checks);
  checks.throwIfAny();
  return read as Value;
}

/** An object's members; undefined where it is none, or lacks one that is required. */
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

/** An object as people write one: no list, no token, no instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || isToken(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What stands under a name that nobody reads may be anything, a secret too: it is not told. */
function refuseName(checks: Checks, prefix: string, name: string, known: readonly string[]): void {
  const similar = mostSimilar(name, known);
  const remedy = similar === undefined ? `leave it out, or use one of ${known.join(", ")}` : `did you mean ${similar}?`;
  checks.that(
    false,
    "LOGS_PROP_UNKNOWN",
    () => `${prefix}${name} must be the name of a prop, got an unknown one; ${remedy}`,
  );
}

/** @param told the value as the message tells it, where it must not be repeated */
export function refuseType(checks: Checks, path: string, rule: string, told: unknown, remedy: string): void {
  checks.that(false, "LOGS_PROP_TYPE", () => `${path} ${rule}, got ${whatIs(told)}; ${remedy}`);
}

/** What a value is, in place of the value, which may hold a secret. */
function whatIs(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (isToken(value)) return "a token";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? "another object" : `a ${typeof value}`;
}
