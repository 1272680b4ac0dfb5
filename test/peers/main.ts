/**
 * `npm run test:peers [-- --quick]`: tests other vendors' software against ours. The vendor's consumer reads the local
 * cloud's CLS, next to our reader; OpenSearch, the OpenTelemetry collector and Kafka receive ten thousand records from
 * our outputs, with faults between. Exit status 1 if something is lost or refused; 3 if something could not run,
 * because there is no Python, Java, Maven or Go, or no package. `--quick` runs only the consumer, `--only NAME` the
 * steps of one peer.
 */
import { setTimeout as wait } from "node:timers/promises";
import { NOT_RUN_STATUS, NotRunError } from "../deploy/not-run";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { kafka, otlp, search } from "./destinations";
import { pythonWithConsumer } from "./python";
import { OurMember } from "./ours";
import { expectSameLogs, numberOf, Stage } from "./stage";

const isQuick = process.argv.includes("--quick");
const only = process.argv[process.argv.indexOf("--only") + 1] as string | undefined;

async function main(folder: string): Promise<number> {
  const report = new Report();
  const peers: Readonly<Record<string, () => Promise<void>>> = {
    consumer: () => consumer(report),
    ...(!isQuick && {
      opensearch: () => opensearch(report, folder),
      collector: () => collector(report, folder),
      kafka: () => report.step("Kafka", "a broker that restarts: every record comes", () => tell(kafka(folder))),
    }),
  };
  let status = 0;
  for (const [name, run] of Object.entries(peers)) {
    if (process.argv.includes("--only") && name !== only) continue;
    try {
      await run();
    } catch (error) {
      const isNotRun = error instanceof NotRunError;
      process.stderr.write(isNotRun ? `\n${name} NOT RUN: ${error.message}\n` : `\n${(error as Error).stack}\n`);
      if (status !== 1) status = isNotRun ? NOT_RUN_STATUS : 1;
    }
  }
  process.stdout.write(`\n${report.table()}\n`);
  return status;
}

async function opensearch(report: Report, folder: string): Promise<void> {
  for (const target of ["index", "data stream"] as const) {
    await report.step(`OpenSearch, ${target}`, "each record is one document, or refused with its reason", () =>
      tell(search(folder, target)),
    );
  }
}

async function collector(report: Report, folder: string): Promise<void> {
  for (const encoding of ["protobuf", "json"] as const) {
    await report.step(`OpenTelemetry collector, ${encoding}`, "every record comes as it was", () =>
      tell(otlp(folder, encoding)),
    );
  }
}

async function tell(what: Promise<string>): Promise<void> {
  process.stdout.write(`      ${await what}\n`);
}

/** The vendor's consumer, and ours. */
async function consumer(report: Report): Promise<void> {
  const python = await pythonWithConsumer();
  await report.step("two workers", "one is killed, the topic is split: every line comes", () => twoWorkers(python));
  if (isQuick) return;
  await report.step("a time range", "ends by itself, and leaves out what came later", () => timeRange(python));
  await report.step("a query", "is passed on in CLS's processing language", () => query(python));
  await report.step("a busy CLS", "answers 429 and 500: every line comes", () => busy(python));
  await report.step("ours beside theirs", "one group: each partition in one hand, every line comes", () =>
    mixed(python),
  );
  await report.step("all stopped", "a group goes on where it was, and from the end where it is new", () =>
    resume(python),
  );
}

async function twoWorkers(python: string): Promise<void> {
  const stage = await Stage.open(python, 4);
  try {
    const workers = ["one", "two"].map((consumer) => stage.consumer({ group: "peers", consumer }));
    await stage.allAtWork(workers);
    const rounds = isQuick ? 20 : 60;
    for (let round = 0; round < rounds; round++) {
      await stage.upload(round % 5 === 0 ? 500 : 50);
      if (round === rounds / 4) stage.topic.partitions.split(1, { now: stage.cloud.clock.now() });
      if (round === rounds / 2) await workers[0]?.kill();
      await wait(250);
    }
    await stage.everyLineSeen(workers);
    await workers[1]?.stop();
    stage.nothingRefused();
    const theirs = workers.flatMap(({ logs }) => logs);
    expectSameLogs(await stage.readByUs("pull"), theirs, stage.uploaded);
    // Searches only have milliseconds.
    const inMilliseconds = theirs.map((log) => ({ ...log, time: Math.floor(log.time / 1000) * 1000 }));
    expectSameLogs(await stage.readByUs("search"), inMilliseconds, stage.uploaded);
    process.stdout.write(
      `      ${stage.uploaded} lines, of which ${theirs.length - stage.uploaded} came again; ${stage.requests()}\n`,
    );
  } finally {
    await stage.close();
  }
}

