/** Checked reading of JSON that came from outside. Who reads says what is thrown. */

/** Whether a value is an object as JSON has them: neither a list nor `null`. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a JSON text; undefined where the text holds none, or is no JSON. */
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

/** What a value is, as errors call it. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}

/** What errors say of a value that they must not repeat, where a text that is not empty was wanted. */
export function kindOf(value: unknown): string {
  return value === "" ? "an empty one" : typeName(value);
}

/** Makes the error of a field: `<path> must be <what>, got ...`. */
export type Refusal = (path: string, what: string, value: unknown) => Error;

/** An object that came from outside. It knows its path, so that an error names the field. */
export class CheckedObject {
  readonly #fields: Record<string, unknown>;
  readonly #path: string;
  readonly #refusal: Refusal;

  /** Throws the refusal where the value is no object. */
  constructor(value: unknown, path: string, refusal: Refusal) {
    if (!isObject(value)) throw refusal(path, "an object", value);
    this.#fields = value;
    this.#path = path;
    this.#refusal = refusal;
  }

  /** The field as it came, whatever it is. */
  value(name: string): unknown {
    return this.#fields[name];
  }

  names(): string[] {
    return Object.keys(this.#fields);
  }

  object(name: string): CheckedObject {
    return new CheckedObject(this.value(name), `${this.#path}.${name}`, this.#refusal);
  }

  /** Undefined where the field is absent or `null`. */
  optionalObject(name: string): CheckedObject | undefined {
    return this.value(name) === undefined || this.value(name) === null ? undefined : this.object(name);
  }

  /** @param what as the refusal says it */
  text(name: string, what = "a non-empty string"): string {
    const value = this.value(name);
    return typeof value === "string" && value !== "" ? value : this.refuse(name, what);
  }

  /** Throws the refusal of a field. @param what it must be */
  refuse(name: string, what: string): never {
    throw this.#refusal(`${this.#path}.${name}`, what, this.value(name));
  }
}
