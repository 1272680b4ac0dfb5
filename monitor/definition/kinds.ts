/**
 * Kinds of values in a definition. Each kind provides both the reading, with all problems, and the JSON schema that
 * editors use to complete and check.
 */
import { suggestion } from "../../rules/check/similar";
import { isObject, type Reading } from "./problem";

/** A JSON schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Kind<T> {
  /** The value with its defaults; undefined if it is invalid, which is reported. */
  read(value: unknown, reading: Reading): T | undefined;
  readonly schema: JsonSchema;
}

/** A member of an object. */
export interface Member<T> extends Kind<T> {
  readonly isRequired: boolean;
  readonly fallback?: T;
}

export function required<T>(doc: string, kind: Kind<T>): Member<T> {
  return { ...kind, schema: { description: doc, ...kind.schema }, isRequired: true };
}

export function optional<T>(doc: string, kind: Kind<T>): Member<T | undefined> {
  return { ...kind, schema: { description: doc, ...kind.schema }, isRequired: false };
}

/** @param written the default in the form that people write */
export function withDefault<T>(doc: string, kind: Kind<T>, fallback: T, written: unknown = fallback): Member<T> {
  return { ...kind, schema: { description: doc, default: written, ...kind.schema }, isRequired: false, fallback };
}

type Members = Readonly<Record<string, Member<unknown>>>;
type ReadOf<M extends Members> = { readonly [Name in keyof M]: M[Name] extends Member<infer T> ? T : never };

/**
 * An object with exactly these members. In the result, an invalid member is undefined, and one that is not given is
 * absent.
 */
export function object<M extends Members>(members: M): Kind<ReadOf<M>> {
  const names = Object.keys(members);
  const needed = names.filter((name) => members[name].isRequired);
  return {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(names.map((name) => [name, members[name].schema])),
      ...(needed.length > 0 && { required: needed }),
    },
    read(given, reading) {
      if (!isObject(given)) return reading.report("must be an object", given, { remedy: `write ${names.join(", ")}` });
      const read: Record<string, unknown> = {};
      for (const name of names) {
        const { isRequired, fallback } = members[name];
        if (given[name] !== undefined) read[name] = members[name].read(given[name], reading.at(name));
        else if (isRequired) reading.at(name).report("must be given", undefined, { remedy: "add it" });
        else if (fallback !== undefined) read[name] = fallback;
      }
      reportUnknown(given, names, reading);
      return read as ReadOf<M>;
    },
  };
}

function reportUnknown(given: object, names: readonly string[], reading: Reading): void {
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name) || value === undefined) continue;
    const near = suggestion(name, names).replace(/^; /, "");
    reading.at(name).report("must be a key that is known here", name, {
      got: "another",
      remedy: near || `leave it out, or use one of ${names.join(", ")}`,
      isKey: true,
    });
  }
}

/** Strings that match a pattern. */
export function textThat(pattern: RegExp, rule: string, remedy: string): Kind<string> {
  return {
    schema: { type: "string", pattern: pattern.source },
    read(given, reading) {
      if (reading.isUnresolved(given)) return reading.reportUnresolved();
      return typeof given === "string" && pattern.test(given) ? given : reading.report(rule, given, { remedy });
    },
  };
}

/** The same, or a value that only the plan knows. */
export function orUnresolved(kind: Kind<string>): Kind<string> {
  return {
    ...kind,
    read: (given, reading) => (reading.isUnresolved(given) ? (given as string) : kind.read(given, reading)),
  };
}

export const text = textThat(/[^]/, "must be a text that is not empty", "write one");

/** Names of monitors, sources and receivers. */
export const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

export const name = textThat(
  NAME,
  "must be 1 to 64 letters, digits, - and _ that begin with a letter",
  "choose another name",
);

export function integer(min: number, max: number): Kind<number> {
  return {
    schema: { type: "integer", minimum: min, maximum: max },
    read(given, reading) {
      if (Number.isInteger(given) && (given as number) >= min && (given as number) <= max) return given as number;
      return reading.report(`must be a whole number from ${min} to ${max}`, given, {
        remedy: "choose one in the range",
      });
    },
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Kind<Word> {
  return {
    schema: { enum: [...words] },
    read(given, reading) {
      if (words.includes(given as Word)) return given as Word;
      const near = typeof given === "string" ? suggestion(given, words).replace(/^; /, "") : "";
      return reading.report(`must be one of ${words.join(", ")}`, given, { remedy: near || "use one of them" });
    },
  };
}

/** A list that is not empty. */
export function list<T>(item: Kind<T>): Kind<readonly T[]> {
  return {
    schema: { type: "array", minItems: 1, items: item.schema },
    read(given, reading) {
      if (!Array.isArray(given) || given.length === 0) {
        return reading.report("must be a list that is not empty", given, {
          remedy: "write at least one, or leave it out",
        });
      }
      return given.map((one, index) => item.read(one, reading.at(index)) as T);
    },
  };
}

/** One, or a list of them. */
export function oneOrMore<T>(item: Kind<T>): Kind<readonly T[]> {
  const several = list(item);
  return {
    schema: { anyOf: [item.schema, several.schema] },
    read(given, reading) {
      if (Array.isArray(given)) return several.read(given, reading);
      const one = item.read(given, reading);
      return one === undefined ? undefined : [one];
    },
  };
}

/** Members with names of the user's choice. */
export function named<T>(names: RegExp, rule: string, item: Kind<T>): Kind<Readonly<Record<string, T>>> {
  return {
    schema: { type: "object", propertyNames: { pattern: names.source }, additionalProperties: item.schema },
    read(given, reading) {
      if (!isObject(given)) return reading.report("must be an object", given, { remedy: "write name: value" });
      const entries = Object.entries(given).map(([key, value]) => {
        if (!names.test(key)) reading.at(key).report(rule, key, { remedy: "choose another name", isKey: true });
        return [key, item.read(value, reading.at(key)) as T] as const;
      });
      return Object.fromEntries(entries);
    },
  };
}

/** Converts a kind's value. @param make undefined if the value is invalid, which it has then reported */
export function mapped<T, U>(kind: Kind<T>, make: (value: T, reading: Reading) => U | undefined): Kind<U> {
  return {
    schema: kind.schema,
    read(given, reading) {
      const known = reading.problems.length;
      const read = kind.read(given, reading);
      return read === undefined || reading.problems.length > known ? undefined : make(read, reading);
    },
  };
}
