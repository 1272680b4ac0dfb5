import { setTimeout as sleep } from "node:timers/promises";
import { ENDS, HANDLERS } from "./handlers";
import { type Fault, LiveCloud } from "./live-cloud";
import { type Language, type Outcome, Runtime } from "./runtime";
import { Turns } from "./together";

/** Result of a handler that runs once for each of its ends, as seen by the function and its platform. */
interface Seen {
  readonly outcomes: readonly Omit<Outcome, "ms">[];
  readonly ms: readonly number[];
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Milliseconds that an end is allowed to take longer with a reporter, with a margin for the machine; medians are
 * compared. A busy machine only adds time, so a case that was too slow is tried again, next to a function alone at the
 * same time.
 */
const MAY_WAIT_MS = 100;
const NOISE_MS = 40;
const TRIES = 3;

const BROKEN = "<html><body>proxy</body></html>";

type LiveFault = readonly [step: "flag" | "topic", name: string, fault: Fault];

const FAULTS: readonly LiveFault[] = [
  ["flag", "resets the connection", { type: "reset" }],
  ["flag", "never answers", { type: "silence" }],
  ["flag", "sends half an answer", { type: "half" }],
  ["flag", "refuses the key", { type: "status", status: 403, body: "<Error><Code>AccessDenied</Code></Error>" }],
  ["flag", "has no such bucket", { type: "status", status: 404, body: "<Error><Code>NoSuchBucket</Code></Error>" }],
  ["flag", "is overloaded", { type: "status", status: 503 }],
  ["flag", "is a proxy's page", { type: "status", status: 200, body: BROKEN }],
  ["flag", "redirects", { type: "status", status: 302 }],
  ["flag", "answers late", { type: "slow", ms: 300 }],
  ["topic", "resets the connection", { type: "reset" }],
  ["topic", "never answers", { type: "silence" }],
  ["topic", "sends half an answer", { type: "half" }],
  ["topic", "stores, and does not say so", { type: "forgets" }],
  ["topic", "refuses the key", { type: "status", status: 401, body: '{"errorcode":"Unauthorized"}' }],
  ["topic", "is no more", { type: "status", status: 404, body: '{"errorcode":"TopicNotExist"}' }],
  ["topic", "refuses the content", { type: "status", status: 400, body: '{"errorcode":"InvalidContent"}' }],
  ["topic", "is throttled", { type: "status", status: 429 }],
  ["topic", "is overloaded", { type: "status", status: 500 }],
  ["topic", "is a proxy's page", { type: "status", status: 200, body: BROKEN }],
  ["topic", "answers late", { type: "slow", ms: 300 }],
];

/** @param alone output of the function alone: pipes deliver it a moment after the outcome */
async function see(language: Language, runtime: Runtime, alone?: Seen): Promise<Seen> {
  const outcomes = [await runtime.loaded()];
  for (const [n, end] of ENDS[language].entries()) outcomes.push(await runtime.invoke({ n, end }));
  const isThere = (stream: "stdout" | "stderr") =>
    runtime.output(stream).length >= (alone?.[stream].length ?? Infinity);
  // The output of a function alone is not known yet; for the others, a busy machine can be slow to deliver it.
  for (
    const endsAt = Date.now() + (alone ? 5_000 : 500);
    Date.now() < endsAt && !(isThere("stdout") && isThere("stderr"));
  )
    await sleep(2);
  const seen = outcomes.map(({ ms: _, ...outcome }) => outcome);
  const [stdout, stderr] = [runtime.output("stdout"), runtime.output("stderr")];
  return { outcomes: seen, ms: outcomes.slice(1).map(({ ms }) => ms), stdout, stderr };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Concurrent cases: they mostly wait. */
const AT_ONCE = 6;

/** Resources of one case. */
interface Place {
  readonly cloud: LiveCloud;
  readonly alone: Seen;
  start(environment: Record<string, string>): Runtime;
}

type Cases = Record<string, (place: Place) => Promise<void>>;

/** Runtime options of an instance. */
interface MatrixOptions {
  /** The tested {@link FAULTS}. @default all */
  readonly faults?: readonly LiveFault[];
  /** The Node binary that runs it. @default that of this process */
  readonly execPath?: string;
  /** Whether Python flushes each write, as is assumed of SCF's runtime. @default false */
  readonly isUnbuffered?: boolean;
}

/** The fault matrix of the reporter for a language. */
export function holds(language: Language, options: MatrixOptions = {}): void {
  const { execPath, faults = FAULTS, isUnbuffered = false } = options;
  const cases: Cases = { ...watches(language), ...failures(language, faults), ...surroundings(language) };
  const turns = new Turns(AT_ONCE);
  const outcomes = new Map<string, Promise<unknown>>();

  beforeAll(async () => {
    const alone = await seeAlone();
    expect(alone.outcomes.map(({ type }) => type)).toEqual(["ready", ...ENDS[language].map(() => "done")]);
    // Each is started here, and reported by the test of its name.
    for (const [name, run] of Object.entries(cases))
      outcomes.set(
        name,
        turns.take(() => inCase(run, alone)),
      );
  });
  afterAll(() => Promise.all(outcomes.values()));

  it.each(Object.keys(cases))(
    "%s",
    async (name) => {
      const error = await outcomes.get(name);
      if (error !== undefined) throw error;
    },
    60_000,
  );

  function seeAlone(): Promise<Seen> {
    return inPlace((start) => see(language, start({}, false)));
  }

  /** Resolves to the error of the case: nobody awaits it yet. */
  async function inCase(run: Cases[string], alone: Seen, tries = 1): Promise<unknown> {
    const cloud = await LiveCloud.start();
    try {
      await inPlace((start) => run({ cloud, alone, start }));
      return undefined;
    } catch (error) {
      if (!(error instanceof TooSlow) || tries === TRIES) return error;
    } finally {
      await cloud.stop();
    }
    return inCase(run, await seeAlone(), tries + 1);
  }

  async function inPlace<T>(run: (start: (env: Record<string, string>, isWrapped?: boolean) => Runtime) => Promise<T>) {
    const runtimes: Runtime[] = [];
    const start = (environment: Record<string, string>, isWrapped = true): Runtime => {
      const env = { ...environment, ...(isUnbuffered && { PYTHONUNBUFFERED: "1" }) };
      const runtime = new Runtime({ language, code: HANDLERS[language], environment: env, isWrapped, execPath });
      runtimes.push(runtime);
      return runtime;
    };
    try {
      return await run(start);
    } finally {
      await Promise.all(runtimes.map((runtime) => runtime.close()));
    }
  }
}

/** As many of the faults as `npm test` has time for, different ones each day: `npm run soak` tries all. */
export function faultsOfToday(count: number): readonly LiveFault[] {
  const seed = Number(process.env.LOGS_SEED ?? Math.floor(Date.now() / 86_400_000));
  // Neighbours are similar: one represents its section of the list.
  const stretch = FAULTS.length / count;
  const faults = Array.from({ length: count }, (_, index) => {
    const [from, until] = [Math.ceil(index * stretch), Math.ceil((index + 1) * stretch)];
    return FAULTS[from + ((seed + index) % (until - from))];
  });
  process.stderr.write(`live matrix: ${count} of ${FAULTS.length} faults, LOGS_SEED=${seed}\n`);
  return faults;
}

/** The same as without a reporter: results, time, and the content of SCF's own log, byte for byte. */
function expectAsAlone(seen: Seen, alone: Seen): void {
  expect({ ...seen, ms: [] }).toEqual({ ...alone, ms: [] });
  const longer = median(seen.ms.map((ms, index) => ms - alone.ms[index]));
  if (longer >= MAY_WAIT_MS + NOISE_MS) throw new TooSlow(longer);
}

/** An end took longer than allowed: always if it is a bug of the reporter, occasionally on a busy machine. */
class TooSlow extends Error {
  constructor(ms: number) {
    super(`the reporter may add ${MAY_WAIT_MS} ms, and ${NOISE_MS} ms of noise, to an end; it added ${ms} ms`);
  }
}

function watches(language: Language): Cases {
  return {
    "changes nothing while nobody watches, and sends nothing but the look at the flag": async ({
      cloud,
      alone,
      start,
    }) => {
      const runtime = start(cloud.environment());
      expectAsAlone(await see(language, runtime, alone), alone);
      expect(cloud.requests).toEqual([expect.objectContaining({ step: "flag", method: "GET", status: 404 })]);
      expect(runtime.trouble()).toEqual([]);
    },
    "changes nothing while somebody watches": async ({ cloud, alone, start }) => {
      cloud.watch();
      const runtime = start(cloud.environment());
      expectAsAlone(await see(language, runtime, alone), alone);
      expect(runtime.trouble()).toEqual([]);
      await cloud.comes("all ends", () => cloud.ends().length === ENDS[language].length);
      expectNoGap(cloud);
    },
  };
}

function failures(language: Language, faults: readonly LiveFault[]): Cases {
  const named = faults.map(([step, what, fault]) => {
    const name = `where the ${step} ${what}, and all is there when it does so no more`;
    return [name, (place: Place) => survives(language, place, step, fault)] as const;
  });
  return Object.fromEntries(named);
}

async function survives(language: Language, place: Place, step: LiveFault[0], fault: Fault): Promise<void> {
  const { cloud, alone, start } = place;
  cloud.watch();
  cloud.fault = (asked) => (asked === step ? fault : undefined);
  const runtime = start(cloud.environment());
  expectAsAlone(await see(language, runtime, alone), alone);
  // It reports it once. Delays are not reported, nor are requests without an answer yet; and a page is not a flag.
  const isQuiet =
    fault.type === "slow" ||
    fault.type === "silence" ||
    (step === "flag" && fault.type === "status" && fault.status === 200);
  expect(runtime.trouble()).toHaveLength(isQuiet ? 0 : 1);

  cloud.fault = () => undefined;
  if (step === "flag") return;
  // A request without an answer is given up by the first invocation after a second.
  if (fault.type === "silence") await sleep(1_000);
  await runtime.invoke({ n: 9, end: "returns late" });
  await cloud.comes("the last end", () => cloud.ends().includes(`request-${ENDS[language].length + 1}`));
  if (fault.type === "status" && fault.status === 400) expectTold(cloud);
  else expectNoGap(cloud);
}

const SURROUNDINGS: Readonly<Record<string, Record<string, string>>> = {
  "the key is missing": { TENCENTCLOUD_SECRETID: "" },
  "nothing listens": { COS_ENDPOINT: "http://127.0.0.1:9", CLS_ENDPOINT: "http://127.0.0.1:9" },
  "no name resolves": { COS_ENDPOINT: "http://cos.invalid", CLS_ENDPOINT: "http://cls.invalid" },
  "an endpoint is no address": { COS_ENDPOINT: "cos" },
  "the settings lack the topic": { LOGS_LIVE: '{"bucket":"b-1","region":"r","handler":"index.main_handler"}' },
};

function surroundings(language: Language): Cases {
  const named = Object.entries(SURROUNDINGS).map(([what, environment]) => {
    const run = async ({ cloud, alone, start }: Place): Promise<void> => {
      const runtime = start({ ...cloud.environment(), ...environment });
      expectAsAlone(await see(language, runtime, alone), alone);
      expect(runtime.trouble()).toHaveLength(1);
    };
    return [`where ${what}`, run] as const;
  });
  return Object.fromEntries(named);
}

/** Every record arrived, with every line of each request. */
function expectNoGap(cloud: LiveCloud): void {
  const records = cloud.records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
  for (const end of records) {
    if (end.kind !== "end") continue;
    const isFirst = (record: (typeof records)[0]) => record.kind === "line" && (record.piece?.number ?? 1) === 1;
    const lines = records.filter((record) => record.requestId === end.requestId && isFirst(record));
    expect(lines).toHaveLength(end.lines);
  }
}

/** Permanent refusals are reported with their number. */
function expectTold(cloud: LiveCloud): void {
  const dropped = cloud.records().flatMap((record) => (record.kind === "dropped" ? [record.lines] : []));
  expect(dropped.reduce((sum, lines) => sum + lines, 0)).toBeGreaterThan(0);
}
