import { isDeepStrictEqual } from "node:util";
import type { Fields } from "../../functions/records/contracts";
import { type Event, type Rules, RulesError, type RulesOptions } from "../../rules";
import type { Console } from "../../terminal/console";
import { UsageError } from "../../terminal/user-error";
import { CaseReport } from "../case-report";
import { casesBeside } from "../cases-beside";
import { type Case, parseCases } from "./cases";
import { diffLines } from "./diff";
import {
  eventMaker,
  loadRules,
  readText,
  readyRules,
  RULES_FLAGS,
  RULES_FLAGS_USAGE,
  rulesArguments,
  rulesOptions,
} from "./rules-file";

const TEST_USAGE = `Usage: tencent-logs rules test FILE [FLAGS]

Runs the test cases of a rule text. They are in a YAML file next to it: access.test.yaml for access.sls.

  cases:
    - name: errors go to the archive
      events:                     # or event, for a single one
        - { status: "500", path: /a }
      expect:                     # events of the default output; none if left out
        - { status: "500", path: /a, level: error }
      outputs:                    # events of named outputs; optional
        archive:
          - { status: "500", path: /a }
    - name: a value that is not a number fails
      event: { status: abc }
      fails: ct_int               # part of the message

If FILE ends with .yaml or .yml, it contains the cases, each with its own rule text in \`rules\`; \`fails\` can then also be
part of a message of the checker.

  --cases PATH            file of the cases
  --json                  writes one JSON object per case: name, ok, and difference (the lines that differ)
${RULES_FLAGS_USAGE}
Exits with 1 if a case fails.

Examples:
  tencent-logs rules test access.sls            # the cases in access.test.yaml
  tencent-logs rules test access.sls --cases more.yaml
  tencent-logs rules test cases.yaml            # each case with its own rule text
  tencent-logs rules test access.sls --json     # for programs
`;

/** `tencent-logs rules test`. Returns the exit status. */
export async function test(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, { ...RULES_FLAGS, cases: { type: "string" }, json: { type: "boolean" } });
  if (!given) {
    console.stdout.write(TEST_USAGE);
    return 0;
  }
  const { file, values } = given;
  const alone = /\.ya?ml$/i.test(file);
  if (alone && values.cases !== undefined) {
    throw new UsageError(`--cases must stand beside a rule text, got a FILE of cases, ${file}; see --help`);
  }
  const path = alone ? file : (values.cases ?? besides(file));
  const { cases, faults } = parseCases(readText(path, alone ? "FILE" : "--cases"), { alone });
  if (faults.length > 0) {
    for (const fault of faults) console.stderr.write(`${path}:${fault}\n`);
    console.stderr.write(`${faults.length} ${faults.length === 1 ? "fault" : "faults"}; see --help\n`);
    return 2;
  }
  const options = rulesOptions(values);
  const shared = alone ? undefined : await loadRules(file, options);

  const report = new CaseReport(console, values.json);
  for (const one of cases) {
    const make = eventMaker(values);
    report.add(one.name, shared ? differenceOf(one, shared, make) : await differenceAlone(one, options, make));
  }
  return report.end();
}

function besides(file: string): string {
  const { expected, found } = casesBeside(file);
  if (found !== undefined) return found;
  throw new UsageError(`cases must stand beside the rule text, got nothing at ${expected}; write it or give --cases`);
}

/** Differences from the expected result of a case with its own rules; empty if it passes. */
export async function differenceAlone(
  one: Case,
  options: RulesOptions,
  make: (fields: Fields) => Event,
): Promise<string[]> {
  try {
    return differenceOf(one, await readyRules(one.rules ?? "", options), make);
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    return one.fails !== undefined && error.message.includes(one.fails) ? [] : error.message.split("\n");
  }
}

/** Differences from the expected result; empty if the case passes. */
export function differenceOf(
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

/** One field per line, in name order, so that a difference is one line. */
function show(event: Fields): string[] {
  return Object.keys(event)
    .sort()
    .map((name) => `${name}: ${JSON.stringify(event[name])}`);
}
