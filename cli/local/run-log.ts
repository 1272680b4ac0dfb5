import { join } from "node:path";
import {
  type Delivery,
  findDelivery,
  findTarget,
  firstTime,
  LocalCloud,
  SimulatedClock,
  type Source,
  type Target,
} from "../../local";
import type { Console } from "../../terminal/console";
import { untilAborted } from "../../terminal/interrupt";
import type { Progress } from "../../terminal/progress";
import { UserError } from "../../terminal/user-error";
import { feedFile } from "./feed-file";
import { feedObject, feedObjects, findSource } from "./feed-source";
import { feedLines } from "./feed-lines";
import { feedStream, fileLines } from "./feed-stream";
import { nameOf } from "./log-file";
import { totalOf } from "./summary";
import { countOf, invocationTable } from "./table";

/** Common options of all runs. */
export interface Run {
  /** The user's own log. */
  readonly file: string | undefined;
  /** Its encoding. @default UTF-8 */
  readonly encoding?: string;
  /** Folder for all output. */
  readonly folder: string;
  readonly progress: Progress;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
}

/** A run of a stack with a log. */
export interface LogRun extends Run {
  readonly stackFolder: string;
  /** The topic to feed, if there are several. */
  readonly topic?: string;
  /** The log, if there is no file. */
  readonly lines: string[];
  /** Name of the stack, or of the example, in messages. */
  readonly name: string;
}

/** Deploys a stack, feeds it a log, and prints the results of the functions. Returns the exit status. */
export async function runLog(run: LogRun, console: Console): Promise<number> {
  const { folder, lines, progress, signal, stackFolder, topic } = run;
  const clock = new SimulatedClock(firstTime(lines));
  const variables = variablesOf(process.env);
  const cloud = await LocalCloud.deploy({ stackFolder, workFolder: join(folder, "cloud"), clock, variables });
  try {
    signal.throwIfAborted();
    const target = wayIn(cloud, topic);
    if ("prefix" in target && run.encoding !== undefined) {
      throw new UserError(
        "--encoding must be left out if the stack reads objects as they are, got it; set content's encoding",
      );
    }
    await untilAborted(feed(cloud, target, run), signal);
    progress.clear();
    return report(cloud, target, run, console);
  } finally {
    await cloud.close();
  }
}

/** A shipper's prefix, a topic with a delivery, or the source that a function reads. */
type WayIn = Target | Delivery | Source;

/** Where the stack's log is fed: a stack without a topic can read from a bucket. */
function wayIn(cloud: LocalCloud, topic: string | undefined): WayIn {
  const delivery = findDelivery(cloud, topic);
  if (delivery) return delivery;
  const isShipped = cloud.cls.allShippers().length > 0;
  return (isShipped ? undefined : findSource(cloud, topic)) ?? findTarget(cloud, topic);
}

/** Feeds the log, and waits until the functions have completed their work. */
async function feed(cloud: LocalCloud, target: WayIn, run: LogRun): Promise<void> {
  const { encoding, file, lines, progress, signal } = run;
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
    const log = file === undefined ? lines : fileLines(file, encoding);
    await feedStream(cloud, target, log, (count) => showFed(`${count.toLocaleString("en-US")} lines`));
  } else if ("prefix" in target) {
    if (file === undefined)
      await feedObjects(target, lines, (count) => showFed(`${count.toLocaleString("en-US")} of ${all} lines`));
    else await feedObject(target, file, (bytes) => showFed(`${Math.round(bytes / 1e6)} MB`));
  } else if (file === undefined) {
    await feedLines(cloud, target, lines, (count) => showFed(`${count.toLocaleString("en-US")} of ${all} lines`));
  } else {
    await feedFile(target, file, (bytes) => showFed(`${Math.round(bytes / 1e6)} MB`), undefined, encoding);
  }
  progress.stage("waiting for the functions");
  await cloud.settled();
}

/** Prints the invocations, the errors, and the summary as the last line. */
function report(cloud: LocalCloud, target: WayIn, { json }: LogRun, { stdout, stderr }: Console): number {
  const { invocations } = cloud;
  const failures = cloud.shipTasks
    .filter((task) => task.status === "failed")
    .map((task) => `shipper ${task.shipper} could not write ${task.key}: ${task.message}`);
  const fed = "bucket" in target ? target.bucket.keys().length : target.topic.received;
  if (invocations.length === 0 && fed > 0) failures.push("no trigger matched the log that was fed");
  const total = totalOf(invocations);
  if (json) {
    for (const { functionName, source, attempt, ms, memoryMb, error, result } of invocations) {
      const one = { function: functionName, source, attempt, ms, memoryMb, error: error?.errorMessage, result };
      stdout.write(`${JSON.stringify({ type: "invocation", ...one })}\n`);
    }
  } else stdout.write(invocationTable(invocations));
  if (total.looksLike !== undefined)
    stderr.write(`lines that are not UTF-8 look like ${total.looksLike}; pass --encoding ${total.looksLike}\n`);
  for (const failure of failures) (json ? stderr : stdout).write(`${failure}\n`);
  stdout.write(`${JSON.stringify(json ? { type: "total", ...total } : total)}\n`);
  return failures.length > 0 || invocations.some((invocation) => invocation.givenUp) ? 1 : 0;
}

/** Values of the plan's variables, as in Terraform's environment: `TF_VAR_name`. */
export function variablesOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const prefix = "TF_VAR_";
  const named = Object.entries(environment).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value ?? ""]));
}
