import { EndpointError } from "../functions/tencent/endpoint";
import { ServiceError } from "../functions/tencent/service-error";
import { UserError } from "../terminal/user-error";
import { type Console, oneLine } from "../terminal/console";
import { packageVersion } from "../lib/packaging/built-files";
import { commandOf, helpOf, unknownCommand, withHelpAsFlag } from "./help";

const USAGE = `Usage: tencent-logs COMMAND [FLAGS]

  init               creates a new project with a stack, rules, tests and a CI workflow
  dev                runs your app on a local cloud, and again after each change
  local              runs a stack with a log file on a local cloud; with --serve, only the cloud
  quarantine list    lists what a pipeline could not read or deliver
  replay             retries what is in quarantine
  backfill           processes objects that are already in COS
  rules check        checks a rule text for errors
  rules run          runs a rule text on JSON lines
  rules test         runs the test cases of a rule text
  rules explain      shows an event after each statement of a rule text
  rules native       translates a rule text to the dialect of CLS's own data processing
  graph              draws how logs flow through a synthesized stack
  tail               shows the logs of functions while they are written
  monitor check      checks a monitor definition for errors
  monitor test       runs the test cases of a monitor definition
  monitor try        shows which alerts a definition would have sent for past records
  monitor send-test  sends a test message to each receiver of a definition
  monitor run        watches topics in your own processes, and sends alerts
  consume            runs a stream pipeline in your own processes, which share the topic's partitions
  doctor             checks this machine, the account and your stacks, and suggests remedies
  live init          creates logs.py, which makes the log of a Python function visible to tail

  help COMMAND       shows a command's flags and examples; same as COMMAND --help
  --version          shows the version of the package

Exits with 0 on success, 1 if something failed, 2 if the command line is not valid.
`;

type Command = (args: readonly string[], console: Console) => Promise<number>;

/* eslint-disable @typescript-eslint/no-require-imports -- each command loads what it needs itself, and an editor runs
   `rules check` at each change; import() would ask for extensions that the sources do not have. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  "quarantine list": () => (require("./quarantine/list") as typeof import("./quarantine/list")).list,
  replay: () => (require("./replay/replay") as typeof import("./replay/replay")).replay,
  backfill: () => (require("./backfill/backfill") as typeof import("./backfill/backfill")).backfill,
  "rules check": () => (require("./rules/check") as typeof import("./rules/check")).check,
  "rules run": () => (require("./rules/run") as typeof import("./rules/run")).run,
  "rules test": () => (require("./rules/test") as typeof import("./rules/test")).test,
  "rules explain": () => (require("./rules/explain") as typeof import("./rules/explain")).explain,
  "rules native": () => (require("./rules/native") as typeof import("./rules/native")).native,
  "monitor check": () => (require("./monitor/check") as typeof import("./monitor/check")).check,
  "monitor test": () => (require("./monitor/test") as typeof import("./monitor/test")).test,
  "monitor try": () => (require("./monitor/try") as typeof import("./monitor/try")).tryOut,
  "monitor send-test": () => (require("./monitor/send-test") as typeof import("./monitor/send-test")).sendTest,
  "monitor run": () => (require("./monitor/run") as typeof import("./monitor/run")).run,
  doctor: () => (require("./doctor/doctor") as typeof import("./doctor/doctor")).doctor,
  graph: () => (require("./graph/command") as typeof import("./graph/command")).graph,
  "live init": () => (require("./live/init") as typeof import("./live/init")).init,
  init: () => (require("./init/init") as typeof import("./init/init")).init,
  dev: () => (require("./dev/dev") as typeof import("./dev/dev")).dev,
  local: () => (require("./local/local") as typeof import("./local/local")).local,
  consume: () => (require("./consume/consume") as typeof import("./consume/consume")).consume,
  tail: () => (require("./tail/tail") as typeof import("./tail/tail")).tail,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * Runs a command; resolves to the exit status: 0, 1 if something failed, 2 if the command line is wrong. Errors that
 * the user can fix are one line on stderr.
 */
export async function run(args: readonly string[], console: Console): Promise<number> {
  if (args.length === 0) return show(console, USAGE, 2);
  if (args[0] === "--version") return show(console, `${packageVersion()}\n`);
  const line = withHelpAsFlag(args);
  const commands = Object.keys(COMMANDS);
  try {
    const help = helpOf(line, USAGE, commands);
    if (help !== undefined) return show(console, help);
    const name = commandOf(line, commands);
    if (name === undefined) throw unknownCommand(line, commands);
    return await COMMANDS[name]()(line.slice(name.split(" ").length), console);
  } catch (error) {
    if (error instanceof UserError) return (error.severalLines ? tell : fail)(console, error.message, error.status);
    if (error instanceof EndpointError) return fail(console, error.message, 2);
    if (error instanceof ServiceError) return fail(console, `${error.message}${idOf(error)}`, 1);
    throw error;
  }
}

function show(console: Console, text: string, status = 0): number {
  console.stdout.write(text);
  return status;
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
