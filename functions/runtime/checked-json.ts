/** Checked reading of JSON from outside. The caller provides the error. */

/** Whether a value is a JSON object, not a list or `null`. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a JSON text; undefined if the text is not JSON, or not an object. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A value as errors show it. */
export function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

/** The type of a value, for errors. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}

/** Describes a value without repeating it, for errors in which a non-empty text was required. */
export function kindOf(value: unknown): string {
  return value === "" ? "an empty one" : typeName(value);
}

/** Creates the error of a field: `<path> must be <what>, got ...`. */
export type Refusal = (path: string, what: string, value: unknown) => Error;

/** An object from outside. It knows its path, so that errors name the field. */
export class CheckedObject {
  readonly #fields: Record<string, unknown>;
  readonly #path: string;
  readonly #refusal: Refusal;

  /** Throws the refusal if the value is not an object. */
  constructor(value: unknown, path: string, refusal: Refusal) {
    if (!isObject(value)) throw refusal(path, "an object", value);
    this.#fields = value;
    this.#path = path;
    this.#refusal = refusal;
  }

  /** The unchecked value of the field. */
  value(name: string): unknown {
    return this.#fields[name];
  }

  names(): string[] {
    return Object.keys(this.#fields);
  }

  object(name: string): CheckedObject {
    return new CheckedObject(this.value(name), `${this.#path}.${name}`, this.#refusal);
  }

  /** Undefined if the field is missing or `null`. */
  optionalObject(name: string): CheckedObject | undefined {
    return this.value(name) === undefined || this.value(name) === null ? undefined : this.object(name);
  }

  /** @param what used in the refusal */
  text(name: string, what = "a non-empty string"): string {
    const value = this.value(name);
    return typeof value === "string" && value !== "" ? value : this.refuse(name, what);
  }

  /** Throws the refusal of a field. @param what the requirement */
  refuse(name: string, what: string): never {
    throw this.#refusal(`${this.#path}.${name}`, what, this.value(name));
  }
}
