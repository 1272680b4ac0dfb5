import { gunzipSync } from "node:zlib";
import { objectIn } from "../../../functions/runtime/checked-json";
import { ServiceError } from "../../../functions/tencent/service-error";
import type { ReadLog } from "../../../functions/tencent/topic-reader/read";
import { listIn } from "../cloud";
import { isDeliveryOf } from "../stack";
import type { ProbedAccount } from "./account";
import { Pulling, spread, upload } from "./logs";
import { makeFunction, makeTopic, type MadeTopic } from "./make";
import type { Probe } from "./probe";

/** Prints what each invocation received, as one line: a time and a number for each log. */
export const ECHO = `exports.main_handler = async (event, context) => {
  console.log(JSON.stringify({ probe: "echo", at: Date.now(), id: context.request_id, event }));
};`;

export const DELIVERY_WAIT: Probe = {
  id: "delivery-wait",
  question: "How long after its upload does a function get a log, with a delivery that waits 3 s, and in what form?",
  stated: "3 s at most and what CLS adds, which nobody tells; gzip, timestamps in microseconds",
  fact: "docs/design/facts/runtime.md#cls-delivery",
  makes: "two topics, a function, a delivery, 10 logs",
  cents: 0.2,
  seconds: 90,
  async run(account) {
    const [source, log] = [await makeTopic(account), await makeTopic(account)];
    const name = await makeFunction(account, log, ECHO);
    await deliver(account, source, name);
    const sent = new Map<string, number>();
    for (let n = 0; n < 10; n++) {
      await upload(account, source.topicId, [{ n: String(n) }]);
      sent.set(String(n), account.now());
      await account.wait(1_000);
    }
    const isEnough = (lines: readonly Printed[]): boolean => numbersIn(recordsIn(lines)).size >= sent.size;
    const printed = await printedBy(account, log, isEnough, { most: 120_000, grace: GRACE_MS });
    const records = recordsIn(printed);
    const lags = records.flatMap(({ n, at }) => (sent.has(n) ? [at - (sent.get(n) as number)] : []));
    const twice = records.length - numbersIn(records).size;
    const [first] = records;
    const form = first === undefined ? "" : `; ${first.packing}, timestamp ${first.timestamp}`;
    return `${spread(lags)}, by SCF's clock, of ${numbersIn(records).size} of 10 logs in ${printed.length} events; ${twice} came twice${form}`;
  },
};

async function deliver(account: ProbedAccount, { topicId }: MadeTopic, functionName: string): Promise<void> {
  const of = { FunctionName: functionName, Namespace: "default", Qualifier: "$LATEST" };
  const what = `delivery of topic ${topicId} to ${functionName} in ${account.region}`;
  account.cleanUp.willMake(what, async () => {
    const { FunctionName, Namespace } = of;
    const triggers = listIn(
      await account.clean("scf:ListTriggers", { FunctionName, Namespace, Limit: 100 }),
      "Triggers",
    );
    const found = triggers.find((each) => isDeliveryOf(topicId, each));
    if (found)
      await account.clean("scf:DeleteTrigger", {
        ...of,
        TriggerName: found.TriggerName,
        Type: "cls",
        TriggerDesc: found.TriggerDesc,
      });
  });
  await account.make("cls:CreateDeliverCloudFunction", { ...of, TopicId: topicId, Timeout: 3, MaxMsgNum: 1000 });
}

interface Delivered {
  readonly n: string;
  readonly at: number;
  readonly packing: string;
  readonly timestamp: string;
}

