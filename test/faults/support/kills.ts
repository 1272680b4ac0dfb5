import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { QUARANTINED } from "../../../functions/settings";
import { ClsOutput, CosOutput, LogProcessor, LogTopic, type LogBucket } from "../../../lib";
import { TerraformStack } from "../../../lib/framework";
import type { LocalCloud } from "../../../local/cloud";
import { environmentOf, type Ran, tencentLogs } from "../../cli/support/cli";
import { BUCKET, deployBatch, deployStream, linesUnder, removeDeployed } from "../../functions/support/deployed";

/** How user code can kill its process, as the body of a function. */
export const KILLS = {
  loop: "for (;;);",
  memory: "const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length));",
  exit: "process.exit(0);",
  rejection: 'Promise.reject(new Error("stray"));',
  timer: 'setTimeout(() => { throw new Error("stray"); }, 1);',
} as const;

/** When it happens: while its file loads, at the first record, at one after a written object, in `end`, after it. */
export const STEPS = ["load", "first", "written", "end", "after"] as const;

export type Kill = keyof typeof KILLS;
export type Step = (typeof STEPS)[number];
export type Handler = "batch" | "stream";

/** One input whose records cause a kill. */
export interface Input {
  readonly kill: Kill;
  readonly step: Step;
}

/** Results of a grid. */
export interface Counts {
  inputs: number;
  records: number;
  invocations: number;
  /** Number of failed invocations. */
  failed: number;
  /** Inputs with records that had not arrived when SCF gave up. */
  lost: number;
  /** Those of them in `quarantine list`. */
  listed: number;
  /**
   * Those of them that alarms detect: by a line that begins with `LOGS_QUARANTINED`, or by the error of the invocation.
   */
  told: number;
}

/**
 * Timeout of an invocation in seconds. A loop and a rejection in a timer use all of it, and everything else must fit:
 * on a busy machine, that is the start of a process, five requests before the work and two after it.
 */
const TIMEOUT_SECONDS = 6;

const RECORDS = 150;
/** Bytes of the input in one object of the output: an input has two. */
const PART_BYTES = 64 * 1024;
const PADDING = "x".repeat(600);

/** A processor that does what its records request, as long as a file exists. */
function processorText(flag: string, atLoad: Kill | undefined): string {
  const kills = Object.entries(KILLS).map(([name, body]) => `${name}() { ${body} }`);
  return `const { existsSync } = require("node:fs");
const isArmed = () => existsSync(${JSON.stringify(flag)});
const kills = { ${kills.join(", ")} };
if (isArmed() && ${JSON.stringify(atLoad ?? "")} !== "") kills[${JSON.stringify(atLoad ?? "")}]();
let later;
module.exports = { default: {
  record(record) {
    const { kill, step } = record.fields;
    if (kill !== undefined && isArmed()) {
      if (step === "end" || step === "after") later = { kill, step };
      else if (step !== "load") kills[kill]();
    }
    return [record, { output: "copy", record }];
  },
  end() {
    const { kill, step } = later ?? {};
    later = undefined;
    if (step === "end") kills[kill]();
    if (step === "after") setTimeout(kills[kill], 5);
  },
} };`;
}

function nameOf({ kill, step }: Input): string {
  return `${kill}-${step}`;
}

/** The records of an input. The one after the first object, the first, or the last requests the kill. */
function recordsOf(input: Input): Record<string, string>[] {
  const at = { load: -1, first: 0, written: RECORDS - 10, end: 0, after: 0 }[input.step];
  return Array.from({ length: RECORDS }, (_, n) => ({
    n: `${nameOf(input)}-${n}`,
    padding: PADDING,
    ...(n === at && input),
  }));
}

