import { EndpointError } from "../functions/tencent/endpoint";
import { ServiceError } from "../functions/tencent/service-error";
import { UserError } from "../terminal/user-error";
import { type Console, oneLine } from "../terminal/console";
import { packageVersion } from "../lib/packaging/built-files";
import { commandOf, helpOf, unknownCommand, withHelpAsFlag } from "./help";

const USAGE = `Usage: tencent-logs COMMAND [FLAGS]

  init               writes a new project that runs: a stack, rules, tests, a workflow for CI
  dev                runs your app on a local cloud, and again at each change
  local              runs a stack over a log on a local cloud; with --serve, the cloud by itself
  quarantine list    lists what a pipeline could not read or deliver
  replay             has the function try it again
  backfill           has the function read what lies in COS already
  rules check        tells what is wrong with a rule text
  rules run          runs a rule text on JSON lines
  rules test         runs the cases beside a rule text
  rules explain      shows an event after each statement
  rules native       prints a rule text in the dialect of CLS's own data processing
  graph              draws what logs pass through in a synthesized stack
  tail               shows the logs of functions as they are written
  monitor check      tells what is wrong with a definition of monitors
  monitor test       runs the cases of a definition
  monitor try        tells what would have gone out of what lies in the topics
  monitor send-test  sends a test to each receiver of a definition
  monitor run        watches topics in processes of your own, and tells people what matches
  consume            runs a stream pipeline in processes of your own, which share the topic's partitions
  doctor             checks this machine, the account and your stacks, and says what to do
  live init          writes what a Python function imports to be tailed as it writes

  help COMMAND       tells a command's flags, with examples; so does COMMAND --help
  --version          tells the version of the package

Exits with 0 where all is done, 1 where something failed, 2 where the command line is wrong.
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
