import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as send, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { LocalCloud } from "../../local/cloud";
import { call } from "../local/support/api";
import { closeClouds, deploy } from "../local/support/cloud";

let folder: string;
let script: string;
let cloud: LocalCloud;
let delivery: Record<string, unknown>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cls-delivery-"));
  script = join(folder, "cls-delivery.js");
  const entryPoints = [join(__dirname, "../../deploy/cls-delivery.ts")];
  buildSync({ entryPoints, outfile: script, bundle: true, platform: "node", target: "node18", format: "cjs" });
});

beforeEach(async () => {
  cloud = await deploy();
  const topicId = cloud.topic("access").id;
  const [namespace, qualifier, region] = ["default", "$LATEST", "ap-guangzhou"];
  delivery = { topicId, functionName: "batch", namespace, qualifier, region, wait: 5, max: 50, functionId: "lam-1" };
});

afterEach(closeClouds);

afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script as Terraform does: away from its folder, with nothing but what its environment holds. */
function run(command: string, given: object = delivery, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = {
    TENCENTCLOUD_SECRET_ID: cloud.cam.ownerKey.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.cam.ownerKey.secretKey,
    CLS_ENDPOINT: cloud.endpoint,
    SCF_ENDPOINT: cloud.endpoint,
    CLS_DELIVERY: JSON.stringify(given),
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, command], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** What SCF lists of the function's deliveries. */
async function deliveries(): Promise<object[]> {
  const { Triggers } = await call(cloud, "scf:ListTriggers", { FunctionName: "batch", Namespace: "default" });
  return (Triggers as { Type: string; TriggerDesc: string }[])
    .filter(({ Type }) => Type === "cls")
    .map(({ TriggerDesc }) => JSON.parse(TriggerDesc) as object);
}

test("makes a delivery, once however often it runs", async () => {
  const line = `topic ${String(delivery.topicId)} to function batch:`;
  expect(await run("create")).toEqual({ status: 0, stdout: `${line} is delivered\n`, stderr: "" });
  expect(await run("create")).toMatchObject({ status: 0, stdout: `${line} is delivered already\n` });
  expect(await deliveries()).toEqual([expect.objectContaining({ max_wait: 5, max_size: 50, qualifier: "$LATEST" })]);
});

test("replaces one of other settings, since CLS changes none", async () => {
  await run("create");
  expect(await run("create", { ...delivery, wait: "30" })).toMatchObject({ status: 0 });
  expect(await deliveries()).toEqual([expect.objectContaining({ max_wait: 30, max_size: 50 })]);
});

test("removes a delivery, and is content where there is none, or no function", async () => {
  await run("create");
  expect(await run("destroy")).toMatchObject({ status: 0, stdout: expect.stringContaining("is delivered no more") });
  expect(await deliveries()).toEqual([]);
  expect(await run("destroy")).toMatchObject({ status: 0, stdout: expect.stringContaining("is not delivered") });
  const gone = await run("destroy", { ...delivery, functionName: "gone" });
  expect(gone).toMatchObject({ status: 0, stdout: expect.stringContaining("is not delivered") });
});

test("says Tencent's code where the cloud refuses", async () => {
  const { status, stderr } = await run("create", { ...delivery, topicId: "no-such-topic" });
  expect(status).toBe(1);
  expect(stderr).toContain("cls:CreateDeliverCloudFunction failed with ResourceNotFound.TopicNotExist: ");
});

/** A front of the local cloud that refuses calls of one action with a code, so many times. */
async function refusing(action: string, code: string, times: number): Promise<Server> {
  let left = times;
  const front = createServer((request, response) => {
    if (request.headers["x-tc-action"] === action && left-- > 0) {
      request.resume();
      response.end(JSON.stringify({ Response: { Error: { Code: code, Message: "not now" }, RequestId: "r" } }));
      return;
    }
    const { method, url, headers } = request;
    const passed = send(new URL(url ?? "/", cloud.endpoint), { method, headers }, (answer) => answer.pipe(response));
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return front;
}

async function runThrough(front: Server, command: string): Promise<Ended> {
  const endpoint = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  try {
    return await run(command, delivery, { CLS_ENDPOINT: endpoint, SCF_ENDPOINT: endpoint });
  } finally {
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
  }
}

test.each([
  ["CreateDeliverCloudFunction", "FailedOperation"],
  ["CreateDeliverCloudFunction", "FailedOperation.CloudProductInvocationError"],
  ["CreateDeliverCloudFunction", "FailedOperation.TopicCreating"],
  ["ListTriggers", "FailedOperation.FunctionStatusError"],
  ["ListTriggers", "ResourceUnavailable"],
])("waits for a function and a topic that are not ready: %s fails with %s", async (action, code) => {
  const ended = await runThrough(await refusing(action, code, 2), "create");
  expect(ended).toMatchObject({ status: 0, stderr: "" });
  expect(await deliveries()).toHaveLength(1);
});

test.each(["FailedOperation.CreateTrigger", "FailedOperation.OperationConflict", "ResourceInUse"])(
  "waits before it removes a delivery: DeleteTrigger fails with %s",
  async (code) => {
    await run("create");
    const ended = await runThrough(await refusing("DeleteTrigger", code, 2), "destroy");
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("is delivered no more") });
    expect(await deliveries()).toEqual([]);
  },
);

test.each(["FailedOperation.AccountInsufficient", "ResourceUnavailable.InsufficientBalance", "InvalidParameter"])(
  "does not wait for what does not pass: %s",
  async (code) => {
    const ended = await runThrough(await refusing("CreateDeliverCloudFunction", code, 1), "create");
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining(`failed with ${code}: not now`) });
  },
);

test("says where credentials must stand, and shows none", async () => {
  const missing = await run("create", delivery, { TENCENTCLOUD_SECRET_KEY: "" });
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining("TENCENTCLOUD_SECRET_KEY must be set") });
  const wrong = await run("create", delivery, { TENCENTCLOUD_SECRET_KEY: "not-the-key" });
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining("AuthFailure.SignatureFailure") });
  expect(wrong.stderr).not.toContain("not-the-key");
});

test.each([
  ["command must be create or destroy, got move", "move", {}],
  ["CLS_DELIVERY must be a JSON object", "create", { CLS_DELIVERY: "no json" }],
  ['CLS_DELIVERY.topicId must be a non-empty text, got ""', "create", { CLS_DELIVERY: '{"topicId":""}' }],
])("says what it refuses: %s", async (message, command, environment) => {
  expect(await run(command, delivery, environment)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(message),
  });
});
