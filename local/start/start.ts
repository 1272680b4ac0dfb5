import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SimulatedClock } from "../clock";
import { LocalCloud } from "../cloud";
import type { Delivery } from "../cls/delivery";
import { parseArguments, USAGE } from "./arguments";
import { exampleCalls, exampleIncident, exampleLines, findExample, synthesize, type Example } from "./example";
import { feedFile } from "./feed-file";
import { feedLines, firstTime } from "./feed-lines";
import { feedStream, fileLines, findDelivery } from "./feed-stream";
import { runIncident } from "./incident";
import { runLive } from "./live";
import type { Console } from "../../terminal/console";
import { interruptible, untilAborted } from "../../terminal/interrupt";
import { checkReadable, nameOf, STANDARD_INPUT } from "./log-file";
import { Progress } from "../../terminal/progress";
import { UserError } from "../../terminal/user-error";
import { totalOf } from "./summary";
import { countOf, invocationTable } from "./table";
import { findTarget, type Target } from "./target";

/**
 * `npm start`: runs an example's plan on a local cloud, and feeds it the example's own log or the user's file. Returns the
 * exit status: 1 where an event was given up or a file could not be shipped. Throws `UserError` for what the user can
 * put right, and where the user interrupts; nothing is left behind then.
 */
export async function start(args: readonly string[], console: Console): Promise<number> {
  const wanted = parseArguments(args);
  if (wanted.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  const file = wanted.file && locate(wanted.file);
  if (file) checkReadable(file);
  return interruptible(async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "tencent-logs-"));
    const progress = new Progress(console.stderr);
    try {
      return await run(findExample(wanted.example), { file, folder, progress, signal }, console);
    } finally {
      progress.clear();
      // What was being fed when the user interrupted may still put a file there.
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

/** npm runs scripts in the package's folder; the file is meant from where the user stands. */
function locate(file: string): string {
  return file === STANDARD_INPUT ? file : resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** What the steps of a run share. */
interface Run {
  /** The user's own log. */
  readonly file: string | undefined;
  /** Folder for all that is written. */
  readonly folder: string;
  readonly progress: Progress;
  /** Aborts where the user interrupts. */
  readonly signal: AbortSignal;
}

async function run(example: Example, run: Run, console: Console): Promise<number> {
  const { file, folder, progress, signal } = run;
  const calls = exampleCalls(example);
  const steps = exampleIncident(example);
  if ((calls ?? steps) !== undefined && file !== undefined) {
    throw new UserError(`FILE must be left out with ${example.name}, which is fed no log, got ${nameOf(file)}`);
  }
  progress.stage(`synthesizing ${example.name}`);
  const stackFolder = await synthesize(example, join(folder, "cdktf.out"), signal);
  const dist = join(example.folder, "../..");
  if (steps !== undefined) {
    progress.clear();
    return runIncident({ stackFolder, workFolder: join(folder, "cloud"), steps, dist, signal }, console);
  }
  if (calls !== undefined) {
    progress.clear();
    return runLive({ stackFolder, workFolder: join(folder, "cloud"), calls, dist, signal }, console);
  }
  const lines = file === undefined ? exampleLines(example) : [];
  const clock = new SimulatedClock(firstTime(lines));
  const variables = variablesOf(process.env);
  const cloud = await LocalCloud.deploy({ stackFolder, workFolder: join(folder, "cloud"), clock, variables });
  try {
    signal.throwIfAborted();
    const target = findDelivery(cloud) ?? findTarget(cloud);
    await untilAborted(feed(cloud, target, lines, run), signal);
    progress.clear();
    return report(cloud, target, console);
  } finally {
    await cloud.close();
  }
}

/** Feeds the log, and waits until the functions have done their work. */
async function feed(cloud: LocalCloud, target: Target | Delivery, lines: string[], run: Run): Promise<void> {
  const { file, progress, signal } = run;
  let fed = "";
  const show = (): void => progress.update(`fed ${fed}, ${countOf(cloud.invocations.length, "invocation")}`);
  const showFed = (text: string): void => {
    signal.throwIfAborted();
    fed = text;
    show();
  };
  cloud.onInvocation(show);
  progress.stage(
    `feeding ${file ? nameOf(file) : "the example's log"} to ${"bucket" in target ? target.bucket.name : target.topic.name}`,
  );
  const all = lines.length.toLocaleString("en-US");
  if ("spec" in target) {
    const log = file === undefined ? lines : fileLines(file);
    await feedStream(cloud, target, log, (count) => showFed(`${count.toLocaleString("en-US")} lines`));
  } else if (file === undefined) {
    await feedLines(cloud, target, lines, (count) => showFed(`${count.toLocaleString("en-US")} of ${all} lines`));
  } else {
    await feedFile(target, file, (bytes) => showFed(`${Math.round(bytes / 1e6)} MB`));
  }
  progress.stage("waiting for the functions");
  await cloud.settled();
}

/** Prints the table, what went wrong, and the summary as the last line. */
function report(cloud: LocalCloud, target: Target | Delivery, { stdout }: Console): number {
  const { invocations } = cloud;
  stdout.write(invocationTable(invocations));
  const failures = cloud.shipTasks
    .filter((task) => task.status === "failed")
    .map((task) => `shipper ${task.shipper} could not write ${task.key}: ${task.message}`);
  const fed = "bucket" in target ? target.bucket.keys().length : target.topic.received;
  if (invocations.length === 0 && fed > 0) failures.push("no trigger matched what was fed");
  for (const failure of failures) stdout.write(`${failure}\n`);
  stdout.write(`${JSON.stringify(totalOf(invocations))}\n`);
  return failures.length > 0 || invocations.some((invocation) => invocation.givenUp) ? 1 : 0;
}

/** Values of the plan's variables, as Terraform finds them in its environment: `TF_VAR_name`. */
function variablesOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const prefix = "TF_VAR_";
  const named = Object.entries(environment).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value ?? ""]));
}
