import { setTimeout as sleep } from "node:timers/promises";
import type { ClsRecord } from "../../../local/cls/record";
import type { LocalCloud, LocalCloudOptions } from "../../../local/cloud";
import { closeClouds, deploy } from "../support/cloud";
import type { Block, Resources } from "../support/plan";

afterEach(closeClouds);

const LOG_TOPIC: Resources = {
  tencentcloud_cls_topic: {
    Topic: { logset_id: "${tencentcloud_cls_logset.Logset.id}", topic_name: "access" },
    Log: { logset_id: "${tencentcloud_cls_logset.Logset.id}", topic_name: "log" },
  },
};

/** A function whose log goes to a topic of its own, and the records that have come there. */
async function logging(
  code: string,
  { scf, ...options }: Partial<LocalCloudOptions> & { scf?: Block } = {},
): Promise<{ cloud: LocalCloud; records: ClsRecord[] }> {
  const logTopic = {
    cls_topic_id: "${tencentcloud_cls_topic.Log.id}",
    cls_logset_id: "${tencentcloud_cls_logset.Logset.id}",
  };
  const cloud = await deploy({ code, scf: { ...logTopic, ...scf }, resources: LOG_TOPIC }, options);
  const records: ClsRecord[] = [];
  cloud.topic("log").onRecords(async (more) => void records.push(...more));
  return { cloud, records };
}

/** Calls the function once, as a caller that waits, and returns with its log in the topic. */
async function call(cloud: LocalCloud, event: unknown = {}): Promise<string> {
  const { requestId } = await cloud.invoke({ functionName: "batch", namespace: "default", event, wait: true });
  await cloud.settled();
  return requestId;
}

const messages = (records: readonly ClsRecord[]): string[] => records.map(({ contents }) => contents.SCF_Message ?? "");

/** The lines of the function itself. */
const custom = (records: readonly ClsRecord[]): string[] =>
  messages(records.filter(({ contents }) => contents.SCF_Type === "Custom"));

