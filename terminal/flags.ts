import { parseArgs, type ParseArgsConfig } from "node:util";
import { suggestion } from "../rules/check/similar";
import { UsageError } from "./user-error";

/** Flags by their names, as Node's `parseArgs` takes them. */
export type Flags = NonNullable<ParseArgsConfig["options"]>;

/** What flags were given, by their names. */
export type FlagValues<F extends Flags> = ReturnType<typeof parseArgs<{ options: F }>>["values"];

/** A command line: its flags, and what stands beside them. */
export interface Arguments<F extends Flags> {
  readonly values: FlagValues<F>;
  readonly positionals: readonly string[];
}

/** Reads a command line that is flags only. Throws {@link UsageError} for what it does not know. */
export function readFlags<const F extends Flags>(args: readonly string[], flags: F): FlagValues<F> {
  return orUsageError(flags, () => parseArgs({ args: [...args], options: flags, strict: true }).values);
}

/** Reads flags and what stands beside them. Throws {@link UsageError} for flags that it does not know. */
export function readArguments<const F extends Flags>(args: readonly string[], flags: F): Arguments<F> {
  return orUsageError(flags, () =>
    parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: true }),
  );
}

/** A flag's value, which matches. Throws {@link UsageError} with the flag, the rule and the value. */
export function matching(flag: string, value: string | undefined, pattern: RegExp, rule: string): string {
  if (value !== undefined && pattern.test(value)) return value;
  throw new UsageError(`${flag} ${rule}, got ${value === undefined ? "nothing" : JSON.stringify(value)}; see --help`);
}

/** Of what Node says, the sentence that tells what is wrong, with the flag that was likely meant. */
function orUsageError<T>(flags: Flags, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [sentence] = message.split(/\.\s/);
    const unknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'--([^']+)'/.exec(sentence)?.[1] : undefined;
    const hint = unknown === undefined ? "" : suggestion(unknown, Object.keys(flags)).replace("mean ", "mean --");
    throw new UsageError(`${sentence}${hint || "; see --help"}`);
  }
}
