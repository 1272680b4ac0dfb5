import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { Fields } from "../../functions/records";
import type { Rules } from "../../functions/rules/engine";
import type { Event } from "../../functions/rules/event";
import { CliError } from "../cli-error";
import type { Console } from "../console";
import { diffLines } from "./diff";
import {
  eventMaker,
  loadRules,
  readText,
  RULES_FLAGS,
  RULES_FLAGS_USAGE,
  rulesArguments,
  rulesOptions,
} from "./rules-file";

export const TEST_USAGE = `Usage: tencent-logs rules test FILE [FLAGS]

Runs the cases in the YAML file beside a rule text: access.test.yaml beside access.sls.

  cases:
    - name: errors go to the archive
      events:                     # or event: for one
        - { status: "500", path: /a }
      expect:                     # what goes to the default output; none means nothing
        - { status: "500", path: /a, level: error }
      outputs:                    # what goes to named outputs; may be left out
        archive:
          - { status: "500", path: /a }
    - name: what is no number fails
      event: { status: abc }
      fails: ct_int               # a part of the message

  --cases PATH            the file of the cases
${RULES_FLAGS_USAGE}
Exits with 1 where a case fails.
`;

/** `tencent-logs rules test`. Returns the exit status. */
export async function test(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, { ...RULES_FLAGS, cases: { type: "string" } });
  if (!given) {
    console.stdout.write(TEST_USAGE);
    return 0;
  }
  const { file, values } = given;
  const path = values.cases ?? besides(file);
  const cases = readCases(path);
  const rules = await loadRules(file, rulesOptions(values));

  let failed = 0;
  for (const one of cases) {
    const difference = differenceOf(one, rules, eventMaker(values));
    if (difference.length > 0) failed++;
    console.stdout.write(`${difference.length > 0 ? "not ok" : "ok"} ${one.name}\n`);
    for (const line of difference) console.stdout.write(`    ${line}\n`);
  }
  console.stdout.write(`${cases.length - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

/** One case of a user's file. */
interface Case {
  readonly name: string;
  readonly events: readonly Fields[];
  /** What leaves, by output; `""` is the default one. */
  readonly expected: Readonly<Record<string, readonly Fields[]>>;
  /** Whether outputs that the case leaves out may receive something. */
  readonly namesOutputs: boolean;
  readonly fails?: string;
}

function besides(file: string): string {
  const base = file.replace(/\.[^./\\]+$/, "");
  const found = [`${base}.test.yaml`, `${base}.test.yml`].find(existsSync);
  if (found !== undefined) return found;
  throw new CliError(
    `cases must stand beside the rule text, got nothing at ${base}.test.yaml; write it or give --cases`,
  );
}

function readCases(path: string): Case[] {
  const wrong = (what: string): CliError => new CliError(`${path}: ${what}; see --help`);
  let file: unknown;
  try {
    file = parse(readText(path, "--cases"));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw wrong((error as Error).message.split("\n")[0]);
  }
  const { cases } = (file ?? {}) as { cases?: unknown };
  if (!Array.isArray(cases) || cases.length === 0) throw wrong("cases must be a list of cases, got none");
  return cases.map((one: unknown, at) => readCase(one, (rule) => wrong(`case ${at + 1} ${rule}`)));
}

const KEYS = ["name", "event", "events", "expect", "outputs", "fails"];

function readCase(value: unknown, wrong: (rule: string) => CliError): Case {
  const one = (value ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(one).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(`must have ${KEYS.join(", ")} only, got ${unknown}`);
  if (one.event !== undefined && one.events !== undefined) throw wrong("must have event or events, got both");
  if (one.fails !== undefined && (one.expect !== undefined || one.outputs !== undefined)) {
    throw wrong("must have fails or what is expected, got both");
  }
  const list = (given: unknown, key: string): Fields[] => {
    const items = Array.isArray(given) ? given : given === undefined || given === null ? [] : [given];
    if (items.every((item) => typeof item === "object" && item !== null && !Array.isArray(item)))
      return items as Fields[];
    throw wrong(`must have objects in ${key}, got ${JSON.stringify(given)}`);
  };
  const events = list(one.events ?? one.event, "events");
  if (events.length === 0) throw wrong("must have an event, got none");
  const outputs = Object.entries((one.outputs ?? {}) as Record<string, unknown>);
  return {
    name: typeof one.name === "string" ? one.name : JSON.stringify(events[0]),
    events: events.map(asTexts),
    expected: Object.fromEntries([
      ["", list(one.expect, "expect").map(asTexts)],
      ...outputs.map(([name, given]) => [name, list(given, `outputs.${name}`).map(asTexts)] as const),
    ]),
    namesOutputs: one.outputs !== undefined,
    ...(one.fails !== undefined && { fails: String(one.fails) }),
  };
}

/** YAML reads 500 as a number, where an event has a text. */
function asTexts(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "object" ? value : String(value)]),
  );
}

/** What came out otherwise than expected; nothing where the case passes. */
function differenceOf(
  { events, expected, fails, namesOutputs }: Case,
  rules: Rules,
  make: (fields: Fields) => Event,
): string[] {
  const results = events.map((event) => rules.run(make(event)));
  const failures = results.flatMap(({ failure }) => failure ?? []);
  if (fails !== undefined) {
    if (failures.some((failure) => failure.includes(fails))) return [];
    return [`expected a failure that says ${JSON.stringify(fails)}, got ${failures.join("; ") || "none"}`];
  }
  if (failures.length > 0) return [`fails: ${failures.join("; ")}`];

  const got: Record<string, Fields[]> = { "": [] };
  for (const { output, event } of results.flatMap(({ emitted }) => emitted)) {
    (got[output ?? ""] ??= []).push(JSON.parse(JSON.stringify(event.fields)) as Fields);
  }
  const names = new Set([...Object.keys(expected), ...(namesOutputs ? Object.keys(got) : [""])]);
  return [...names].flatMap((name) => {
    const [wanted, received] = [expected[name] ?? [], got[name] ?? []];
    if (isDeepStrictEqual(wanted, received)) return [];
    return [name === "" ? "the default output:" : `${name}:`, ...diffLines(wanted.map(show), received.map(show))];
  });
}

/** One field a line, in the order of their names, so that a difference shows as a line. */
function show(event: Fields): string[] {
  return Object.keys(event)
    .sort()
    .map((name) => `${name}: ${JSON.stringify(event[name])}`);
}
