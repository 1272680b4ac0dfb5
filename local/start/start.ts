import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SimulatedClock } from "../clock";
import { LocalCloud } from "../cloud";
import { parseArguments, USAGE } from "./arguments";
import { StartError } from "./error";
import { exampleLines, findExample, synthesize, type Example } from "./example";
import { feedFile } from "./feed-file";
import { feedLines, firstTime } from "./feed-lines";
import { checkReadable } from "./log-file";
import { Progress, type ProgressStream } from "./progress";
import { totalOf } from "./summary";
import { invocationTable } from "./table";
import { findTarget, type Target } from "./target";

/** Where `npm start` writes. */
export interface Console {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
}

/**
 * `npm start`: runs an example's plan on a local cloud, and feeds it the example's own log or the user's file. Returns the
 * exit status: 1 where an event was given up or a file could not be shipped. Throws `StartError` for what the user can
 * put right.
 */
export async function start(args: readonly string[], console: Console): Promise<number> {
  const wanted = parseArguments(args);
  if (wanted.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  // npm runs scripts in the package's folder; the file is meant from where the user stands.
  const file = wanted.file && resolve(process.env.INIT_CWD ?? process.cwd(), wanted.file);
  if (file) checkReadable(file);
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-"));
  try {
    return await run(findExample(wanted.example), file, folder, console);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(example: Example, file: string | undefined, folder: string, console: Console): Promise<number> {
  const progress = new Progress(console.stderr);
  progress.stage(`synthesizing ${example.name}`);
  const stackFolder = await synthesize(example, join(folder, "cdktf.out"));
  const lines = file === undefined ? exampleLines(example) : [];
  const clock = new SimulatedClock(firstTime(lines));
  const cloud = await LocalCloud.deploy({ stackFolder, workFolder: join(folder, "cloud"), clock });
  try {
    const target = findTarget(cloud);
    await untilInterrupted(feed(cloud, target, file, lines, progress));
    progress.end();
    return report(cloud, target, console);
  } finally {
    progress.end();
    await cloud.close();
  }
}

/** Feeds the log, and waits until the functions have done their work. */
async function feed(
  cloud: LocalCloud,
  target: Target,
  file: string | undefined,
  lines: string[],
  progress: Progress,
): Promise<void> {
  let fed = "";
  const show = (): void => progress.update(`fed ${fed}, ${cloud.invocations.length} invocations`);
  cloud.onInvocation(show);
  progress.stage(`feeding ${file ?? "the example's log"} to ${target.bucket.name}`);
  if (file === undefined) {
    await feedLines(cloud, target, lines, (count) => {
      fed = `${count.toLocaleString("en-US")} of ${lines.length.toLocaleString("en-US")} lines`;
      show();
    });
  } else {
    await feedFile(target, file, (bytes) => {
      fed = `${Math.round(bytes / 1e6)} MB`;
      show();
    });
  }
  progress.stage("waiting for the functions");
  await cloud.settled();
}

/** Gives up on Ctrl-C, so that the cloud is closed and its folder removed. */
async function untilInterrupted(work: Promise<void>): Promise<void> {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new StartError("interrupted"));
  });
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await Promise.race([work, interrupted]);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** Prints the table, what went wrong, and the summary as the last line. */
function report(cloud: LocalCloud, target: Target, { stdout }: Console): number {
  const { invocations } = cloud;
  stdout.write(invocationTable(invocations));
  const failures = cloud.shipTasks
    .filter((task) => task.status === "failed")
    .map((task) => `shipper ${task.shipper} could not write ${task.key}: ${task.message}`);
  if (invocations.length === 0 && target.bucket.keys().length > 0) failures.push("no trigger matched what was fed");
  for (const failure of failures) stdout.write(`${failure}\n`);
  stdout.write(`${JSON.stringify(totalOf(invocations))}\n`);
  return failures.length > 0 || invocations.some((invocation) => invocation.givenUp) ? 1 : 0;
}