/** The logs in CLS events, with the format in which they arrived. */
function recordsIn(printed: readonly Printed[]): Delivered[] {
  return printed.flatMap(({ at, event }) => {
    const { clslogs } = event as { clslogs?: { data?: string } };
    const packed = Buffer.from(clslogs?.data ?? "", "base64");
    const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const text = isGzip ? gunzipSync(packed).toString() : packed.toString();
    const { records = [] } = (objectIn(text) ?? {}) as { records?: { timestamp: unknown; content: unknown }[] };
    return records.map(({ timestamp, content }) => ({
      n: String(objectIn(String(content))?.n),
      at,
      packing: isGzip ? "gzip" : "not packed",
      timestamp: `a ${typeof timestamp} of ${String(timestamp).length} digits`,
    }));
  });
}

function numbersIn(records: readonly Delivered[]): Set<string> {
  return new Set(records.map(({ n }) => n));
}

/** Milliseconds to wait for duplicates after everything has arrived. */
export const GRACE_MS = 15_000;

interface Printed {
  readonly at: number;
  readonly id: string;
  readonly event: unknown;
}

/** The output of {@link ECHO} in the function's log. @param grace milliseconds to wait for further output */
export async function printedBy(
  account: ProbedAccount,
  { topicId }: MadeTopic,
  isEnough: (printed: readonly Printed[]) => boolean,
  { most, grace = 0 }: { readonly most: number; readonly grace?: number },
): Promise<Printed[]> {
  const pulling = new Pulling(account, topicId);
  try {
    const logs = await pulling.gather((found) => isEnough(printedIn(found)), { every: 500, most });
    const later = grace === 0 ? [] : await pulling.gather(() => false, { every: 1_000, most: grace });
    return printedIn([...logs, ...later]);
  } finally {
    pulling.close();
  }
}

function printedIn(logs: readonly ReadLog[]): Printed[] {
  return logs.flatMap(({ contents: { SCF_Message: message = "" } }) => {
    // Node's runtime can write a prefix.
    const printed = objectIn(message.slice(Math.max(0, message.indexOf('{"probe":"echo"'))));
    return printed?.probe === "echo" ? [printed as unknown as Printed] : [];
  });
}

export const ASYNC_RETRIES: Probe = {
  id: "async-retries",
  question: "How often, and after how long, does SCF run again what has thrown, and with the same request id?",
  stated: "twice, a minute apart; of the request id nobody tells",
  fact: "docs/design/facts/runtime.md#retries",
  makes: "a topic, a function, one event that runs three times",
  cents: 0.1,
  seconds: 240,
  async run(account) {
    const log = await makeTopic(account);
    const name = await makeFunction(account, log, `${ECHO.replace(/};$/, "  throw new Error('as it should');\n};")}`);
    await invoke(account, name, { retry: true });
    const printed = await printedBy(account, log, (lines) => lines.length >= 3, { most: 300_000, grace: GRACE_MS });
    const times = printed.map(({ at }) => at).sort((one, other) => one - other);
    const apart = times.slice(1).map((time, index) => `${Math.round((time - times[index]) / 1000)} s`);
    const ids = new Set(printed.map(({ id }) => id)).size;
    const kept = ids === 1 ? "the same request id each time" : `${ids} request ids`;
    return `${printed.length} runs, ${apart.join(" and ")} apart, with ${kept}`;
  },
};

async function invoke(account: ProbedAccount, name: string, event: object): Promise<void> {
  const asked = {
    FunctionName: name,
    Namespace: "default",
    InvocationType: "Event",
    ClientContext: JSON.stringify(event),
  };
  await account.make("scf:Invoke", asked);
}

