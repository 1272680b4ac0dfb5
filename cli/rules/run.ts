import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Rules } from "../../functions/rules/engine";
import { Event } from "../../functions/rules/event";
import { mayHoldBigNumber, quoteBigNumbers } from "../../functions/parser/numbers";
import type { Fields, FieldValue } from "../../functions/records";
import { type Console, oneLine } from "../console";
import { loadRules, RULES_FLAGS, RULES_FLAGS_USAGE, rulesArguments, rulesOptions } from "./rules-file";

export const RUN_USAGE = `Usage: tencent-logs rules run FILE [FLAGS] < events.ndjson > out.ndjson

Runs a rule text on JSON lines. Each line that leaves is an event, whatever its output; what is dropped leaves none.

  --outputs               write {"output": NAME or null, "event": {...}} lines; null is the default output
  --strict                exit with 1 where a line is no JSON object, or a step failed
${RULES_FLAGS_USAGE}
Lines that are no JSON objects, and events on which a step failed, are told on stderr with their line.
`;

/** `tencent-logs rules run`. Returns the exit status. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  const given = rulesArguments(args, {
    ...RULES_FLAGS,
    outputs: { type: "boolean" },
    strict: { type: "boolean" },
  });
  if (!given) {
    console.stdout.write(RUN_USAGE);
    return 0;
  }
  const { file, values } = given;
  const rules = await loadRules(file, rulesOptions(values));
  const runner = new Runner(rules, console, values.outputs ?? false);
  const input = createInterface({ input: Readable.from(console.stdin ?? []), crlfDelay: Infinity });
  for await (const line of input) await runner.take(line);
  await runner.flush();
  return values.strict && runner.faults > 0 ? 1 : 0;
}

/** Bytes, roughly, that are gathered before they are written. */
const CHUNK_LENGTH = 64 * 1024;

class Runner {
  /** Lines that were no events, and events on which a step failed. */
  faults = 0;
  readonly #rules: Rules;
  readonly #console: Console;
  readonly #namesOutputs: boolean;
  #line = 0;
  #pending = "";

  constructor(rules: Rules, console: Console, namesOutputs: boolean) {
    this.#rules = rules;
    this.#console = console;
    this.#namesOutputs = namesOutputs;
  }

  async take(line: string): Promise<void> {
    this.#line++;
    if (line.trim() === "") return;
    const fields = parseObject(line);
    if (!fields) return this.#tell("not a JSON object");
    const { emitted, failure } = this.#rules.run(new Event(fields));
    if (failure !== undefined) return this.#tell(`rules failed at ${failure}`);
    for (const { output, event } of emitted) {
      const { fields } = event;
      this.#pending += `${JSON.stringify(this.#namesOutputs ? { output, event: fields } : fields)}\n`;
    }
    if (this.#pending.length >= CHUNK_LENGTH) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text === "") return;
    const stdout = this.#console.stdout as NodeJS.WriteStream;
    const isReady = stdout.write(text);
    if (isReady === false) await new Promise((resolve) => stdout.once("drain", resolve));
  }

  #tell(message: string): void {
    this.faults++;
    this.#console.stderr.write(`line ${this.#line}: ${oneLine(message)}\n`);
  }
}

/** As the function reads it: a number that a double cannot hold is its text. */
function parseObject(text: string): Fields | undefined {
  const line = text.replace(/^\ufeff/, "");
  try {
    const value = JSON.parse(line) as FieldValue;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return mayHoldBigNumber(value) ? (JSON.parse(quoteBigNumbers(line).json) as Fields) : value;
  } catch {
    return undefined;
  }
}
