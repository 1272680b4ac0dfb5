import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ClsOutput, ClsStreamPipeline, CosBatchPipeline, CosOutput, LogBucket, LogRules, LogTopic } from "../../lib";
import { Testing } from "../../lib/framework";
import type { Principal } from "../../local/cam/cam";
import { allows, parsePolicy } from "../../local/cam/policy";
import { LocalCloud } from "../../local/cloud";
import { feedStream } from "../../cli/local/feed-stream";
import { testStack } from "../lib/support/stack";
import { call } from "../local/support/api";

jest.setTimeout(60_000);

const APP_ID = "1250000000";
const BUCKET = `shared-${APP_ID}`;

/** A request that a role made, as CAM was asked about it. */
interface Asked {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

/** A right that a role has: one action on one resource. */
interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** Both pipelines, each with the outputs that need rights, in one bucket. */
function pipelines() {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Bucket", { bucketName: "shared", appId: APP_ID });
  const target = new LogTopic(stack, "Target", { topicName: "target" });
  const outputs = (prefix: string) => ({
    records: new CosOutput(bucket, { prefix }),
    invalid: new ClsOutput(target),
  });
  new CosBatchPipeline(stack, "Batch", {
    topic: new LogTopic(stack, "BatchTopic"),
    bucket,
    shipping: { prefix: "cls/" },
    quarantinePrefix: "notes/batch/",
    functionName: "batch",
    outputs: outputs("out/batch/"),
  });
  new ClsStreamPipeline(stack, "Stream", {
    topic: new LogTopic(stack, "StreamTopic"),
    bucket,
    quarantinePrefix: "notes/stream/",
    functionName: "stream",
    outputs: { records: new CosOutput(bucket, { prefix: "out/stream/" }), topic: new ClsOutput(target) },
    defaultOutput: "records",
    rules: LogRules.fromText('e_coutput("topic")'),
  });
  return stack;
}

describe("what a pipeline's role may do", () => {
  let folder: string;
  let cloud: LocalCloud;
  const asked: Asked[] = [];

  beforeAll(async () => {
    folder = Testing.fullSynth(pipelines());
    cloud = await LocalCloud.deploy({ stackFolder: join(folder, "stacks/logs") });
    const isAllowed = cloud.cam.isAllowed.bind(cloud.cam);
    cloud.cam.isAllowed = (principal: Principal, action: string, resource: string) => {
      const allowed = isAllowed(principal, action, resource);
      if (principal.kind === "role") asked.push({ role: principal.role.name, action, resource, allowed });
      return allowed;
    };
    await live();
  });
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  /** All that can become of an input: read, unreadable, sent on, refused by an output, replayed. */
  async function live(): Promise<void> {
    const refuseOutputs = (yes: boolean) =>
      (cloud.cos.faults = ({ method, key }) =>
        yes && method === "PUT" && key.startsWith("out/") ? { status: 403, code: "AccessDenied" } : undefined);
    const put = async (key: string, content: Uint8Array | string) => {
      await cloud.bucket(BUCKET).put(key, content);
      await cloud.settled();
    };
    const stream = async (lines: string[]) => {
      const [delivery] = cloud.deliveries.all();
      await feedStream(cloud, delivery, lines, () => undefined);
      await cloud.settled();
    };

    await put("cls/good.gz", gzipSync('{"a":1}\nno record\n'));
    await put("cls/bad.gz", "<html>no gzip</html>".padEnd(64, "\u0001"));
    await put("cls/bad.gz", gzipSync('{"a":1}\n'));
    await stream(['{"a":1}', '{"b":2}']);
    refuseOutputs(true);
    await put("cls/late.gz", gzipSync('{"a":1}\n'));
    await stream(['{"late":1}']);
    refuseOutputs(false);
    for (const functionName of ["batch", "stream"]) {
      const notes = cloud
        .bucket(BUCKET)
        .keys(`notes/${functionName}/outputs/`)
        .filter((key) => key.endsWith(".json"));
      expect(notes).toHaveLength(1);
      const event = { FunctionName: functionName, ClientContext: JSON.stringify({ redeliver: notes[0] }) };
      expect(await call(cloud, "scf:Invoke", event)).toMatchObject({ Result: { InvokeResult: 0 } });
    }
  }

  /** The rights of the functions' roles, one by one. */
  function rights(): Right[] {
    return cloud.cam
      .allRoles()
      .filter(({ name }) => !name.endsWith("_QcsRole"))
      .flatMap(({ name, policyIds }) =>
        [...policyIds].flatMap((id) => cloud.cam.policies.get(id).document).map((statement) => ({ name, statement })),
      )
      .flatMap(({ name: role, statement: { actions, resources } }) =>
        actions.flatMap((action) => resources.map((resource) => ({ role, action, resource }))),
      );
  }

  it("is all that its function asks for", () => {
    expect(asked.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(asked.length).toBeGreaterThan(15);
  });

  it("is not more than its function ever asks for", () => {
    const unused = rights().filter(({ action, resource, role }) => {
      const statement = { effect: "allow", action: [action], resource: [resource] };
      const document = parsePolicy(JSON.stringify({ version: "2.0", statement: [statement] }), role);
      return !asked.some((one) => one.role === role && allows([document], one.action, one.resource));
    });
    expect(unused).toEqual([]);
    console.log(`${rights().length} rights, ${asked.length} requests`);
  });
});
