import { parseArgs, type ParseArgsConfig } from "node:util";
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
  return orUsageError(() => parseArgs({ args: [...args], options: flags, strict: true }).values);
}

/** Reads flags and what stands beside them. Throws {@link UsageError} for flags that it does not know. */
export function readArguments<const F extends Flags>(args: readonly string[], flags: F): Arguments<F> {
  return orUsageError(() => parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: true }));
}

/** A flag's value, which matches. Throws {@link UsageError} with the flag, the rule and the value. */
export function matching(flag: string, value: string | undefined, pattern: RegExp, rule: string): string {
  if (value !== undefined && pattern.test(value)) return value;
  throw new UsageError(`${flag} ${rule}, got ${value === undefined ? "nothing" : JSON.stringify(value)}; see --help`);
}

/** Of what Node says, the sentence that tells what is wrong. */
function orUsageError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]}; see --help`);
  }
}
