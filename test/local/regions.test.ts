import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { authorization } from "../../local/cam/signature";
import { LocalCloud } from "../../local/cloud";
import { call, codeOf } from "./support/api";
import { closeClouds, failure, sdk, start } from "./support/cloud";
import { removeStack, TRUST, type Resources } from "./support/plan";

const HOME = "ap-guangzhou";
const AWAY = "ap-singapore";

/** Says where it runs. */
const CODE =
  "exports.main_handler = async (event, context) => [process.env.TENCENTCLOUD_REGION, context.tencentcloud_region];";

/** What each region holds in the plan: the same names in all, but for buckets. */
function resourcesOf(region: string, provider: string): Resources {
  const name = region.replace("-", "_");
  return {
    tencentcloud_cls_logset: { [name]: { logset_name: "logs", provider } },
    tencentcloud_cls_topic: {
      [name]: { logset_id: `\${tencentcloud_cls_logset.${name}.id}`, topic_name: `access-${region}`, provider },
    },
    tencentcloud_cos_bucket: { [name]: { bucket: `${region}-1250000000`, provider } },
    tencentcloud_scf_function: {
      [name]: {
        ...{ name: "worker", handler: "index.main_handler", runtime: "Nodejs18.15", zip_file: "assets/code.zip" },
        ...{ cls_topic_id: `\${tencentcloud_cls_topic.${name}.id}`, provider },
      },
    },
    tencentcloud_scf_trigger: {
      [name]: {
        function_name: `\${tencentcloud_scf_function.${name}.name}`,
        ...{ namespace: "default", type: "timer", trigger_name: "daily", trigger_desc: "0 0 0 * * * *", provider },
      },
    },
    terraform_data: {
      [name]: {
        input: {
          topicId: `\${tencentcloud_cls_topic.${name}.id}`,
          ...{ functionName: "worker", namespace: "default", qualifier: "$DEFAULT", wait: 3, max: 10 },
        },
        provisioner: [{ "local-exec": { command: "node ./cls-delivery.js create" } }],
        depends_on: [`tencentcloud_scf_function.${name}`],
      },
    },
  };
}

const folders: string[] = [];

/** A folder with a plan of these regions, of which the first has the provider itself and the others an alias each. */
function writeRegions(regions: readonly string[], { role = true, more = {} as Resources } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "local-stack-"));
  folders.push(folder);
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "assets/code.zip"), zipSync({ "index.js": strToU8(CODE) }));
  const provider = { tencentcloud: regions.map((region, n) => ({ region, ...(n > 0 && { alias: `r${n}` }) })) };
  const resource: Resources = role ? { tencentcloud_cam_role: { Run: { name: "run", document: TRUST } } } : {};
  const parts = regions.map((region, n) => resourcesOf(region, n > 0 ? `tencentcloud.r${n}` : "tencentcloud"));
  for (const part of [...parts, more]) {
    for (const [type, named] of Object.entries(part)) resource[type] = { ...resource[type], ...named };
  }
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ provider, resource }));
  return folder;
}

let cloud: LocalCloud | undefined;

async function deployRegions(...regions: string[]): Promise<LocalCloud> {
  cloud = await LocalCloud.deploy({ stackFolder: writeRegions(regions) });
  return cloud;
}

afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  await closeClouds();
  folders.splice(0).forEach(removeStack);
});

