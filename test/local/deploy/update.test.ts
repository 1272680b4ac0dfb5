import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { LocalCloud } from "../../../local/cloud";
import { PlanError } from "../../../local/plan/stack";
import { type Block, BUCKET, REGION, type Resources, writePlan, writeStack } from "../support/plan";

let folder: string;
let cloud: LocalCloud;
beforeEach(async () => {
  folder = writeStack();
  cloud = await LocalCloud.deploy({ stackFolder: folder });
});
afterEach(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

/** Deploys the stack again with some arguments that differ; with undefined, without the resource. */
async function update(changes: Record<string, Record<string, Block | undefined>>) {
  const resources = structuredClone(JSON.parse(planText()) as { resource: Resources }).resource;
  for (const [type, named] of Object.entries(changes)) {
    for (const [name, block] of Object.entries(named)) {
      if (block === undefined) delete resources[type][name];
      else resources[type] = { ...resources[type], [name]: { ...resources[type]?.[name], ...block } };
    }
  }
  writePlan(folder, resources);
  const done = await cloud.deployBeside({ stackFolder: folder });
  return done.map(({ action, address }) => `${action} ${address}`);
}

function planText(): string {
  return readFileSync(join(folder, "cdk.tf.json"), "utf8");
}

function writeCode(source: string): void {
  writeFileSync(join(folder, "assets/code.zip"), zipSync({ "index.js": strToU8(source) }));
}

describe("another plan of a stack that is deployed", () => {
  it("changes nothing where nothing differs", async () => {
    expect(await update({})).toEqual([]);
  });

  it("keeps what it leaves alone, with records and objects", async () => {
    const topic = cloud.topic("access");
    await topic.put([{ time: 1, contents: { a: "1" } }]);
    await cloud.bucket(BUCKET).put("cls/a.gz", "x");
    await cloud.settled();
    expect(await update({ tencentcloud_cls_topic: { Topic: { period: 30 } } })).toEqual([
      "changed tencentcloud_cls_topic.Topic",
    ]);
    expect(cloud.topic("access")).toBe(topic);
    expect(topic.received).toBe(1);
    expect(cloud.bucket(BUCKET).keys()).toEqual(["cls/a.gz"]);
  });

  it("runs other code where the file of a function holds something else, under the same path", async () => {
    writeCode("exports.main_handler = async () => 'two';");
    expect(await update({})).toEqual(["changed tencentcloud_scf_function.Function"]);
    const { ended } = await cloud.invoke({ functionName: "batch", namespace: "default", event: {}, wait: true });
    expect(ended?.result).toBe("two");
  });

  it("changes a shipper, a role and a policy in place", async () => {
    const before = cloud.cls.allShippers()[0].id;
    const done = await update({
      tencentcloud_cls_cos_shipper: { Shipper: { interval: 600 } },
      tencentcloud_cam_policy: { Policy: { document: JSON.stringify({ version: "2.0", statement: [] }) } },
    });
    expect(done.sort()).toEqual([
      "changed tencentcloud_cam_policy.Policy",
      "changed tencentcloud_cls_cos_shipper.Shipper",
    ]);
    expect(cloud.cls.allShippers().map(({ id, spec }) => [id, spec.intervalSeconds])).toEqual([[before, 600]]);
  });

  it("makes anew what cannot be changed, and what hangs on it", async () => {
    const before = cloud.topic("access").id;
    const done = await update({ tencentcloud_cls_topic: { Topic: { partition_count: 3 } } });
    expect(done.sort()).toEqual([
      // It names the topic in a variable.
      "changed tencentcloud_scf_function.Function",
      "replaced tencentcloud_cls_cos_shipper.Shipper",
      "replaced tencentcloud_cls_index.Index",
      "replaced tencentcloud_cls_topic.Topic",
    ]);
    expect(cloud.topic("access").id).not.toBe(before);
    expect(cloud.cls.allShippers()).toHaveLength(1);
  });

  it("renames a function: what hangs on it is made anew, and the old one is gone", async () => {
    await update({ tencentcloud_scf_function: { Function: { name: "other" } } });
    expect(cloud.functions.map(({ spec }) => spec.name)).toEqual(["other"]);
    await cloud.bucket(BUCKET).put("cls/b.gz", "x");
    await cloud.settled();
    expect(cloud.invocations.map(({ functionName }) => functionName)).toEqual(["other"]);
  });

  it("removes what is gone, what depends on others first, and all of a stack at once", async () => {
    const done = await update({
      tencentcloud_cls_cos_shipper: { Shipper: undefined },
      tencentcloud_cls_index: { Index: undefined },
    });
    expect(done.map((text) => text.split(" ")[0])).toEqual(["removed", "removed"]);
    expect(cloud.cls.allShippers()).toEqual([]);
    await cloud.bucket(BUCKET).put("cls/c.gz", "x");
    await cloud.settled();
    await cloud.removeStack(cloud.stackNames[0]);
    expect(cloud.inventory()).toEqual([]);
  });

  it("keeps what was done until the cloud refused, and goes on from there", async () => {
    const wrong = { tencentcloud_scf_function: { Function: { runtime: "Cobol" } } };
    await expect(update({ ...wrong, tencentcloud_cls_topic: { Topic: { period: 3 } } })).rejects.toThrow(PlanError);
    expect(await update({ tencentcloud_scf_function: { Function: { runtime: "Nodejs18.15" } } })).toEqual([]);
  });
});

describe("stacks that refer to each other", () => {
  it("read outputs, as CDKTF renders them", async () => {
    const other = mkdtempSync(join(tmpdir(), "local-stack-"));
    mkdirSync(join(other, "base"));
    mkdirSync(join(other, "user"));
    const provider = { tencentcloud: [{ region: REGION }] };
    const base = {
      provider,
      resource: { tencentcloud_cls_logset: { Set: { logset_name: "shared" } } },
      output: { "cross-stack-output-set-id": { sensitive: true, value: "${tencentcloud_cls_logset.Set.id}" } },
    };
    const user = {
      provider,
      data: {
        terraform_remote_state: {
          "cross-stack-reference-input-base": {
            backend: "local",
            config: { path: "${path.module}/terraform.base.tfstate" },
            workspace: "${terraform.workspace}",
          },
        },
      },
      resource: {
        tencentcloud_cls_topic: {
          Topic: {
            topic_name: "theirs",
            logset_id:
              "${data.terraform_remote_state.cross-stack-reference-input-base.outputs.cross-stack-output-set-id}",
          },
        },
      },
    };
    writeFileSync(join(other, "base/cdk.tf.json"), JSON.stringify(base));
    writeFileSync(join(other, "user/cdk.tf.json"), JSON.stringify(user));
    await expect(cloud.deployBeside({ stackFolder: join(other, "user") })).rejects.toThrow(
      "cross-stack-reference-input-base: the stack base must be deployed before one that refers to it",
    );
    await cloud.deployBeside({ stackFolder: join(other, "base") });
    await cloud.deployBeside({ stackFolder: join(other, "user") });
    const [logset] = cloud.cls.allLogsets().filter(({ name }) => name === "shared");
    expect(cloud.topic("theirs").logsetId).toBe(logset.id);
    rmSync(other, { recursive: true });
  });
});
