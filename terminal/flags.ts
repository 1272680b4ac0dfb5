import { parseArgs, type ParseArgsConfig } from "node:util";
import { suggestion } from "../rules/check/similar";
import { UsageError } from "./user-error";

/** Flags by name, for Node's `parseArgs`. */
export type Flags = NonNullable<ParseArgsConfig["options"]>;

/** Values of the given flags, by name. */
export type FlagValues<F extends Flags> = ReturnType<typeof parseArgs<{ options: F }>>["values"];

/** A command line: its flags and its positional arguments. */
export interface Arguments<F extends Flags> {
  readonly values: FlagValues<F>;
  readonly positionals: readonly string[];
}

/** Reads a command line with only flags. Throws {@link UsageError} for unknown ones. */
export function readFlags<const F extends Flags>(args: readonly string[], flags: F): FlagValues<F> {
  return orUsageError(flags, () => parseArgs({ args: [...args], options: flags, strict: true }).values);
}

/** Reads flags and positional arguments. Throws {@link UsageError} for unknown flags. */
export function readArguments<const F extends Flags>(args: readonly string[], flags: F): Arguments<F> {
  return orUsageError(flags, () =>
    parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: true }),
  );
}

/** A flag's value, which must match. Throws {@link UsageError} with the flag, the rule and the value. */
export function matching(flag: string, value: string | undefined, pattern: RegExp, rule: string): string {
  if (value !== undefined && pattern.test(value)) return value;
  throw new UsageError(`${flag} ${rule}, got ${value === undefined ? "nothing" : JSON.stringify(value)}; see --help`);
}

/** Node's message reduced to the sentence with the error, with the flag that was probably meant. */
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