/** Runs each kill at its step until SCF gives up, and then a person replays what is listed, after the code is fixed. */
export async function runKills(handler: Handler, inputs: readonly Input[], retryAttempts = 2): Promise<Counts> {
  const total: Counts = { inputs: 0, records: 0, invocations: 0, failed: 0, lost: 0, listed: 0, told: 0 };
  // A kill at load time affects every input.
  const atLoad = inputs.filter(({ step }) => step === "load");
  const grids: [readonly Input[], Kill?][] = [
    [inputs.filter(({ step }) => step !== "load")],
    ...atLoad.map((input): [Input[], Kill] => [[input], input.kill]),
  ];
  for (const [some, atLoad] of grids) {
    if (some.length === 0) continue;
    const counts = await runInputs(handler, some, retryAttempts, atLoad);
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
  }
  return total;
}

async function runInputs(
  handler: Handler,
  inputs: readonly Input[],
  retryAttempts: number,
  atLoad?: Kill,
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "kills-"));
  const flag = join(folder, "armed");
  const entry = join(folder, "processor.js");
  writeFileSync(flag, "");
  writeFileSync(entry, processorText(flag, atLoad));
  try {
    const grid = await Grid.deploy(handler, inputs, { entry, retryAttempts });
    return await grid.run(() => rmSync(flag));
  } finally {
    await removeDeployed();
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
}

class Grid {
  readonly #handler: Handler;
  readonly #inputs: readonly Input[];
  readonly #cloud: LocalCloud;
  /** Records of the output topic, by `n`. */
  readonly #copied = new Set<string>();