describe("a plan of two regions", () => {
  it("puts each resource where its provider is, with a name that another region has as well", async () => {
    const made = await deployRegions(HOME, AWAY);
    for (const region of [HOME, AWAY]) {
      expect(made.topic(`access-${region}`).region).toBe(region);
      expect(made.bucket(`${region}-1250000000`).region).toBe(region);
      expect(await call(made, "cls:DescribeLogsets", {}, { region })).toMatchObject({ TotalCount: 1 });
      expect(await call(made, "scf:GetFunction", { FunctionName: "worker" }, { region })).toMatchObject({
        ClsTopicId: made.topic(`access-${region}`).id,
        Triggers: [{ Type: "timer" }, { Type: "cls", TriggerName: made.topic(`access-${region}`).id }],
      });
    }
  });

  it("runs each function with its own region, whoever asks for it", async () => {
    const made = await deployRegions(HOME, AWAY);
    for (const region of [AWAY, HOME]) {
      const asked = { functionName: "worker", namespace: "default", region, event: {}, wait: true };
      expect((await made.invoke(asked)).ended).toMatchObject({ region, result: [region, region] });
      expect(await call(made, "scf:Invoke", { FunctionName: "worker" }, { region })).toMatchObject({
        Result: { RetMsg: JSON.stringify([region, region]) },
      });
    }
    const unsure = made.invoke({ functionName: "worker", namespace: "default", event: {}, wait: true });
    await expect(unsure).rejects.toThrow(`stands in ${HOME}, ${AWAY}, got "worker"`);
  });

  it("delivers a topic to the function of its region, and ships nothing across", async () => {
    const made = await deployRegions(HOME, AWAY);
    await made.topic(`access-${AWAY}`).put([{ time: 0, contents: { a: "1" } }]);
    await made.clock.advance(3_000);
    await made.settled();
    expect(made.invocations).toMatchObject([{ region: AWAY, source: `cls://access-${AWAY}`, result: [AWAY, AWAY] }]);
  });

  it("takes away the function of one region only", async () => {
    const made = await deployRegions(HOME, AWAY);
    const FunctionName = "worker";
    expect(await codeOf(call(made, "scf:DeleteFunction", { FunctionName }, { region: AWAY }))).toBe("");
    expect(await codeOf(call(made, "scf:GetFunction", { FunctionName }, { region: AWAY }))).toBe(
      "ResourceNotFound.Function",
    );
    expect(await codeOf(call(made, "scf:GetFunction", { FunctionName }))).toBe("");
  });

  it("is refused where a resource is used in another region than its own", async () => {
    const topic_id = `\${tencentcloud_cls_topic.${HOME.replace("-", "_")}.id}`;
    const more = { tencentcloud_cls_index: { Index: { topic_id, provider: "tencentcloud.r1" } } };
    const wrong = LocalCloud.deploy({ stackFolder: writeRegions([HOME, AWAY], { more }) });
    await expect(wrong).rejects.toThrow(/^tencentcloud_cls_index\.Index: topic must exist, got ".*" in ap-singapore$/);
  });
});

it("takes several stacks, each of a region of its own", async () => {
  const made = await deployRegions(HOME);
  await made.deployBeside({ stackFolder: writeRegions([AWAY], { role: false }) });
  expect(made.inventory()).toEqual(expect.arrayContaining([`topic access-${HOME}`, `topic access-${AWAY}`]));
  const asked = { functionName: "worker", namespace: "default", region: AWAY, event: {}, wait: true };
  expect((await made.invoke(asked)).ended).toMatchObject({ result: [AWAY, AWAY] });
});

describe("what is of another region does not exist", () => {
  const region = AWAY;

  test.each<[string, (ids: { topic: string; logset: string }) => object, string]>([
    ["cls:ModifyTopic", ({ topic }) => ({ TopicId: topic, Period: 3 }), "ResourceNotFound.TopicNotExist"],
    ["cls:DeleteTopic", ({ topic }) => ({ TopicId: topic }), "ResourceNotFound.TopicNotExist"],
    ["cls:CreateIndex", ({ topic }) => ({ TopicId: topic }), "ResourceNotFound.TopicNotExist"],
    ["cls:DescribeIndex", ({ topic }) => ({ TopicId: topic }), "ResourceNotFound.TopicNotExist"],
    ["cls:DescribePartitions", ({ topic }) => ({ TopicId: topic }), "ResourceNotFound.TopicNotExist"],
    ["cls:SplitPartition", ({ topic }) => ({ TopicId: topic, PartitionId: 1 }), "ResourceNotFound.TopicNotExist"],
    ["cls:SearchLog", ({ topic }) => ({ TopicId: topic, From: 0, To: 1 }), "ResourceNotFound.TopicNotExist"],
    ["cls:DeleteLogset", ({ logset }) => ({ LogsetId: logset }), "ResourceNotFound.LogsetNotExist"],
    ["cls:CreateTopic", ({ logset }) => ({ LogsetId: logset, TopicName: "t" }), "ResourceNotFound.LogsetNotExist"],
    [
      "cls:CreateConsumerGroup",
      ({ logset, topic }) => ({ LogsetId: logset, ConsumerGroup: "g", Timeout: 10, Topics: [topic] }),
      "ResourceNotFound.LogsetNotExist",
    ],
    ["cls:DescribeConsumerGroups", ({ logset }) => ({ LogsetId: logset }), "ResourceNotFound.LogsetNotExist"],
    [
      "cls:CreateDeliverCloudFunction",
      ({ topic }) => ({ TopicId: topic, FunctionName: "f", Namespace: "default", Qualifier: "$DEFAULT" }),
      "ResourceNotFound.TopicNotExist",
    ],
  ])("%s", async (name, given, code) => {
    const empty = await start();
    const logset = empty.cls.createLogset("logs", HOME);
    const topic = empty.cls.createTopic("access", logset, HOME).id;
    expect(await codeOf(call(empty, name, given({ topic, logset }), { region }))).toBe(code);
  });

  test("a bucket, by the region in its host", async () => {
    const empty = await start();
    const Bucket = "logs-1250000000";
    await sdk(empty).putBucket({ Bucket, Region: HOME });
    await sdk(empty).putObject({ Bucket, Region: HOME, Key: "a", Body: "x" });
    const elsewhere = failure<{ code: string }>(sdk(empty).getObject({ Bucket, Region: AWAY, Key: "a" }));
    expect((await elsewhere).code).toBe("NoSuchBucket");
  });
});

