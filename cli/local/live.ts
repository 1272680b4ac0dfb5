import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccessKey, LocalCloud, SimulatedClock } from "../../local";
import type { Console } from "../../terminal/console";
import { UserError } from "../../terminal/user-error";
import type { Call, ExampleRun } from "./example";
import { countOf } from "./table";

/** Milliseconds for a tail to start watching, and for its last lines. */
const START_MS = 10_000;
const LAST_LINES_MS = 4_000;
/** Pause between two calls, so that people can see the lines arrive. */
const PAUSE_MS = 400;

/**
 * Deploys an example's functions, calls them one after the other, and shows their log with `tencent-logs tail`
 * meanwhile, like its user. Returns the exit status.
 */
export async function runLive(run: ExampleRun, calls: readonly Call[], console: Console): Promise<number> {
  const { dist, signal, stackFolder, workFolder } = run;
  // Function logs have the machine's time, and so must everything that is requested by time.
  const cloud = await LocalCloud.deploy({ stackFolder, workFolder, clock: new SimulatedClock(Date.now()) });
  const tail = new Tail(join(dist, "cli/main.js"), cloud, [...new Set(calls.map((call) => call.function))], console);
  try {
    await tail.watching(signal);
    for (const call of calls) {
      signal.throwIfAborted();
      await cloud.clock.advanceTo(Date.now());
      await perform(cloud, call);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
    await cloud.settled();
    await sleep(LAST_LINES_MS);
    await tail.end();
  } finally {
    tail.kill();
    await cloud.close();
  }
  const failed = cloud.invocations.filter(({ error }) => error !== undefined).length;
  console.stdout.write(`${countOf(cloud.invocations.length, "invocation")}, ${failed} failed\n`);
  return 0;
}

/** Calls a function, and waits for its end. */
export async function perform(cloud: LocalCloud, { event, function: functionName, request }: Call): Promise<void> {
  if (request === undefined) {
    await cloud.invoke({ functionName, namespace: "default", event, wait: true });
    return;
  }
  const url = cloud.functionUrls[functionName];
  if (url === undefined) throw new UserError(`function ${functionName} must have a URL to be called by it, got none`);
  const answer = await fetch(url + request.path, { method: request.method, body: JSON.stringify(event) });
  await answer.arrayBuffer();
}

/** `tencent-logs tail` in a separate process, with a key of the account: its owner's, or another. */
export class Tail {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private readonly flags = new Set<string>();
  private errors = "";

  constructor(
    command: string,
    cloud: LocalCloud,
    private readonly names: readonly string[],
    { stdout }: Console,
    key: AccessKey = cloud.cam.ownerKey,
  ) {
    cloud.cos.onEvent(({ name, object }) => {
      if (name === "cos:ObjectCreated:Put") this.flags.add(object.key);
    });
    const isTerminal = stdout === process.stdout;
    const regions = cloud.regionsOf(names).flatMap((region) => ["--region", region]);
    this.child = spawn(process.execPath, [command, "tail", ...names, ...regions], {
      env: {
        ...process.env,
        TENCENTCLOUD_SECRET_ID: key.secretId,
        TENCENTCLOUD_SECRET_KEY: key.secretKey,
        TENCENTCLOUD_SECURITY_TOKEN: key.sessionToken ?? "",
        COS_ENDPOINT: cloud.endpoint,
        CLS_ENDPOINT: cloud.endpoint,
        SCF_ENDPOINT: cloud.endpoint,
      },
      // Colours are for terminals, not for pipes.
      stdio: ["ignore", isTerminal ? "inherit" : "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.write(text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Resolves when it has written a flag for each function, so that no line is missed. */
  async watching(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const isWatched = (name: string): boolean => [...this.flags].some((key) => key.endsWith(`/${name}.json`));
    while (!this.names.every(isWatched) && performance.now() - started < START_MS) {
      signal.throwIfAborted();
      const status = await Promise.race([this.ended, sleep(50)]);
      if (status !== undefined)
        throw new UserError(`tencent-logs tail must run, got exit status ${status}: ${this.errors}`);
    }
  }

  /** Ends it like Ctrl-C. */
  async end(): Promise<void> {
    this.child.kill("SIGINT");
    await Promise.race([this.ended, sleep(START_MS, undefined, { ref: false })]);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
