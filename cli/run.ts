import { EndpointError } from "../functions/tencent/endpoint";
import { ServiceError } from "../functions/tencent/service-error";
import { UsageError, UserError } from "../terminal/user-error";
import { type Console, oneLine } from "../terminal/console";
import { list } from "./quarantine/list";
import { replay } from "./replay/replay";
import { check } from "./rules/check";
import { explain } from "./rules/explain";
import { native } from "./rules/native";
import { RulesFileError } from "./rules/rules-file";
import { run as runRules } from "./rules/run";
import { test } from "./rules/test";
import { PatternError } from "./tail/patterns";
import { tail } from "./tail/tail";

const USAGE = `Usage: tencent-logs COMMAND [FLAGS]

  tail             shows the logs of functions as they are written
  quarantine list  lists what a pipeline could not read or deliver
  replay           has the function try it again
  rules check      tells what is wrong with a rule text
  rules run        runs a rule text on JSON lines
  rules test       runs the cases beside a rule text
  rules explain    shows an event after each statement
  rules native     prints a rule text in the dialect of CLS's own data processing

tencent-logs COMMAND --help tells a command's flags.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[], console: Console) => Promise<number>>> = {
  tail,
  "quarantine list": list,
  replay,
  "rules check": check,
  "rules run": runRules,
  "rules test": test,
  "rules explain": explain,
  "rules native": native,
};

/**
 * Runs a command; resolves to the exit status: 0, 1 where something failed, 2 where the command line is wrong. What the
 * user can put right is one line on stderr.
 */
export async function run(args: readonly string[], console: Console): Promise<number> {
  if (args.length === 0 || args[0] === "--help" || args[0] === "-h") {
    console.stdout.write(USAGE);
    return args.length === 0 ? 2 : 0;
  }
  const name = Object.keys(COMMANDS).find((command) => command.split(" ").every((word, index) => args[index] === word));
  try {
    if (name === undefined) {
      const known = Object.keys(COMMANDS).join(", ");
      throw new UsageError(`command must be one of ${known}, got "${args.slice(0, 2).join(" ")}"; see --help`);
    }
    return await COMMANDS[name](args.slice(name.split(" ").length), console);
  } catch (error) {
    if (error instanceof RulesFileError || error instanceof PatternError)
      return tell(console, error.message, error.status);
    if (error instanceof UserError) return fail(console, error.message, error.status);
    if (error instanceof EndpointError) return fail(console, error.message, 2);
    if (error instanceof ServiceError) return fail(console, `${error.message}${idOf(error)}`, 1);
    throw error;
  }
}

function fail(console: Console, message: string, status: number): number {
  return tell(console, oneLine(message), status);
}

function tell(console: Console, message: string, status: number): number {
  console.stderr.write(`${message}\n`);
  return status;
}

function idOf({ requestId }: ServiceError): string {
  return requestId === undefined ? "" : ` (request ${requestId})`;
}
