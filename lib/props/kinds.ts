/** The kinds of values that props can have. */
import { shown, type Checks, type IntegerRange } from "../errors";
import { isToken, Token } from "../framework";
import {
  isPlainObject,
  readMembers,
  refuseAbsent,
  refuseType,
  type OptionalProp,
  type Prop,
  type PropTable,
  type RequiredProp,
} from "./prop";

/** A string that is not empty. */
export const text: OptionalProp<string> = textThat(
  /[^]/,
  "must be a text that is not empty",
  "give one, or leave it out",
  "LOGS_PROP_TYPE",
);

/** A string that can be empty. */
export const freeText: OptionalProp<string> = textThat(
  /^/,
  "must be a text",
  "give one, or leave it out",
  "LOGS_PROP_TYPE",
);

/** A string that matches a pattern, or one that only the plan knows. */
export function textThat(pattern: RegExp, rule: string, remedy: string, code: string): OptionalProp<string> {
  return {
    read(given, path, checks) {
      const value = isScalarToken(given) ? Token.asString(given) : given;
      checks.pattern(path, value as string, pattern, rule, remedy, code);
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** The id or name of something in the cloud: see {@link Checks.identifier}. */
export const identifier: OptionalProp<string> = {
  read(given, path, checks) {
    const value = isScalarToken(given) ? Token.asString(given) : given;
    checks.identifier(path, value as string);
    return typeof value === "string" ? value : undefined;
  },
};

/** A key prefix that a policy names. */
export function policyPrefix(prefix: OptionalProp<string>): OptionalProp<string> {
  return {
    read(given, path, checks) {
      const value = prefix.read(given, path, checks);
      checks.noWildcards(path, value);
      return value;
    },
  };
}

export function integer(range: IntegerRange, code: string): OptionalProp<number> {
  return {
    read(given, path, checks) {
      const value = isScalarToken(given) ? Token.asNumber(given) : given;
      checks.integer(path, value as number, range, code);
      return typeof value === "number" ? value : undefined;
    },
  };
}

/** A number, whose range depends on other props. */
export const number: OptionalProp<number> = {
  read(given, path, checks) {
    const value = isScalarToken(given) ? Token.asNumber(given) : given;
    if (typeof value === "number") return value;
    refuseType(checks, path, "must be a number", given, "write it without quotes, or leave it out");
    return undefined;
  },
};

/** `true` or `false`. A flag that only the plan knows stays a token: see `tfChoice`. */
export const flag: OptionalProp<boolean> = {
  read(given, path, checks) {
    if (typeof given === "boolean" || isScalarToken(given)) return given as boolean;
    refuseType(checks, path, "must be true or false", given, "write it without quotes, or leave it out");
    return undefined;
  },
};

/** One of a few fixed strings. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  remedy: string,
  code: string,
): OptionalProp<Word> {
  return {
    read(given, path, checks) {
      const value = isScalarToken(given) ? Token.asString(given) : given;
      checks.oneOf(path, value as string, words, remedy, code);
      return typeof value === "string" ? (value as Word) : undefined;
    },
  };
}

/** A secret: a value that the plan knows and the code does not. */
export const secret: OptionalProp<string> = {
  read(given, path, checks) {
    const value = isScalarToken(given) ? Token.asString(given) : given;
    checks.secret(path, value as string);
    return typeof value === "string" ? value : undefined;
  },
};

export function listOf<Item>(item: Prop<Item>): OptionalProp<readonly Item[]> {
  return knownAtSynth(
    {
      read(given, path, checks) {
        if (Array.isArray(given)) return readEach([...given.entries()], (key) => `${path}[${key}]`, item, checks);
        refuseType(checks, path, "must be a list", given, "write it in brackets, or leave it out");
        return undefined;
      },
    },
    "write the list itself, whose items may hold tokens",
  );
}

/** A list of strings; only the plan may know it as a whole. */
export function texts<Text extends string>(item: Prop<Text>): OptionalProp<readonly Text[]> {
  return orListToken(listOf(item), "string", (token) => Token.asList(token) as Text[]);
}

/** A list of numbers; only the plan may know it as a whole. */
export function numbers(item: Prop<number>): OptionalProp<readonly number[]> {
  return orListToken(listOf(item), "number", (token) => Token.asNumberList(token));
}

function orListToken<Item>(
  list: OptionalProp<readonly Item[]>,
  type: "string" | "number",
  asList: (token: unknown) => readonly Item[],
): OptionalProp<readonly Item[]> {
  return {
    read(given, path, checks) {
      if (isScalarToken(given)) return asList(given);
      if (Array.isArray(given) && isToken(given) && typeof given[0] === type) return given as Item[];
      return list.read(given, path, checks);
    },
  };
}

/** Values by names of the user's choice, which must be known at synth. */
export function mapOf<Item>(item: Prop<Item>, remedy: string): OptionalProp<Record<string, Item>> {
  return knownAtSynth(
    {
      read(given, path, checks) {
        if (isPlainObject(given)) return readMap(given, path, item, checks);
        refuseType(checks, path, "must be an object with names", given, "write it as { name: value }");
        return undefined;
      },
    },
    remedy,
  );
}

/** Tags: strings by name, or a map that only the plan knows. */
export const tags: OptionalProp<Record<string, string>> = {
  read(given, path, checks) {
    if (isToken(given) && !Array.isArray(given) && typeof given !== "number") return given as Record<string, string>;
    if (isPlainObject(given)) return readMap(given, path, freeText, checks);
    refuseType(checks, path, "must be an object of texts", given, 'write it as { team: "web" }');
    return undefined;
  },
};

/** An object with its own props. */
export function nested<Props extends object>(table: PropTable<Props>): OptionalProp<Props> {
  return knownAtSynth(
    { read: (given, path, checks) => readMembers(checks, table, given, path) },
    "write it as an object, whose values may be tokens",
  );
}

/** The value `false`, or another value. */
export function falseOr<Value>(prop: OptionalProp<Value>): OptionalProp<Value | false> {
  return { read: (given, path, checks) => (given === false ? false : prop.read(given, path, checks)) };
}

/** The members that identify an instance. A class check would fail for another copy of the package. */
interface Members<Value> {
  /** Strings, which must not be empty. */
  readonly texts?: readonly (keyof Value & string)[];
  /** Methods and other members that must exist. */
  readonly others: readonly (keyof Value & string)[];
  /** Members that exist only on other kinds of objects. */
  readonly foreign?: readonly string[];
}

/** An instance of a class or an interface: `what` names it, `remedy` says how to get one. */
export function instance<Value>(
  what: string,
  remedy: string,
  { texts = [], others, foreign = [] }: Members<Value>,
): OptionalProp<Value> {
  return knownAtSynth(
    {
      read(given, path, checks) {
        const members = given as Readonly<Record<string, unknown>>;
        const isOne =
          typeof given === "object" &&
          given !== null &&
          others.every((name) => members[name] !== undefined) &&
          foreign.every((name) => members[name] === undefined);
        if (!isOne) {
          checks.that(false, "LOGS_PROP_TYPE", () => `${path} must be ${what}, got ${shown(given)}; ${remedy}`);
          return undefined;
        }
        const known = checks.count;
        for (const name of texts) required(text, remedy).read(members[name], `${path}.${name}`, checks);
        return checks.count === known ? (given as Value) : undefined;
      },
    },
    remedy,
  );
}

/** A value that determines what the plan contains, so it must be known at synth. */
export function knownAtSynth<Value>(prop: OptionalProp<Value>, remedy = "write the value itself"): OptionalProp<Value> {
  return {
    ...prop,
    read(given, path, checks) {
      if (!isToken(given)) return prop.read(given, path, checks);
      checks.that(false, "LOGS_PROP_TOKEN", () => `${path} must be known at synth, got a token; ${remedy}`);
      return undefined;
    },
  };
}

/** A value that is required. */
export function required<Value>(prop: Prop<Value>, remedy = "give one"): RequiredProp<Value> {
  return {
    isRequired: true,
    absent: (path, checks) => refuseAbsent(checks, path, remedy),
    read(given, path, checks) {
      if (given !== undefined) return prop.read(given, path, checks);
      refuseAbsent(checks, path, remedy);
      return undefined;
    },
  };
}

/**
 * Whether a value is a token for a single value: as a string, as a number, or as an object, such as the `value` of a
 * `TerraformVariable`.
 */
function isScalarToken(value: unknown): boolean {
  if (!isToken(value)) return false;
  return typeof value !== "object" || typeof (value as { resolve?: unknown }).resolve === "function";
}

function readMap<Item>(
  given: Record<string, unknown>,
  path: string,
  item: Prop<Item>,
  checks: Checks,
): Record<string, Item> | undefined {
  const entries = Object.entries(given);
  const items = readEach(entries, (name) => `${path}.${name}`, required(item, "leave its name out"), checks);
  return items && Object.fromEntries(entries.map(([name], index) => [name, items[index] as Item]));
}

/** All items; undefined if one has another type. */
function readEach<Key, Item>(
  entries: readonly (readonly [Key, unknown])[],
  pathOf: (key: Key) => string,
  item: Prop<Item>,
  checks: Checks,
): Item[] | undefined {
  const items = entries.map(([key, value]) => required(item).read(value, pathOf(key), checks));
  return items.includes(undefined) ? undefined : (items as Item[]);
}