describe("a region that is none", () => {
  test.each(["cls:DescribeTopics", "scf:ListFunctions"])("is unsupported by %s", async (name) => {
    const empty = await start();
    expect(await codeOf(call(empty, name, {}, { region: "ap-nowhere" }))).toBe("UnsupportedRegion");
    expect(await codeOf(call(empty, name, {}, { region: "" }))).toBe("MissingParameter");
  });

  test("is nothing to products that have no regions", async () => {
    expect(await codeOf(call(await start(), "sts:GetCallerIdentity", {}, { region: "" }))).toBe("");
  });
});

test("a request that names no region is for that of its host", async () => {
  const empty = await start();
  empty.cls.createLogset("logs", AWAY);
  const at = (region: string): string => `cls.${region}.tencentcloudapi.com`;
  const found = await call(empty, "cls:DescribeLogsets", {}, { region: "", host: at(AWAY) });
  expect(found).toMatchObject({ TotalCount: 1 });
  expect(await call(empty, "cls:DescribeLogsets", {}, { region: "", host: at(HOME) })).toMatchObject({ TotalCount: 0 });
});

test("tags of functions of one name are each region's own", async () => {
  const made = await deployRegions(HOME, AWAY);
  const Resource = `qcs::scf:${AWAY}:uin/:namespace/default/function/worker`;
  const ReplaceTags = [{ TagKey: "team", TagValue: "a" }];
  expect(await codeOf(call(made, "tag:ModifyResourceTags", { Resource, ReplaceTags }))).toBe("");
  const tagsOf = async (region: string): Promise<unknown> =>
    (await call(made, "scf:GetFunction", { FunctionName: "worker" }, { region })).Tags;
  expect([await tagsOf(AWAY), await tagsOf(HOME)]).toEqual([[{ Key: "team", Value: "a" }], []]);
});

describe("Terraform's one domain for all buckets", () => {
  const HOST = `${AWAY}-1250000000.cos.${HOME}.tencent.invalid`;

  async function send(made: LocalCloud, method: string, headers: Record<string, string>): Promise<number> {
    const { hostname, port } = new URL(made.endpoint);
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, method, path: `http://${HOST}/`, headers }, (answer) => {
        text(answer).then(() => resolve(answer.statusCode ?? 0), reject);
      });
      sent.on("error", reject).end();
    });
  }

  /** Signed as S3 does, for a region: what the provider's alias makes buckets with. */
  function s3Signed(made: LocalCloud, method: string, region: string): Record<string, string> {
    const hmac = (key: string | Buffer, content: string): Buffer => createHmac("sha256", key).update(content).digest();
    const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
    const { secretId, secretKey } = made.cam.ownerKey;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
    const signed = { host: HOST, "x-amz-content-sha256": sha256(""), "x-amz-date": time };
    const names = Object.keys(signed).join(";");
    const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
    const canonical = [method, "/", "", lines.join(""), names, sha256("")].join("\n");
    const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
    const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...signed, authorization };
  }

  it("makes a bucket in the region that an S3 signature is for", async () => {
    const made = await start();
    expect(await send(made, "PUT", s3Signed(made, "PUT", AWAY))).toBe(200);
    expect(made.bucket(`${AWAY}-1250000000`).region).toBe(AWAY);
    expect(await send(made, "HEAD", s3Signed(made, "HEAD", AWAY))).toBe(200);
    expect(await send(made, "HEAD", s3Signed(made, "HEAD", HOME))).toBe(404);
  });

  it("finds a bucket of any region for a signature that names none", async () => {
    const made = await start();
    made.cos.createBucket(`${AWAY}-1250000000`, AWAY);
    const asked = { method: "HEAD", path: "/", query: [], headers: { host: HOST } };
    expect(await send(made, "HEAD", { host: HOST, authorization: authorization(asked, made.cam.ownerKey) })).toBe(200);
  });
});
