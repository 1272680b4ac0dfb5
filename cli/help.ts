import { suggestion } from "../rules/check/similar";
import { UsageError } from "../terminal/user-error";

/** Words that request help. */
const HELP = ["help", "--help", "-h"];

/** The command at the start of a command line. */
export function commandOf(args: readonly string[], commands: readonly string[]): string | undefined {
  return commands.find((command) => command.split(" ").every((word, index) => args[index] === word));
}

/** `help rules check` is equivalent to `rules check --help`. */
export function withHelpAsFlag(args: readonly string[]): readonly string[] {
  return args[0] === "help" ? [...args.slice(1), "--help"] : args;
}

/**
 * The help text if help is requested without a command that has its own: for all commands, or for those that begin with
 * a word. Throws {@link UsageError} if none does.
 *
 * @param usage of all commands; each has a line that begins with two spaces and its name
 */
export function helpOf(args: readonly string[], usage: string, commands: readonly string[]): string | undefined {
  const words = args.filter((word) => !HELP.includes(word));
  if (words.length === args.length || commandOf(words, commands) !== undefined) return undefined;
  const [group] = words;
  if (group === undefined) return usage;
  const lines = usage.split("\n").filter((line) => line.startsWith(`  ${group} `));
  if (words.length > 1 || lines.length === 0) throw unknownCommand(words, commands);
  const call = `tencent-logs ${group} COMMAND`;
  return `Usage: ${call} [FLAGS]\n\n${lines.join("\n")}\n\n${call} --help shows a command's flags.\n`;
}

/** The error for a command line without a command: it names the one that was probably meant, or those of a group. */
export function unknownCommand(args: readonly string[], commands: readonly string[]): UsageError {
  const [first = ""] = args;
  const words = args.filter((word) => !word.startsWith("-")).slice(0, 2);
  const [word = first] = words;
  const groups = commands.map((command) => command.split(" ")[0]);
  const hint =
    suggestion(words.join(" "), commands) ||
    (groups.includes(word) ? "" : suggestion(word, groups) || suggestion(first, ["--version", "--help"]));
  const ofGroup = commands.filter((command) => command.startsWith(`${word} `));
  const known = ofGroup.length > 0 ? `one of ${ofGroup.join(", ")}` : "one that help lists";
  return new UsageError(`command must be ${known}, got "${args.slice(0, 2).join(" ")}"${hint || "; see --help"}`);
}
