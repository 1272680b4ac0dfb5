import { Refusal } from "../refusal";

/** One field of a request: its allowed values. */
export interface Field<T> {
  /** Whether a request can omit it. */
  readonly optional: boolean;
  /** Checks a given value. Throws {@link Refusal} with `path` in its message. */
  read(value: unknown, path: string): T;
}

/** The fields of a request or of an object in one, by name. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

type OptionalNames<S extends Shape> = { [N in keyof S]: undefined extends Read<S[N]> ? N : never }[keyof S];
type Read<F> = F extends Field<infer T> ? T : never;

/** The values of a shape. */
export type Values<S extends Shape> = { readonly [N in Exclude<keyof S, OptionalNames<S>>]: Read<S[N]> } & {
  readonly [N in OptionalNames<S>]?: Read<S[N]>;
};

/**
 * Reads the fields of a request as the API does: unknown fields, missing fields, and values of a wrong type or range
 * are errors. `null` counts as absent.
 */
export function readFields<S extends Shape>(shape: S, value: unknown, path = ""): Values<S> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(path || "request", "an object", value);
  }
  const given = Object.entries(value).filter(([, member]) => member !== null);
  const unknown = given.find(([name]) => !Object.hasOwn(shape, name));
  if (unknown) throw new Refusal("UnknownParameter", `The parameter \`${join(path, unknown[0])}\` is not recognized.`);
  const members = new Map(given);
  const entries = Object.entries(shape).flatMap(([name, field]) => {
    if (members.has(name)) return [[name, field.read(members.get(name), join(path, name))] as const];
    if (field.optional) return [];
    throw new Refusal("MissingParameter", `The request is missing the required parameter \`${join(path, name)}\`.`);
  });
  return Object.fromEntries(entries) as Values<S>;
}

/** A field that a request can omit. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, optional: true };
}

/** A string; lengths in characters. */
export function text(
  rule: { max?: number; min?: number; pattern?: RegExp; oneOf?: readonly string[] } = {},
): Field<string> {
  return required((value, path) => {
    if (typeof value !== "string") throw invalid(path, "a string", value);
    const { min = 0, max = Infinity, pattern, oneOf } = rule;
    if (value.length < min || value.length > max) throw outside(path, `${min} to ${max} characters long`, value);
    if (pattern && !pattern.test(value)) throw outside(path, `match ${pattern.source}`, value);
    if (oneOf && !oneOf.includes(value)) throw outside(path, `one of ${oneOf.join(", ")}`, value);
    return value;
  });
}

/** One of several words. */
export function word<W extends string>(...words: W[]): Field<W> {
  return text({ oneOf: words }) as Field<W>;
}

/** An integer; both ends are included, and `also` is additionally allowed. */
export function integer(
  rule: { min?: number; max?: number; step?: number; also?: readonly number[] } = {},
): Field<number> {
  return required((value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value)) throw invalid(path, "an integer", value);
    const { min = -Infinity, max = Infinity, step = 1, also = [] } = rule;
    const fits = (value >= min && value <= max && value % step === 0) || also.includes(value);
    const besides = also.length > 0 ? ` or ${also.join(", ")}` : "";
    const steps = step > 1 ? ` in steps of ${step}` : "";
    if (!fits) throw outside(path, `${min} to ${max}${steps}${besides}`, value);
    return value;
  });
}

/** True or false. */
export function flag(): Field<boolean> {
  return required((value, path) => {
    if (typeof value !== "boolean") throw invalid(path, "a boolean", value);
    return value;
  });
}

/** A list of at most `max` values. */
export function list<T>(item: Field<T>, max = 1000): Field<T[]> {
  return required((value, path) => {
    if (!Array.isArray(value)) throw invalid(path, "a list", value);
    if (value.length > max) throw outside(path, `at most ${max} long`, value.length);
    return value.map((entry, index) => item.read(entry, `${path}.${index}`));
  });
}

/** An object with these fields. */
export function object<S extends Shape>(shape: S): Field<Values<S>> {
  return required((value, path) => readFields(shape, value, path));
}

function required<T>(read: Field<T>["read"]): Field<T> {
  return { optional: false, read };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function invalid(path: string, type: string, value: unknown): Refusal {
  return new Refusal("InvalidParameter", `The parameter \`${path}\` must be ${type}, got ${JSON.stringify(value)}.`);
}

function outside(path: string, rule: string, value: unknown): Refusal {
  const message = `The value of the parameter \`${path}\` must be ${rule}, got ${JSON.stringify(value)}.`;
  return new Refusal("InvalidParameterValue", message);
}