  private constructor(handler: Handler, inputs: readonly Input[], cloud: LocalCloud) {
    this.#handler = handler;
    this.#inputs = inputs;
    this.#cloud = cloud;
    cloud.topic("copy").onRecords(async (records) => records.forEach(({ contents }) => this.#copied.add(contents.n)));
  }

  static async deploy(
    handler: Handler,
    inputs: readonly Input[],
    { entry, retryAttempts }: { entry: string; retryAttempts: number },
  ): Promise<Grid> {
    const props = (bucket: LogBucket) => ({
      processor: LogProcessor.fromEntry(entry),
      memorySizeMb: 128,
      timeoutSeconds: TIMEOUT_SECONDS,
      retryAttempts,
      outputs: {
        lake: new CosOutput(bucket, { prefix: "lake/", maxPartBytes: PART_BYTES }),
        copy: new ClsOutput(new LogTopic(TerraformStack.of(bucket), "Copy", { topicName: "copy" })),
      },
      defaultOutput: "lake",
    });
    const options = { maxInstances: 3 };
    const cloud =
      handler === "batch"
        ? await deployBatch(props, options)
        : await deployStream((bucket) => ({ ...props(bucket), maxMessages: 1000 }), options);
    return new Grid(handler, inputs, cloud);
  }

  async run(mend: () => void): Promise<Counts> {
    for (const input of this.#inputs) await this.#send(input);
    await this.#cloud.settled();
    await this.#untilNoneRuns();
    const counts = await this.#count();
    mend();
    const replayed = await this.#command("replay", "--function", this.#handler, "--all");
    if (counts.listed > 0) expect(replayed).toMatchObject({ status: 0 });
    await this.#cloud.settled();
    await this.#checkArrived();
    return counts;
  }

  /** A mark states until when its invocation can still be running. */
  async #untilNoneRuns(): Promise<void> {
    const bucket = this.#cloud.bucket(BUCKET);
    for (const key of bucket.keys("quarantine/started/")) {
      const { until } = JSON.parse((await bucket.read(key)).toString()) as { until: string };
      await sleep(Math.max(0, Date.parse(until) - Date.now()));
    }
  }

  async #send(input: Input): Promise<void> {
    const records = recordsOf(input);
    if (this.#handler === "batch") {
      const lines = records.map((record) => JSON.stringify(record));
      await this.#cloud.bucket(BUCKET).put(`cls/${nameOf(input)}.gz`, gzipSync(lines.join("\n")));
      return;
    }
    const time = 1_700_000_000_000;
    await this.#cloud.topic("access").put(records.map((contents) => ({ time, contents })));
    await this.#cloud.clock.advance(60_000);
  }

  /** Checks the state after SCF has given up: everything that did not arrive must be listed. */
  async #count(): Promise<Counts> {
    const { invocations } = this.#cloud;
    const arrived = await this.#arrived();
    const listed = (await this.#command("quarantine", "list", "--json")).stdout;
    const told = invocations
      .flatMap(({ log, error }) => [...log.filter((line) => line.startsWith(QUARANTINED)), error?.stackTrace ?? ""])
      .join("\n");
    const counts: Counts = {
      inputs: this.#inputs.length,
      records: RECORDS * this.#inputs.length,
      invocations: invocations.length,
      failed: invocations.filter(({ error }) => error !== undefined).length,
      lost: 0,
      listed: 0,
      told: 0,
    };
    for (const input of this.#inputs) {
      if (numbersOf(input).every((n) => arrived.has(n) && this.#copied.has(n))) continue;
      counts.lost++;
      const keys = await this.#namesOf(input);
      if (keys.some((key) => listed.includes(key))) counts.listed++;
      if (keys.some((key) => told.includes(key))) counts.told++;
    }
    return counts;
  }

  /** The names of an input in notes and lines: the object, or an event identified by its content. */
  async #namesOf(input: Input): Promise<string[]> {
    if (this.#handler === "batch") return [`cls/${nameOf(input)}.gz`];
    // A note of an output's batch has the batch next to it, which is not JSON.
    const notes = this.#cloud
      .bucket(BUCKET)
      .keys("quarantine/")
      .filter((key) => key.endsWith(".json"));
    const read = notes.map(async (key) => ({
      key,
      text: await this.#cloud.bucket(BUCKET).read(key),
    }));
    const found = (await Promise.all(read)).filter(({ text }) => holds(text.toString(), input));
    return found.flatMap(({ key, text }) => {
      const { event } = JSON.parse(text.toString()) as { event: { clslogs: { data: string } } };
      return [event.clslogs.data, key.replace(/^quarantine\/(started\/)?cls\//, "").replace(/\.json$/, "")];
    });
  }

  /** Every record is in COS once, and in the topic. */
  async #checkArrived(): Promise<void> {
    const wanted = this.#inputs.flatMap(numbersOf).sort();
    const lines = await linesUnder(this.#cloud, "lake/");
    const stored = lines.map((line) => (JSON.parse(line) as { n: string }).n).sort();
    expect({ missing: wanted.filter((n) => !stored.includes(n)).length, stored: stored.length }).toEqual({
      missing: 0,
      stored: wanted.length,
    });
    expect(wanted.filter((n) => !this.#copied.has(n))).toEqual([]);
    expect((await this.#command("quarantine", "list")).stdout).toBe("no notes\n");
  }

  async #arrived(): Promise<Set<string>> {
    const lines = await linesUnder(this.#cloud, "lake/");
    return new Set(lines.filter((line) => line !== "").map((line) => (JSON.parse(line) as { n: string }).n));
  }

  #command(...args: string[]): Promise<Ran> {
    const words = args[0] === "quarantine" ? 2 : 1;
    const place = ["--bucket", BUCKET, "--region", "ap-guangzhou", "--prefix", "quarantine/"];
    return tencentLogs([...args.slice(0, words), ...place, ...args.slice(words)], environmentOf(this.#cloud));
  }
}

/** Whether a note contains the event of an input. */
function holds(note: string, input: Input): boolean {
  const { event } = JSON.parse(note) as { event?: { clslogs: { data: string } } };
  if (event === undefined) return false;
  return gunzipSync(Buffer.from(event.clslogs.data, "base64")).includes(`${nameOf(input)}-0`);
}

function numbersOf(input: Input): string[] {
  return recordsOf(input).map(({ n }) => n);
}
