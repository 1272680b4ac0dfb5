import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { CosClient } from "../../functions/tencent/cos-client";
import type { Console } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { Progress } from "../../terminal/progress";
import { UsageError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import { argumentsOf, type BackfillArguments, USAGE } from "./arguments";
import { type Amount, costLine, costOf, sizeOf } from "./cost";
import { DeployedEngine } from "./engine";
import { Journal } from "./journal";
import { inputOf, type ObjectSelection, reopened, selected } from "./objects";
import { count, Report } from "./report";
import { type Input, Runner, type Timing } from "./runner";
import { deployedTarget, type Place, type Target } from "./target";
import { backfillTopic, isOfTopic } from "./topic-past";
import { Traces } from "./traces";

/** `tencent-logs backfill`. Returns the exit status. */
export async function backfill(args: readonly string[], console: Console): Promise<number> {
  const asked = argumentsOf(args);
  if (!asked) {
    console.stdout.write(USAGE);
    return 0;
  }
  readUserCredentials();
  if (isOfTopic(asked)) return backfillTopic(asked, console);
  const target = await deployedTarget(asked, () => readUserCredentials());
  const cos = new CosClient({ credentials: () => readUserCredentials() });
  try {
    return await interruptible((signal) => backfillObjects(asked, target, { cos, console, signal }));
  } finally {
    cos.close();
  }
}

/** Dependencies of a backfill. */
interface Around {
  readonly cos: CosClient;
  readonly console: Console;
  readonly signal: AbortSignal;
}

async function backfillObjects(asked: BackfillArguments, target: Target, around: Around): Promise<number> {
  const { console } = around;
  const places = placesOf(asked, target);
  if (asked.missing && Traces.outputsOf(target).length === 0) {
    console.stderr.write(
      "no output of the pipeline has keys that show what was read: only notes and receipts are used\n",
    );
  }
  const fresh = { places, from: asked.from ?? -Infinity, to: asked.to };
  if (asked.isDryRun) return dryRun(asked, target, fresh, around);
  const journal = Journal.open(asked.journal, {
    version: 1,
    run: randomBytes(6).toString("hex"),
    asked: asked.asked,
    began: new Date().toISOString(),
    selection: { places, from: asked.from, to: asked.to },
  });
  try {
    return await run(asked, target, journal, around);
  } finally {
    journal.close();
  }
}

async function run(asked: BackfillArguments, target: Target, journal: Journal, around: Around): Promise<number> {
  const { cos, console, signal } = around;
  const { run: name, began } = journal.header;
  const { places, from, to } = journal.header.selection as { places: Place[]; from?: number; to: number };
  const selection = { places, from: from ?? -Infinity, to };
  const traces = asked.missing ? await Traces.read(cos, target, places) : undefined;
  const { position } = journal;
  if (position !== undefined) {
    console.stderr.write(`resuming the backfill of ${began}; to start over, pass another --journal\n`);
  }
  const left = await amountOf(selection, traces, position, around);
  const ended = journal.totals.done + journal.totals.quarantined + journal.totals.failed;
  tellAmount({ ...left, inputs: left.inputs + journal.open.length }, selection, target, console);
  const timing = timingOf(target);
  const all = ended + journal.open.length + left.inputs;
  const report = new Report(console, { isJson: asked.isJson, totals: journal.totals, all, now: timing.now });
  const engine = new DeployedEngine(target, name, cos, () => readUserCredentials(), signal);
  const concurrency = roomFor(asked.concurrency, target, console);
  const runner = new Runner({ engine, journal, timing, concurrency }, report);
  try {
    const open = journal.open.map((one) => reopened(places, one.position, name));
    await runner.run(open, inputsOf(selection, traces, position, name, cos), signal);
    journal.finish();
  } catch (error) {
    report.end();
    console.stderr.write("the backfill was interrupted; run the same command again to resume it\n");
    throw error;
  } finally {
    engine.close();
  }
  report.end();
  const { quarantined, failed, withBatches } = journal.totals;
  return quarantined + failed + withBatches > 0 ? 1 : 0;
}

async function* inputsOf(
  selection: ObjectSelection,
  traces: Traces | undefined,
  after: unknown,
  run: string,
  cos: CosClient,
): AsyncGenerator<Input> {
  for await (const found of selected(cos, selection, traces, after)) yield inputOf(found, run);
}

/** Lists and counts everything that is to be read. */
async function amountOf(
  selection: ObjectSelection,
  traces: Traces | undefined,
  after: unknown,
  { cos, console, signal }: Around,
): Promise<Amount> {
  const progress = new Progress(console.stderr);
  let [inputs, bytes] = [0, 0];
  for await (const { object } of selected(cos, selection, traces, after)) {
    signal.throwIfAborted();
    inputs++;
    bytes += object.size;
    if (inputs % 1000 === 0) progress.update(`${count(inputs)} objects found`);
  }
  progress.clear();
  return { inputs, bytes };
}

async function dryRun(
  asked: BackfillArguments,
  target: Target,
  selection: ObjectSelection,
  around: Around,
): Promise<number> {
  const { cos, console, signal } = around;
  const traces = asked.missing ? await Traces.read(cos, target, selection.places) : undefined;
  let [inputs, bytes] = [0, 0];
  for await (const found of selected(cos, selection, traces)) {
    signal.throwIfAborted();
    inputs++;
    bytes += found.object.size;
    const { name } = inputOf(found, "");
    if (asked.isJson)
      console.stdout.write(`${JSON.stringify({ status: "would-read", name, bytes: found.object.size })}\n`);
  }
  tellAmount({ inputs, bytes }, selection, target, console);
  return 0;
}

function tellAmount(amount: Amount, { places }: ObjectSelection, target: Target, console: Console): void {
  const where = places.map(({ bucket, prefix, suffix }) => `cos://${bucket}/${prefix}*${suffix}`).join(", ");
  console.stderr.write(`${count(amount.inputs)} objects, ${sizeOf(amount.bytes)}, in ${where}\n`);
  if (amount.inputs > 0) console.stderr.write(`${costLine(costOf(amount, target), target)}\n`);
}

/** The requested objects: those of the function's triggers, unless flags specify others. */
function placesOf(asked: BackfillArguments, { places, isClosed, functionName }: Target): Place[] {
  const { bucket, prefixes, suffix, region } = asked;
  const known = bucket === undefined ? places : places.filter((place) => place.bucket === bucket);
  if (places.length === 0 && bucket === undefined) {
    throw new UsageError(
      `STACK/PIPELINE must be a pipeline that reads objects, got ${functionName}, which no COS trigger invokes; name a ` +
        `stream pipeline by its path in cdktf.out, or --bucket and --prefix`,
    );
  }
  if (known.length === 0 && (bucket === undefined || prefixes.length === 0)) {
    throw new UsageError(
      `--bucket and --prefix must be given for ${functionName}, got ${bucket ?? "nothing"}: it has no COS trigger for objects there`,
    );
  }
  if (prefixes.length === 0) return known.map((place) => ({ ...place, suffix: suffix ?? place.suffix }));
  // Nested prefixes are read once.
  const outer = [...new Set(prefixes)].filter(
    (one) => !prefixes.some((other) => other !== one && one.startsWith(other)),
  );
  return outer.map((prefix) => {
    const place = known.find((one) => prefix.startsWith(one.prefix));
    if (place) return { ...place, prefix, suffix: suffix ?? place.suffix };
    // A function with prefixes ignores everything else in its events.
    if (bucket !== undefined && !isClosed) return { bucket, region, prefix, suffix: suffix ?? "" };
    if (bucket !== undefined) {
      const got = `--prefix must be below a prefix of the source (${known.map((one) => one.prefix).join(", ")}), got ${prefix}`;
      throw new UsageError(`${got}; the function ignores other prefixes: add it to source.prefixes`);
    }
    throw new UsageError(
      `--prefix must be below what the function can read (${known.map((one) => one.prefix).join(", ")}), got ${prefix}; ` +
        `grant it more and pass --bucket, or choose a prefix below`,
    );
  });
}

/** Never more than the function's capacity: throttled events wait in SCF's queue, where they are invisible. */
function roomFor(asked: number, { memoryMb, reservedMb, functionName }: Target, console: Console): number {
  const room = reservedMb === undefined ? asked : Math.max(1, Math.floor(reservedMb / memoryMb));
  if (room >= asked) return asked;
  console.stderr.write(
    `${room} concurrent invocations instead of ${asked}: ${functionName} has ${reservedMb} MB reserved\n`,
  );
  return room;
}

/** Milliseconds in which a function removes its marks and ends, after its receipt. */
const SETTLE_MS = 500;

/** SCF retries a failed event twice, a minute apart. Fact: docs/design/facts/runtime.md#retries. */
function timingOf({ reservedMb, timeoutSeconds }: Target): Timing {
  const holdMs = timeoutSeconds * 1000 + 10_000;
  return {
    now: () => Date.now(),
    wait: async (milliseconds, signal) => {
      await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    },
    holdMs,
    patienceMs: 3 * holdMs + 2 * 60_000 + 60_000,
    ...(reservedMb !== undefined && { settleMs: SETTLE_MS }),
  };
}
