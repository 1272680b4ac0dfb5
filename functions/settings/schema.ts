/**
 * Schemas of settings. One schema defines the TypeScript types of written and read settings, the check at synth, and
 * the reader at cold start. `docs/dependencies.md` explains why it is not a library.
 */
import { isObject, shown } from "../runtime/checked-json";

/** A problem: `<path> <rule>, got <got>; <remedy>`. */
export interface Problem {
  /** Path of the value, such as `outputs.main.prefix`. */
  readonly path: string;
  readonly rule: string;
  /** The value as it can be shown; never a secret. */
  readonly got: string;
  readonly remedy?: string;
  /** Valid names to use instead of an unknown one. */
  readonly known?: readonly string[];
}

/** Reads a value by a schema: tracks its path, and collects the problems found so far. */
export class Reading {
  /**
   * @param path "" for the whole settings
   * @param isUnresolved whether only the plan knows a value; such a value passes any check
   */
  constructor(
    readonly path: string,
    readonly problems: Problem[] = [],
    readonly isUnresolved: (value: unknown) => boolean = () => false,
  ) {}

  /** A reading of a member; a number is an index. */
  at(name: string | number): Reading {
    const path = typeof name === "number" ? `${this.path}[${name}]` : this.path === "" ? name : `${this.path}.${name}`;
    return new Reading(path, this.problems, this.isUnresolved);
  }

  /** Reports that the value breaks a rule, unless only the plan knows it. */
  report(rule: string, value: unknown, more: Partial<Problem> = {}): void {
    if (!this.isUnresolved(value)) this.problems.push({ path: this.path, rule, got: shown(value), ...more });
  }

  /** The value's members; undefined if it has none, or only the plan knows them. */
  members(value: unknown): Record<string, unknown> | undefined {
    if (isObject(value) && !this.isUnresolved(value)) return value;
    this.report("must be an object", value);
    return undefined;
  }
}

/**
 * Defines what a value must be. `Read` is the type for readers, with defaults filled in. `Written` is the type for
 * writers, in which members with a default can be left out.
 */
export interface Schema<Read, Written = Read> {
  /** Returns the value with its defaults. Use it only if the reading found no problem. */
  read(value: unknown, reading: Reading): Read;
  /** Never set: it only carries the type. */
  readonly written?: Written;
}

type AnySchema = Schema<unknown, unknown>;
type Optional = { readonly isOptional: true };
type Defaulted = { readonly fallback: unknown };

export type Read<S> = S extends { read(value: unknown, reading: Reading): infer R } ? R : never;
export type Written<S> = S extends { readonly written?: infer W } ? Exclude<W, undefined> : never;

/** A value that meets a condition. @param show the value for errors, if it must not be repeated */
export function rule<T>(fits: (value: unknown) => boolean, what: string, show = shown): Schema<T> {
  return {
    read(given, reading) {
      if (!fits(given)) reading.report(what, given, { got: show(given) });
      return given as T;
    },
  };
}

export const text = rule<string>((given) => typeof given === "string" && given !== "", "must be a non-empty string");

export const positiveInteger = rule<number>(
  (given) => Number.isSafeInteger(given) && (given as number) > 0,
  "must be a positive integer",
);

/** One of a few fixed strings. */
export function oneOf<const Word extends string>(
  ...words: readonly Word[]
): Schema<Word> & { readonly words: readonly Word[] } {
  return {
    words,
    read(given, reading) {
      if (!words.includes(given as Word)) reading.report(`must be ${alternatives(words)}`, given);
      return given as Word;
    },
  };
}

function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter(Boolean).join(" or ");
}

/** A list that is not empty. */
export function list<R, W>(item: Schema<R, W>): Schema<readonly R[], readonly W[]> {
  const whole = rule<unknown[]>(
    (given) => Array.isArray(given) && given.length > 0,
    "must be a list that is not empty",
  );
  return {
    read(given, reading) {
      const items = whole.read(given, reading);
      return Array.isArray(items) ? items.map((one, index) => item.read(one, reading.at(index))) : (given as R[]);
    },
  };
}

/** A member that can be left out. */
export function optional<S extends AnySchema>(schema: S): S & Optional {
  return {
    ...schema,
    isOptional: true,
    read: (given, reading) => (given === undefined ? undefined : schema.read(given, reading)),
  };
}

