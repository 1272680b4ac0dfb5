import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalCloud, readStack, SimulatedClock, toRecord, uploadRecords } from "../../local";
import type { Console } from "../../terminal/console";
import type { ExampleRun, Step } from "./example";
import { MonitorProcess, writtenDefinition } from "./monitor-process";
import { OnCall } from "./on-call";
import { countOf } from "./table";

const MINUTE_MS = 60_000;

/**
 * Deploys an example's monitor, starts `tencent-logs monitor run` for the topics that it pulls, writes an incident to
 * all of its topics, and shows the alerts. Returns the exit status: 1 if an invocation failed.
 */
export async function runIncident(run: ExampleRun, steps: readonly Step[], console: Console): Promise<number> {
  const { dist, signal, stackFolder, workFolder } = run;
  // A separate process uses the machine's time.
  const clock = new SimulatedClock(Date.now());
  const onCall = await OnCall.start(clock, console);
  const variables = Object.fromEntries([...readStack(stackFolder).variables.keys()].map((name) => [name, onCall.url]));
  const cloud = await LocalCloud.deploy({ stackFolder, workFolder, clock, variables, functionTime: "clock" });
  let pulling: MonitorProcess | undefined;
  let unfollow = clock.follow();
  try {
    const definition = join(workFolder, "monitors.json");
    writeFileSync(definition, writtenDefinition(cloud));
    pulling = await MonitorProcess.start({
      main: join(dist, "cli/main.js"),
      definition,
      cloud,
      url: onCall.url,
      signal,
    });
    let pulled = 0;
    for (const step of steps) {
      signal.throwIfAborted();
      console.stdout.write(`${step.tell}\n`);
      onCall.beginStep();
      if ("lines" in step) {
        await write(cloud, step.lines);
        pulled += linesIn(step.lines, pulling.topics);
        await delivered(cloud, signal);
        await pulling.handled(pulled, signal);
      } else {
        unfollow();
        // Each sweep ends before the next minute begins.
        for (let minute = 0; minute < step.minutes; minute++) {
          await clock.advance(MINUTE_MS);
          await cloud.settled();
        }
        unfollow = clock.follow();
      }
    }
    await pulling.end();
  } finally {
    unfollow();
    pulling?.kill();
    await cloud.close();
    await onCall.close();
  }
  const failed = cloud.invocations.filter(({ error }) => error !== undefined).length;
  console.stdout.write(
    `${countOf(onCall.told, "alert")} from ${countOf(linesOf(steps), "line")}, ${failed} invocations failed\n`,
  );
  return failed === 0 ? 0 : 1;
}

/** Writes lines to topics, all at once. */
async function write(cloud: LocalCloud, lines: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const uploads = Object.entries(lines).map(([topic, own]) =>
    uploadRecords(
      cloud,
      cloud.topic(topic),
      own.map((line) => toRecord(line, Date.now())),
    ),
  );
  await Promise.all(uploads);
}

/** Waits until CLS has delivered everything in the topics, and functions have processed it. */
async function delivered(cloud: LocalCloud, signal: AbortSignal): Promise<void> {
  const waits = cloud.deliveries.all().map(({ spec }) => spec.waitSeconds * 1000);
  const until = Date.now() + Math.max(0, ...waits) + 200;
  while (Date.now() < until) {
    signal.throwIfAborted();
    await sleep(50);
  }
  await cloud.settled();
}

function linesIn(lines: Readonly<Record<string, readonly string[]>>, topics: readonly string[]): number {
  return topics.reduce((sum, topic) => sum + (lines[topic]?.length ?? 0), 0);
}

function linesOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + ("lines" in step ? linesIn(step.lines, Object.keys(step.lines)) : 0), 0);
}
