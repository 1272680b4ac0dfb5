import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AccessKey } from "../../local/account";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { findExample, synthesize } from "../../cli/local/example";
import { Tail } from "../../cli/local/live";
import { call, codeOf } from "../local/support/api";
import { sdk } from "../local/support/cloud";

jest.setTimeout(60_000);

let folder: string;
let cloud: LocalCloud;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "live-rights-"));
  const stackFolder = await synthesize(findExample("live-log"), join(folder, "out"), new AbortController().signal);
  cloud = await LocalCloud.deploy({ stackFolder, clock: new SimulatedClock(Date.now()) });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const keyOf = (role: string): AccessKey => cloud.cam.assumeRole(cloud.cam.role(role));
const operator = (): AccessKey => keyOf("live-log-operators");

/** The role that a function runs as. */
async function runRole(name: string): Promise<AccessKey> {
  const { Role } = await call(cloud, "scf:GetFunction", { FunctionName: name });
  return keyOf(String(Role));
}

const BUCKET = (): string => cloud.cos.allBuckets()[0]?.name ?? "";

/** The status that COS answers a key with. */
async function cosStatus(
  key: AccessKey,
  method: "getObject" | "putObject" | "deleteObject",
  Key: string,
): Promise<number> {
  const place = { Bucket: BUCKET(), Region: "ap-guangzhou", Key };
  const client = sdk(cloud, key);
  try {
    const answer = method === "putObject" ? client.putObject({ ...place, Body: "{}" }) : client[method](place);
    return (await answer).statusCode ?? 0;
  } catch (error) {
    return (error as { statusCode: number }).statusCode;
  }
}

test("grantTail is enough for a tail of both lanes", async () => {
  let shown = "";
  const console = { stdout: { write: (text: string) => (shown += text) }, stderr: { write: () => undefined } };
  const tail = new Tail(join(__dirname, "../../dist/cli/main.js"), cloud, ["payments"], console, operator());
  try {
    await tail.watching(new AbortController().signal);
    await cloud.invoke({
      functionName: "payments",
      namespace: "default",
      event: { order: 1, card: "fine" },
      wait: true,
    });
    for (let waited = 0; !/order 1 paid[^]* END /.test(shown) && waited < 20_000; waited += 100) await sleep(100);
    expect(shown).toMatch(/INFO +order 1 paid\n/);
    expect(shown).toMatch(/ END +after /);
    await tail.end();
  } finally {
    tail.kill();
  }
});

test("grantTail allows nothing else", async () => {
  const as = (action: string, parameters: object) => codeOf(call(cloud, action, parameters, { key: operator() }));
  const denied = "AuthFailure.UnauthorizedOperation";
  expect(await as("scf:GetFunction", { FunctionName: "orders" })).toBe("");
  expect(await as("scf:ListFunctions", {})).toBe("");
  expect(await as("scf:GetFunction", { FunctionName: "another" })).toBe(denied);
  expect(await as("scf:Invoke", { FunctionName: "orders" })).toBe(denied);
  expect(await as("scf:DeleteFunction", { FunctionName: "orders" })).toBe(denied);
  expect(await as("cls:DescribePartitions", { TopicId: cloud.topic("function-log").id })).toBe("");
  expect(await as("cls:DescribePartitions", { TopicId: "another" })).toBe(denied);
  expect(await as("cls:DeleteTopic", { TopicId: cloud.topic("function-log").id })).toBe(denied);
  expect(await cosStatus(operator(), "putObject", "live/watch/default/orders.json")).toBe(200);
  expect(await cosStatus(operator(), "getObject", "live/watch/default/orders.json")).toBe(200);
  expect(await cosStatus(operator(), "deleteObject", "live/watch/default/orders.json")).toBe(403);
  expect(await cosStatus(operator(), "putObject", "live/watch/default/another.json")).toBe(403);
  expect(await cosStatus(operator(), "getObject", "else.json")).toBe(403);
});

test("a watched function may read its own flag, and write none", async () => {
  const key = await runRole("orders");
  await cloud.bucket(BUCKET()).put("live/watch/default/orders.json", '{"until":1}');
  expect(await cosStatus(key, "getObject", "live/watch/default/orders.json")).toBe(200);
  expect(await cosStatus(key, "getObject", "live/watch/default/payments.json")).toBe(403);
  expect(await cosStatus(key, "putObject", "live/watch/default/orders.json")).toBe(403);
  expect(await codeOf(call(cloud, "scf:GetFunction", { FunctionName: "orders" }, { key }))).toBe(
    "AuthFailure.UnauthorizedOperation",
  );
});