/** SCF's log lines of a successful request, and of one that throws. */
export const REPORT_LINES: Probe = {
  id: "report-lines",
  question: "Which lines does SCF write of a request, and what stands before a line of Node's?",
  stated: "START, Response or ERROR, END, Report; a prefix in 2020",
  fact: "docs/design/facts/runtime.md#function-log",
  makes: "a topic, a function, two events",
  cents: 0.1,
  seconds: 60,
  async run(account) {
    const log = await makeTopic(account);
    const source =
      "exports.main_handler = async ({ fails }) => { console.log('a line'); if (fails) throw new Error('x'); return 1; };";
    const name = await makeFunction(account, log, source);
    await invoke(account, name, { fails: false });
    await invoke(account, name, { fails: true });
    const pulling = new Pulling(account, log.topicId);
    const reports = (logs: readonly ReadLog[]): number =>
      logs.filter(({ contents }) => /^Report\b/.test(contents.SCF_Message ?? "")).length;
    const logs = await pulling.gather((found) => reports(found) >= 2, { every: 500, most: 60_000 });
    pulling.close();
    const failed = logs.find(({ contents }) => /^ERROR\b/.test(contents.SCF_Message ?? ""))?.contents.SCF_RequestId;
    const shapes = (isFailed: boolean): string =>
      logs
        .filter(({ contents }) => (contents.SCF_RequestId === failed) === isFailed)
        .map(({ contents }) => shapeOf(contents))
        .join(" / ");
    return `well: ${shapes(false)}; thrown: ${shapes(true)}; ${Object.keys(logs[0]?.contents ?? {}).length} fields`;
  },
};

/** A line without the parts that differ between requests. */
function shapeOf({ SCF_Message: message = "", SCF_RequestId: id = "" }: Readonly<Record<string, string>>): string {
  const first = message.split("\n")[0].slice(0, 160);
  return first
    .replaceAll(id === "" ? "\0" : id, "<id>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, "<time>")
    .replace(/\d+(\.\d+)?(?=ms|MB)/g, "<n>");
}

export const LOG_LAG: Probe = {
  id: "log-lag",
  question: "Do a function's lines come into its topic while it runs, and how late?",
  stated: "in real time, or at the end: the pages differ",
  fact: "docs/design/facts/runtime.md#function-log",
  makes: "a topic, a function, one event of 3 s",
  cents: 0.1,
  seconds: 40,
  async run(account) {
    const log = await makeTopic(account);
    const source = `exports.main_handler = async (event) => {
  for (let n = 0; n < 10; n++) {
    console.log(JSON.stringify({ probe: "echo", at: Date.now(), id: String(n) }));
    await new Promise((resolve) => setTimeout(resolve, event.ms));
  }
};`;
    const name = await makeFunction(account, log, source);
    await invoke(account, name, { ms: 300 });
    const pulling = new Pulling(account, log.topicId);
    const [lags, seen] = [[] as number[], { beforeEnd: 0 }];
    const isEnded = (logs: readonly ReadLog[]): boolean =>
      logs.some(({ contents }) => /^END\b/.test(contents.SCF_Message ?? ""));
    await account.until(
      async () => {
        const logs = await pulling.next();
        const now = account.now();
        const printed = printedIn(logs);
        lags.push(...printed.map(({ at }) => now - at));
        if (isEnded(logs)) return true;
        seen.beforeEnd += printed.length;
        return undefined;
      },
      { every: 100, most: 60_000 },
    );
    pulling.close();
    return `${spread(lags)}, of ${lags.length} of 10 lines, ${seen.beforeEnd} of them before the end was told`;
  },
};

/** Names in CloudBase, on the same platform. */
const NEWER = ["Nodejs20.19", "Nodejs22.21"];

export const RUNTIMES: Probe = {
  id: "runtimes",
  question: `Does SCF take the runtimes ${NEWER.join(" and ")}?`,
  stated: "Nodejs18.15 is the newest that its API lists",
  fact: "docs/design/facts/runtime.md#node-runtime",
  makes: "a topic, and a function for each that is taken",
  cents: 0,
  seconds: 30,
  async run(account) {
    const log = await makeTopic(account);
    const told: string[] = [];
    for (const runtime of NEWER) {
      try {
        await makeFunction(account, log, ECHO, runtime);
        told.push(`${runtime} is taken`);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.transient) throw error;
        told.push(`${runtime} is refused with ${error.code}`);
      }
    }
    return told.join("; ");
  },
};
