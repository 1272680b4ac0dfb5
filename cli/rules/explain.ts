import { readFileSync } from "node:fs";
import type { Fields } from "../../functions/records/contracts";
import { isObject } from "../../functions/runtime/checked-json";
import type { Emitted, Event, Rules } from "../../rules";
import type { Console } from "../../terminal/console";
import { UsageError } from "../../terminal/user-error";
import { eventMaker, loadRules, RULES_FLAGS, RULES_FLAGS_USAGE, rulesArguments, rulesOptions } from "./rules-file";

const EXPLAIN_USAGE = `Usage: tencent-logs rules explain FILE --event JSON [FLAGS]

Shows an event after each statement of a rule text: + is an added field, ~ a changed field, - a removed field.

  --event JSON            the event, or @PATH of a file that contains it
  --json                  writes one JSON object per statement: line, text, events (the events after it), emitted (the
                          events that it sent, with their outputs), and failure
${RULES_FLAGS_USAGE}
Exits with 1 if a step fails.

Examples:
  tencent-logs rules explain access.sls --event '{"status": "502", "path": "/pay"}'
  tencent-logs rules explain access.sls --event @event.json --json
`;

/** `tencent-logs rules explain`. Returns the exit status: 1 if a step failed. */
export async function explain(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, { ...RULES_FLAGS, event: { type: "string" }, json: { type: "boolean" } });
  if (!given) {
    console.stdout.write(EXPLAIN_USAGE);
    return 0;
  }
  const { file, values } = given;
  const fields = eventOf(values.event);
  const rules = await loadRules(file, rulesOptions(values));

  const steps = rules.explain(eventMaker(values)(fields));
  return values.json ? writeJson(steps, console) : writeText(steps, fields, console);
}

type Steps = ReturnType<Rules["explain"]>;

function writeJson(steps: Steps, console: Console): number {
  let failed = false;
  for (const { line, text, events, emitted, failure } of steps) {
    failed ||= failure !== undefined;
    const sent = emitted.map((one) => ({ output: one.output, event: plainFields(one.event) }));
    const step = { line, text, events: events.map(plainFields), emitted: sent, failure };
    console.stdout.write(`${JSON.stringify(step)}\n`);
  }
  return failed ? 1 : 0;
}

function writeText(steps: Steps, fields: Fields, console: Console): number {
  const write = (text: string): void => void console.stdout.write(`${text}\n`);
  let before: readonly Fields[] = [fields];
  write(`event ${JSON.stringify(fields)}`);
  for (const { line, text, events, emitted, failure } of steps) {
    write(`\nline ${line}: ${text.replace(/\s*\n\s*/g, " ")}`);
    if (failure !== undefined) {
      write(`  fails: ${failure}; the event and what was split from it end here`);
      return 1;
    }
    for (const one of emitted) write(`  > ${describeOutput(one)} ${JSON.stringify(one.event.fields)}`);
    const after = events.map(plainFields);
    for (const change of changes(before, after, emitted.length > 0)) write(`  ${change}`);
    before = after;
  }
  write("");
  for (const left of before) write(`left ${JSON.stringify(left)}`);
  if (before.length === 0) write("nothing is left for the default output");
  return 0;
}

function eventOf(text: string | undefined): Fields {
  if (text === undefined) throw new UsageError("--event must be a JSON object, got nothing; see --help");
  try {
    const value = JSON.parse(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text) as unknown;
    if (isObject(value)) return value as Fields;
  } catch (error) {
    throw new UsageError(
      `--event must be a JSON object or @PATH, got ${text.slice(0, 100)}: ${(error as Error).message}`,
    );
  }
  throw new UsageError(`--event must be a JSON object, got ${text.slice(0, 100)}; see --help`);
}

function describeOutput({ output }: Emitted): string {
  return output === null ? "to the default output:" : `to ${output}:`;
}

function plainFields(event: Event): Fields {
  return JSON.parse(JSON.stringify(event.fields)) as Fields;
}

function changes(before: readonly Fields[], after: readonly Fields[], isSent: boolean): string[] {
  if (after.length === 0) return [isSent ? "the event ends here" : "dropped"];
  if (before.length !== after.length) return after.map((event, at) => `event ${at + 1}: ${JSON.stringify(event)}`);
  const lines = after.flatMap((event, at) =>
    fieldChanges(before[at], event).map((change) => (after.length === 1 ? change : `event ${at + 1} ${change}`)),
  );
  return lines.length === 0 ? ["no change"] : lines;
}

function fieldChanges(before: Fields, after: Fields): string[] {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const set = Object.keys(after).filter((name) => !Object.hasOwn(before, name) || before[name] !== after[name]);
  const line = (sign: string, name: string, value: unknown): string => `${sign} ${name}: ${JSON.stringify(value)}`;
  return [
    ...gone.map((name) => line("-", name, before[name])),
    ...set
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => line(Object.hasOwn(before, name) ? "~" : "+", name, after[name])),
  ];
}
