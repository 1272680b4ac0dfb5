import { readFileSync } from "node:fs";
import type { Fields } from "../../functions/records/contracts";
import { rulePartsIn } from "../../functions/runtime/loader";
import { compileRules, Event, type Rules, RulesError, type RulesOptions, TopicEvent } from "../../rules";
import { partsFolder } from "../../lib/packaging/built-files";
import { type FlagValues, type Flags, readArguments } from "../../terminal/flags";
import { UsageError } from "../../terminal/user-error";
import { RulesFileError } from "./rules-file-error";

/** Flags of every command on a rule text. */
export const RULES_FLAGS = {
  env: { type: "string", multiple: true },
  output: { type: "string", multiple: true },
  "regex-engine": { type: "string" },
  cls: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const RULES_FLAGS_USAGE = `  --output NAME           name of an output of the pipeline; repeat it. Without this flag, any name is accepted
  --env NAME=VALUE        variable for res_local("NAME"), in addition to the environment; repeat it
  --regex-engine ENGINE   linear (default), or backtracking: look-around and back-references, with a time limit
  --cls                   events are records as CLS ships them, with __TIMESTAMP__, __SOURCE__ and __TAG__ instead of
                          __time__, __source__ and __tag__:NAME, as a function receives them
`;

/** A command's flags and its rule text. Throws {@link UsageError}. */
export interface RulesArguments<F extends Flags> {
  readonly values: FlagValues<F>;
  /** Path of the rule text. */
  readonly file: string;
}

/** Reads the command line `FILE [FLAGS]`; undefined if help is requested. */
export function rulesArguments<const F extends Flags>(
  args: readonly string[],
  flags: F,
): RulesArguments<F> | undefined {
  const { values, positionals } = readArguments(args, flags);
  if ((values as { help?: boolean }).help) return undefined;
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError("FILE must be a rule text, got nothing; see --help");
  if (extra !== undefined) throw new UsageError(`FILE must be one rule text, got ${extra} besides; see --help`);
  return { values, file };
}

/** The text of a file. Throws {@link UsageError}. */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new UsageError(`${what} must be a file, got ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Engine options from {@link RULES_FLAGS}. Throws {@link UsageError}. */
export function rulesOptions(values: { env?: string[]; output?: string[]; "regex-engine"?: string }): RulesOptions {
  const engine = values["regex-engine"] ?? "linear";
  if (engine !== "linear" && engine !== "backtracking") {
    throw new UsageError(`--regex-engine must be linear or backtracking, got ${JSON.stringify(engine)}; see --help`);
  }
  const environment = Object.fromEntries((values.env ?? []).map(variable));
  return {
    parts: rulePartsIn(partsFolder()),
    regexEngine: engine,
    environment: { ...process.env, ...environment },
    ...(values.output && { outputs: values.output }),
  };
}

function variable(text: string): [string, string] {
  const [name, ...rest] = text.split("=");
  if (name === "" || rest.length === 0) throw new UsageError(`--env must be NAME=VALUE, got ${name}; see --help`);
  return [name, rest.join("=")];
}

/** Creates events of the kind that the command's flags specify. */
export function eventMaker({ cls }: { cls?: boolean }): (fields: Fields) => Event {
  return cls ? (fields) => new TopicEvent(fields) : (fields) => new Event(fields);
}

/** The rules of a file, with their resources loaded. Throws {@link UsageError} with all problems of the text. */
export async function loadRules(file: string, options: RulesOptions): Promise<Rules> {
  try {
    return await readyRules(readText(file, "FILE"), options);
  } catch (error) {
    if (error instanceof RulesError) throw new RulesFileError(file, error);
    throw error;
  }
}

/** The rules of a text, with their resources loaded. Throws {@link RulesError} with all problems of the text. */
export async function readyRules(text: string, options: RulesOptions): Promise<Rules> {
  const rules = compileRules(text, options);
  await rules.refresh();
  return rules;
}
