import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Event, Rules } from "../../rules";
import { mayHoldBigNumber, quoteBigNumbers } from "../../functions/parser/numbers";
import type { Fields, FieldValue } from "../../functions/records/contracts";
import { isObject } from "../../functions/runtime/checked-json";
import { type Console, oneLine } from "../../terminal/console";
import { eventMaker, loadRules, RULES_FLAGS, RULES_FLAGS_USAGE, rulesArguments, rulesOptions } from "./rules-file";

const RUN_USAGE = `Usage: tencent-logs rules run FILE [FLAGS] < events.ndjson > out.ndjson

Runs a rule text on JSON lines. Each line of the output is an event, regardless of its output; dropped events have no line.

  --outputs               writes {"output": NAME or null, "event": {...}} lines; null is the default output
  --strict                exits with 1 if a line is not a JSON object, or a step failed
${RULES_FLAGS_USAGE}
Lines that are not JSON objects, and events on which a step failed, are reported on stderr with their line number.

Examples:
  tencent-logs rules run access.sls < access.ndjson
  gunzip -c shipped.gz | tencent-logs rules run access.sls --cls --outputs  # a file that CLS shipped
  tencent-logs rules run access.sls --env STAGE=prod --strict < access.ndjson > out.ndjson
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
  const runner = new Runner(rules, console, { ...values, make: eventMaker(values) });
  const input = createInterface({ input: Readable.from(console.stdin ?? []), crlfDelay: Infinity });
  for await (const line of input) await runner.take(line);
  await runner.flush();
  return values.strict && runner.faults > 0 ? 1 : 0;
}

/** Approximate bytes that are buffered before they are written. */
const CHUNK_LENGTH = 64 * 1024;

interface RunnerOptions {
  readonly make: (fields: Fields) => Event;
  /** Whether lines include their output. */
  readonly outputs?: boolean;
  /** The existing outputs; any if not given. */
  readonly output?: readonly string[];
}

class Runner {
  /** Number of lines that are not events, and of events on which a step failed. */
  faults = 0;
  readonly #rules: Rules;
  readonly #console: Console;
  readonly #options: RunnerOptions;
  #line = 0;
  #pending = "";

  constructor(rules: Rules, console: Console, options: RunnerOptions) {
    this.#rules = rules;
    this.#console = console;
    this.#options = options;
  }

  async take(line: string): Promise<void> {
    this.#line++;
    if (line.trim() === "") return;
    const fields = parseObject(line);
    if (!fields) return this.#tell("not a JSON object");
    const { emitted, failure } = this.#rules.run(this.#options.make(fields));
    if (failure !== undefined) return this.#tell(`rules failed at ${failure}`);
    for (const { output, event } of emitted) {
      if (!this.#isKnown(output)) continue;
      const json = event.toJson();
      this.#pending += this.#options.outputs ? `{"output":${JSON.stringify(output)},"event":${json}}\n` : `${json}\n`;
    }
    if (this.#pending.length >= CHUNK_LENGTH) await this.flush();
  }

  /** The event can contain a name that is not an output: the pipeline drops such an event. */
  #isKnown(output: string | null): boolean {
    if (output === null) return true;
    return output !== "dropped" && (this.#options.output?.includes(output) ?? true);
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

/** As the function reads it: a number that a double cannot represent is its text. */
function parseObject(text: string): Fields | undefined {
  const line = text.replace(/^\ufeff/, "");
  try {
    const value = JSON.parse(line) as FieldValue;
    if (!isObject(value)) return undefined;
    return mayHoldBigNumber(value) ? (JSON.parse(quoteBigNumbers(line).json) as Fields) : value;
  } catch {
    return undefined;
  }
}