/** Theirs and ours share partitions, ours leaves, and theirs gets all of them. */
async function mixed(python: string): Promise<void> {
  const stage = await Stage.open(python, 4);
  let ours: OurMember | undefined;
  try {
    const theirs = stage.consumer({ group: "mixed", consumer: "theirs" });
    await stage.allAtWork([theirs]);
    ours = new OurMember(stage.cloud, stage.topic, "mixed");
    const mine = ours;
    await until(() => mine.partitions.length === 2, "ours must get its share", mine);
    await stage.allAtWork([theirs, ours]);
    for (let round = 0; round < 30; round++) {
      await stage.upload(50);
      await wait(100);
    }
    await stage.everyLineSeen([theirs, ours]);
    const counts = new Map<number, number>();
    for (const log of [...theirs.logs, ...ours.logs]) counts.set(numberOf(log), (counts.get(numberOf(log)) ?? 0) + 1);
    const twice = [...counts.values()].filter((count) => count > 1).length;
    process.stdout.write(`      ${stage.uploaded} lines, ${ours.logs.length} of them by ours, ${twice} by both\n`);
    await ours.stop();
    const before = theirs.logs.length;
    await stage.upload(400);
    await until(() => theirs.logs.length >= before + 400, "theirs must get all when ours has left", theirs);
    await stage.everyLineSeen([theirs, ours]);
    stage.nothingRefused();
  } finally {
    await ours?.stop();
    await stage.close();
  }
}

async function timeRange(python: string): Promise<void> {
  const stage = await Stage.open(python, 2);
  try {
    await stage.upload(200);
    await wait(2000);
    const until = Math.floor(Date.now() / 1000);
    await wait(1500);
    await stage.upload(100);
    const worker = stage.consumer({ group: "range", consumer: "one", until: String(until) });
    const status = await worker.ended;
    if (status !== 0) throw new Error(`the worker must end by itself, got status ${status}: ${worker.said}`);
    stage.nothingRefused();
    const numbers = worker.logs.map(numberOf);
    if (new Set(numbers).size !== 200 || Math.max(...numbers) !== 199) {
      throw new Error(`lines 0 to 199 must come, got ${new Set(numbers).size}, up to ${Math.max(...numbers)}`);
    }
  } finally {
    await stage.close();
  }
}

async function query(python: string): Promise<void> {
  const stage = await Stage.open(python, 1);
  try {
    await stage.upload(300);
    const worker = stage.consumer({ group: "some", consumer: "one", query: 'log_keep(op_eq(v("n"), "77"))' });
    await until(() => worker.logs.length > 0, "the line of the query must come", worker);
    await wait(1000);
    stage.nothingRefused();
    if (worker.logs.map(numberOf).join() !== "77")
      throw new Error(`line 77 alone must come, got ${worker.logs.map(numberOf)}`);
  } finally {
    await stage.close();
  }
}

async function busy(python: string): Promise<void> {
  const stage = await Stage.open(python, 2);
  try {
    stage.cloud.cls.faults.decide = ({ action, attempt }) => {
      if (action !== "pull_log" || attempt % 3 !== 0) return {};
      return attempt % 2 === 0 ? { status: 429 } : { status: 500 };
    };
    const worker = stage.consumer({ group: "busy", consumer: "one" });
    await stage.upload(1000);
    await stage.everyLineSeen([worker]);
    expectSameLogs(await stage.readByUs("pull"), worker.logs, stage.uploaded);
  } finally {
    await stage.close();
  }
}

async function resume(python: string): Promise<void> {
  const stage = await Stage.open(python, 2);
  try {
    await stage.upload(200);
    const first = stage.consumer({ group: "resumed", consumer: "one" });
    await stage.everyLineSeen([first]);
    await first.stop();
    await stage.upload(100);
    const second = stage.consumer({ group: "resumed", consumer: "two" });
    await stage.everyLineSeen([first, second]);
    if (second.logs.some((log) => numberOf(log) < 200)) throw new Error("what was committed must not come again");
    await second.stop();
    const asked = () => stage.answered("DescribeConsumerOffsets");
    const before = asked();
    const late = stage.consumer({ group: "late", consumer: "one", from: "end" });
    // It requests the end of each partition: everything after that is new.
    await until(() => asked() >= before + 2, "both ends must be asked for", late);
    await wait(1000);
    await stage.upload(50);
    await until(() => late.logs.length >= 50, "new lines must come", late);
    if (late.logs.some((log) => numberOf(log) < 300)) throw new Error("a group from the end must get new lines alone");
    stage.nothingRefused();
  } finally {
    await stage.close();
  }
}

async function until(holds: () => boolean, what: string, { said }: { said: string }): Promise<void> {
  for (const started = Date.now(); !holds(); await wait(100)) {
    if (Date.now() - started > 30_000) throw new Error(`${what}; the worker said ${said}`);
  }
}

void runSuite("peers", main);