/** A member that a writer can leave out, and that a reader always has. */
export function withDefault<S extends AnySchema, const D extends Read<S>>(schema: S, fallback: D): S & Defaulted {
  return {
    ...schema,
    fallback,
    read: (given, reading) => (given === undefined ? fallback : schema.read(given, reading)),
  };
}

/** A value with an additional check, which runs only if the value is otherwise correct. */
export function checked<S extends AnySchema>(schema: S, check: (value: Read<S>, reading: Reading) => void): S {
  return {
    ...schema,
    read(given, reading) {
      const found = reading.problems.length;
      const read = schema.read(given, reading);
      const isWhole = reading.problems.length === found && read !== undefined && !reading.isUnresolved(read);
      if (isWhole) check(read as Read<S>, reading);
      return read;
    },
  };
}

type Fields = Readonly<Record<string, AnySchema>>;
type Flat<T> = { [Name in keyof T]: T[Name] };

type ReadOf<F extends Fields> = Flat<
  { readonly [Name in keyof F as F[Name] extends Optional ? never : Name]: Read<F[Name]> } & {
    readonly [Name in keyof F as F[Name] extends Optional ? Name : never]?: Read<F[Name]>;
  }
>;

type WrittenOf<F extends Fields> = Flat<
  { readonly [Name in keyof F as F[Name] extends Optional | Defaulted ? never : Name]: Written<F[Name]> } & {
    readonly [Name in keyof F as F[Name] extends Optional | Defaulted ? Name : never]?: Written<F[Name]>;
  }
>;

/** An object with these members and no others. */
export function object<F extends Fields>(fields: F): Schema<ReadOf<F>, WrittenOf<F>> {
  const known = Object.keys(fields);
  return {
    read(given, reading) {
      const members = reading.members(given);
      if (!members) return given as ReadOf<F>;
      const read: Record<string, unknown> = {};
      for (const name of known) {
        const member = fields[name].read(members[name], reading.at(name));
        if (member !== undefined) read[name] = member;
      }
      for (const name of Object.keys(members)) {
        if (!known.includes(name) && members[name] !== undefined) reportName(reading.at(name), known);
      }
      return read as ReadOf<F>;
    },
  };
}

/** The value of an unknown name can be anything, even a secret, so it is not shown. */
function reportName(reading: Reading, known: readonly string[]): void {
  reading.report("must be the name of a setting", undefined, { got: "an unknown one", known });
}

/** An object whose members have names of the writer's choice. */
export function named<R, W>(
  names: { readonly pattern: RegExp; readonly rule: string },
  item: Schema<R, W>,
): Schema<Readonly<Record<string, R>>, Readonly<Record<string, W>>> {
  return {
    read(given, reading) {
      const members = reading.members(given);
      if (!members) return given as Record<string, R>;
      const entries = Object.entries(members).map(([name, member]) => {
        if (!names.pattern.test(name)) reading.report(names.rule, name);
        return [name, item.read(member, reading.at(name))] as const;
      });
      return Object.fromEntries(entries);
    },
  };
}

type Types = Readonly<Record<string, AnySchema>>;

type ReadByType<T extends Types> = { [Type in keyof T]: Flat<{ readonly type: Type } & Read<T[Type]>> }[keyof T];
type WrittenByType<T extends Types> = {
  [Type in keyof T]: Flat<{ readonly type: Type } & Written<T[Type]>>;
}[keyof T];

/** An object of one of several kinds, distinguished by its member `type`. */
export function byType<T extends Types>(types: T): Schema<ReadByType<T>, WrittenByType<T>> {
  const typeOf = oneOf(...Object.keys(types));
  return {
    read(given, reading) {
      const members = reading.members(given);
      if (!members) return given as ReadByType<T>;
      const { type, ...rest } = members;
      const found = reading.problems.length;
      const known = typeOf.read(type, reading.at("type"));
      if (reading.problems.length > found || !Object.hasOwn(types, known)) return given as ReadByType<T>;
      return { type: known, ...(types[known].read(rest, reading) as object) } as ReadByType<T>;
    },
  };
}