describe("a function's log in its topic", () => {
  test("has what the platform says around what the function writes, with 14 fields each", async () => {
    const { cloud, records } = await logging(`
      console.log("loaded");
      exports.main_handler = async () => { console.log("one\\ntwo"); return { a: 1 }; };`);
    const requestId = await call(cloud);
    expect(messages(records)).toEqual([
      `START RequestId: ${requestId}`,
      "loaded",
      "one",
      "two",
      `Response RequestId: ${requestId} RetMsg: {"a":1}`,
      `END RequestId: ${requestId}`,
      expect.stringMatching(/^Report RequestId: \S+ Duration:\d+ms Memory:256MB MemUsage:\d+\.\d{6}MB$/),
    ]);
    const [first, , , , , , last] = records;
    expect(first?.contents).toEqual({
      SCF_Alias: "",
      SCF_Duration: "0",
      SCF_FunctionName: "batch",
      SCF_Level: "INFO",
      SCF_LogTime: expect.stringMatching(/^\d{19}$/),
      SCF_MemUsage: "0.00",
      SCF_Message: `START RequestId: ${requestId}`,
      SCF_Namespace: "default",
      SCF_Qualifier: "$LATEST",
      SCF_RequestId: requestId,
      SCF_RetryNum: "0",
      SCF_StartTime: expect.stringMatching(/^\d{13}$/),
      SCF_StatusCode: "202",
      SCF_Type: "Platform",
    });
    expect(last?.contents).toMatchObject({ SCF_StatusCode: "200", SCF_MemUsage: expect.stringMatching(/^\d+\.\d\d$/) });
    expect(Math.abs((last?.time ?? 0) - Date.now())).toBeLessThan(10_000);
    const times = records.map(({ contents }) => BigInt(contents.SCF_LogTime ?? ""));
    expect(times).toEqual([...new Set(times)].sort((one, other) => (one < other ? -1 : 1)));
  });

  test("comes while the function runs", async () => {
    const { cloud, records } = await logging(`exports.main_handler = async () => {
      console.log("early");
      await new Promise((resolve) => setTimeout(resolve, 600));
    };`);
    const called = call(cloud);
    while (custom(records).length === 0) await sleep(20);
    expect(messages(records).filter((message) => message.startsWith("END"))).toEqual([]);
    await called;
    expect(custom(records)).toEqual(["early"]);
  });

  test("comes after the delay that was set, in its order", async () => {
    const { cloud, records } = await logging(`exports.main_handler = async () => console.log("x");`, {
      functionLog: { delayMs: 1_500 },
    });
    await cloud.invoke({ functionName: "batch", namespace: "default", event: {}, wait: true });
    expect(records).toEqual([]);
    await cloud.settled();
    expect(messages(records).map((message) => message.split(" ")[0])).toEqual([
      "START",
      "x",
      "Response",
      "END",
      "Report",
    ]);
  });

  test("begins lines of Node.js with time, request and level where that was set", async () => {
    const { cloud, records } = await logging(
      `exports.main_handler = async () => { console.log("out"); console.error("err"); };`,
      { functionLog: { prefix: true } },
    );
    const requestId = await call(cloud);
    const lines = custom(records).sort((one, other) => one.slice(25).localeCompare(other.slice(25)));
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^${time}\t${requestId}\tERROR\terr$`)),
      expect.stringMatching(new RegExp(`^${time}\t${requestId}\tINFO\tout$`)),
    ]);
  });

  test("keeps 8 KB of a line, and no half of a character", async () => {
    const { cloud, records } = await logging(
      `exports.main_handler = async () => { console.log("x".repeat(8190) + "灯灯"); console.log("é".repeat(8000)); };`,
    );
    await call(cloud);
    expect(custom(records)).toEqual(["x".repeat(8190), "é".repeat(4096)]);
  });

  test.each([
    ["5,000 lines", `for (let i = 0; i < 6000; i++) console.log("line " + i);`, 5000, "line 4999"],
    ["1 MB", `for (let i = 0; i < 300; i++) console.log(String(i).padEnd(8192, "."));`, 128, "127".padEnd(8192, ".")],
  ])("keeps %s of what a request writes at once, and the next request's", async (_what, body, kept, last) => {
    const { cloud, records } = await logging(`exports.main_handler = async (event) => { ${body} };`);
    await call(cloud);
    expect(custom(records)).toHaveLength(kept);
    expect(custom(records).at(-1)).toBe(last);
    await call(cloud);
    expect(custom(records)).toHaveLength(2 * kept);
  });

  test.each<[string, string, Block, string, string]>([
    ["a time-out", `console.log("in"); for (;;);`, { timeout: 1 }, "433", "Invoking task timed out after 1 seconds"],
    [
      "memory that is over its limit",
      `console.log("in"); const kept = []; for (let i = 0; i < 16; i++) kept.push(Buffer.alloc(16e6, 1));`,
      { mem_size: 128 },
      "434",
      "Task memory exceeded 128 MB",
    ],
    [
      "memory that the machine has not got, for which the system kills the process",
      `process.kill(process.pid, "SIGKILL"); for (;;);`,
      { mem_size: 128 },
      "434",
      "Task memory exceeded 128 MB",
    ],
    ["the process that ends", `process.exit(3);`, {}, "439", "User process exit when running"],
  ])("tells of %s", async (_what, body, scf, status, reason) => {
    const { cloud, records } = await logging(`exports.main_handler = async () => { ${body} };`, { scf });
    const requestId = await call(cloud);
    const platform = records.filter(({ contents }) => contents.SCF_Type === "Platform");
    expect(messages(platform).slice(1, 3)).toEqual([
      `ERROR RequestId: ${requestId} Result: ${reason}`,
      `END RequestId: ${requestId}`,
    ]);
    expect(platform.at(-1)?.contents.SCF_StatusCode).toBe(status);
    expect(platform[1]?.contents.SCF_Level).toBe("ERROR");
  });

  test("tells of code that cannot be loaded, with its stack, and of each retry by its number", async () => {
    const { cloud, records } = await logging(`console.log("before"); throw new TypeError("bad module");`);
    await cloud.invoke({ functionName: "batch", namespace: "default", event: {}, wait: false });
    await cloud.settled();
    const errors = records.filter(({ contents }) => contents.SCF_Message?.startsWith("ERROR"));
    expect(errors.map(({ contents }) => contents.SCF_RetryNum)).toEqual(["0", "1", "2"]);
    expect(errors[0]?.contents.SCF_Message).toContain("TypeError: bad module");
    expect(custom(records)).toEqual(["before", "before", "before"]);
  });

  test("is lost with the topic, without harm to the function", async () => {
    const { cloud } = await logging(`exports.main_handler = async () => { console.log("x"); return 7; };`);
    cloud.cls.deleteTopic(cloud.topic("log").id);
    await call(cloud);
    expect(cloud.invocations.at(-1)?.result).toBe(7);
  });
});
