/**
 * The condition that a record must meet, as people write it:
 *
 * ```yaml
 * any: [{ status: "^5\\d\\d$" }, { text: "OutOfMemory|panic:" }, { request_time: ">= 3", method: GET }]
 * ```
 *
 * A condition names fields, which must all match. `any`, `all`, `not`, `text` and `fields` are keywords; `fields` is
 * for fields with these names.
 */
import { compileLinePattern, placeOfFault } from "../../rules/regex/javascript";
import type { JsonSchema, Kind } from "./kinds";
import { isObject, type Reading } from "./problem";
import type { Comparison, Match, Pattern } from "./types";

/** Keys of a condition that are keywords. */
const WORDS = ["any", "all", "not", "text", "fields"];

/** Maximum nesting of conditions. */
const MAX_DEPTH = 20;

const PATTERN_SCHEMA: JsonSchema = {
  anyOf: [
    { type: "string", minLength: 1 },
    {
      type: "object",
      additionalProperties: false,
      properties: { pattern: { type: "string", minLength: 1 }, flags: { enum: ["", "i", "u", "iu"] } },
      required: ["pattern"],
    },
  ],
};

const FIELD_SCHEMA: JsonSchema = { anyOf: [...(PATTERN_SCHEMA.anyOf as JsonSchema[]), { type: "number" }] };

/** Name of the condition's schema in the schema of the file. */
export const MATCH_DEFINITION = "match";
const SELF: JsonSchema = { $ref: `#/$defs/${MATCH_DEFINITION}` };
const SEVERAL: JsonSchema = { type: "array", minItems: 1, items: SELF };

/** Schema of a condition. */
export const MATCH_SCHEMA: JsonSchema = {
  type: "object",
  minProperties: 1,
  properties: {
    any: { ...SEVERAL, description: "At least one of these conditions." },
    all: { ...SEVERAL, description: "All of these conditions." },
    not: { ...SELF, description: "Not this condition." },
    text: { ...PATTERN_SCHEMA, description: "A pattern that matches the value of any field." },
    fields: {
      type: "object",
      minProperties: 1,
      additionalProperties: FIELD_SCHEMA,
      description: "Fields whose names are keywords, such as text.",
    },
  },
  additionalProperties: { ...FIELD_SCHEMA, description: 'A pattern, or a comparison with a number, such as ">= 3".' },
};

export const MATCH: Kind<Match> = { schema: SELF, read: (given, reading) => readMatch(given, reading, 0) };

function readMatch(given: unknown, reading: Reading, depth: number): Match | undefined {
  if (depth > MAX_DEPTH)
    return reading.report(`must be at most ${MAX_DEPTH} conditions deep`, given, { remedy: "write fewer" });
  if (!isObject(given) || Object.keys(given).length === 0) {
    return reading.report("must be a condition", given, { remedy: 'name a field and its pattern, like status: "^5"' });
  }
  const parts = Object.entries(given).flatMap(([key, value]) => readPart(key, value, reading.at(key), depth));
  const [first, ...others] = parts;
  return others.length === 0 ? first : { all: parts as Match[] };
}

/** Reads one key of a condition. */
function readPart(key: string, value: unknown, reading: Reading, depth: number): (Match | undefined)[] {
  switch (key) {
    case "any":
      return [{ any: readSeveral(value, reading, depth) }];
    case "all":
      return [{ all: readSeveral(value, reading, depth) }];
    case "not": {
      const not = readMatch(value, reading, depth + 1);
      return [not && { not }];
    }
    case "text": {
      const pattern = readPattern(value, reading);
      return [pattern && { text: pattern }];
    }
    case "fields":
      if (isObject(value) && Object.keys(value).length > 0) {
        return Object.entries(value).map(([field, test]) => readField(field, test, reading.at(field)));
      }
      return [reading.report("must be an object of fields", value, { remedy: 'write it like { text: "^5" }' })];
    default:
      return [readField(key, value, reading)];
  }
}

function readSeveral(value: unknown, reading: Reading, depth: number): Match[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one, index) => readMatch(one, reading.at(index), depth + 1) as Match);
  }
  reading.report("must be a list of conditions that is not empty", value, {
    remedy: "write each as an item of its own",
  });
  return [];
}

const COMPARISON = /^\s*(<=|>=|!=|<|>|=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/** Looks like a comparison: as a pattern it would hardly ever match, and nobody would notice. */
const LIKE_COMPARISON = /^\s*[<>=!~]{1,3}\s*[+-]?\.?\d/;

function readField(field: string, value: unknown, reading: Reading): Match | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return { field, compare: "=", value };
  if (typeof value === "string" && !reading.isUnresolved(value)) {
    const comparison = COMPARISON.exec(value);
    if (comparison) return { field, compare: comparison[1] as Comparison, value: Number(comparison[2]) };
    if (LIKE_COMPARISON.test(value)) {
      return reading.report("must compare with one number by <, <=, >, >=, = or !=, if it is no pattern", value, {
        remedy: `write it like ">= 3", several of them in all, and a pattern that begins so as { pattern: ... }`,
      });
    }
  }
  if (isObject(value) && WORDS.some((word) => word in value)) {
    return reading.report("must be a pattern or a comparison", value, {
      remedy: `write the condition beside ${field}`,
    });
  }
  const pattern = readPattern(value, reading);
  return pattern && { field, pattern };
}

/** A pattern as a string, as a string with flags, or as a JavaScript `RegExp`. */
function readPattern(given: unknown, reading: Reading): Pattern | undefined {
  if (typeof given === "string") return checkedPattern(given, "", reading);
  if (given instanceof RegExp) return checkedPattern(given.source, given.flags, reading);
  if (isObject(given) && typeof given.pattern === "string") {
    const unknown = Object.keys(given).find((key) => key !== "pattern" && key !== "flags");
    if (unknown !== undefined) {
      return reading
        .at(unknown)
        .report("must be pattern or flags", unknown, { got: "another key", remedy: "leave it out", isKey: true });
    }
    const { pattern, flags = "" } = given;
    if (typeof flags === "string") return checkedPattern(pattern, flags, reading.at("pattern"), reading.at("flags"));
    return reading.at("flags").report("must be i, u or both", flags, { remedy: "leave them out" });
  }
  return reading.report("must be a pattern, or a comparison with a number", given, {
    remedy: 'write it like "^5\\\\d\\\\d$" or ">= 3"',
  });
}

function checkedPattern(source: string, flags: string, reading: Reading, ofFlags = reading): Pattern | undefined {
  if (reading.isUnresolved(source)) return reading.reportUnresolved();
  if (source === "")
    return reading.report("must be a pattern that is not empty", source, { remedy: "write . for any text" });
  if (!/^(?:i?u?|ui)$/.test(flags)) {
    const remedy = "leave the others out: a pattern looks at one value, and ^ and $ are its ends";
    return ofFlags.report("must have no flags but i and u", flags, { remedy });
  }
  try {
    compileLinePattern(source, flags);
    return { source, flags };
  } catch (error) {
    const start = placeOfFault(source, error);
    return reading.report("must be a regular expression that runs in linear time", source, {
      remedy: (error as Error).message.replace(/^Invalid regular expression: .*: (?=[^:]*$)/, "correct it: "),
      ...(start !== undefined && { span: { start, end: start + 1 } }),
    });
  }
}
