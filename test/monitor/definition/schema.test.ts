import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readDefinition } from "../../../monitor";
import { isValid, KEYWORDS } from "../support/json-schema";

const SCHEMA = JSON.parse(
  readFileSync(join(__dirname, "../../../dist/monitor/definition.schema.json"), "utf8"),
) as Readonly<Record<string, unknown>>;
const SAMPLE: unknown = parse(readFileSync(join(__dirname, "../errors.yaml"), "utf8"));

type Path = readonly (string | number)[];

/** Every place of a value. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))];
}

function withValue(path: Path, replacement: unknown): unknown {
  const copy = structuredClone({ root: SAMPLE });
  let holder: Record<string | number, unknown> = copy;
  let key: string | number = "root";
  for (const next of path) [holder, key] = [holder[key] as Record<string | number, unknown>, next];
  if (replacement === undefined && Array.isArray(holder)) holder.splice(key as number, 1);
  else if (replacement === undefined) delete holder[key];
  else holder[key] = replacement;
  return copy.root;
}

/** What stands somewhere in place of what should. */
const REPLACEMENTS = [
  undefined,
  null,
  true,
  -1,
  0,
  3,
  1.5,
  "",
  "x",
  "10m",
  "/x/",
  "memory",
  ">= 3",
  [],
  ["x"],
  {},
  { x: 1 },
];

/** What only the reading knows: what names lead to, what a text means, what keys say together. */
const BEYOND_SCHEMA =
  /must (be (the name of|a length of time|a time zone|a date|a time of day|in a time zone|watched|told|longer|a topic of its own|none of the sources|a field of group|no field of group|labels that|a regular|none of source)|have (match, rules|hours|logset|a source)|lead every|name a field once|be left out)/;

describe("the JSON schema of definitions", () => {
  it("accepts the sample", () => {
    expect(isValid(SAMPLE, SCHEMA)).toBe(true);
  });

  it("has no keyword that is not checked here", () => {
    const keywords = new Set<string>();
    const collect = (schema: unknown): void => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [keyword, value] of Object.entries(schema)) {
        keywords.add(keyword);
        if (["properties", "$defs"].includes(keyword)) Object.values(value as object).forEach(collect);
        else if (Array.isArray(value) && keyword === "anyOf") value.forEach(collect);
        else if (["items", "additionalProperties", "propertyNames"].includes(keyword)) collect(value);
      }
    };
    collect(SCHEMA);
    expect([...keywords].filter((keyword) => !KEYWORDS.includes(keyword))).toEqual([]);
  });

  it("accepts and refuses what the reading does, whatever stands in whatever place of the sample", () => {
    let refused = 0;
    const disagreements: string[] = [];
    for (const path of pathsIn(SAMPLE)) {
      for (const replacement of REPLACEMENTS) {
        const definition = withValue(path, replacement);
        const rules = readDefinition(definition).problems.map(({ rule }) => rule);
        const isAccepted = isValid(definition, SCHEMA);
        if (!isAccepted) refused++;
        const differs = isAccepted
          ? rules.filter((rule) => !BEYOND_SCHEMA.test(rule))
          : rules.length > 0
            ? []
            : ["read"];
        disagreements.push(...differs.map((rule) => `${path.join(".")} = ${JSON.stringify(replacement)}: ${rule}`));
      }
    }
    expect(disagreements).toEqual([]);
    expect(refused).toBeGreaterThan(500);
  });
});
