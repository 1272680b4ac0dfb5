import fs, { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { LocalCloud } from "../../../local/cloud";
import { closeClouds, deploy } from "../support/cloud";
import { BUCKET, removeStack, triggerDescription, writeStack, type StackOptions } from "../support/plan";

afterEach(closeClouds);

describe("what a plan makes", () => {
  test("topics and buckets, found by their names", async () => {
    const cloud = await deploy();
    expect(cloud.topic("access")).toMatchObject({ name: "access", region: "ap-guangzhou" });
    expect(cloud.bucket(BUCKET)).toMatchObject({ name: BUCKET, region: "ap-guangzhou" });
    expect(() => cloud.topic("gone")).toThrow('topic must exist, got "gone"');
    expect(() => cloud.bucket("gone")).toThrow('bucket must exist, got "gone"');
  });

  test("an account of the APPID that its bucket names hold", async () => {
    const resources = { tencentcloud_cos_bucket: { Bucket: { bucket: "own-1300000001" } } };
    const cloud = await deploy({ resources, trigger: { enable: "CLOSE" } });
    expect(cloud.account.appId).toBe("1300000001");
  });

  test("nothing of what no log passes through, which is listed", async () => {
    const resources = { tencentcloud_cls_alarm: { Alarm: { name: "x" } }, terraform_data: { Hash: { input: "v" } } };
    const cloud = await deploy({ resources });
    expect(cloud.ignored).toEqual(["tencentcloud_cls_alarm.Alarm"]);
  });

  test("and nothing is left of it after close", async () => {
    const made = jest.spyOn(fs, "mkdtempSync");
    const cloud = await deploy();
    const folder = made.mock.results.map(({ value }) => String(value)).find((name) => name.includes("local-cloud-"));
    await cloud.bucket(BUCKET).put("cls/a.gz", "x");
    await cloud.settled();
    expect(existsSync(String(folder))).toBe(true);
    await cloud.close();
    expect(existsSync(String(folder))).toBe(false);
    await expect(fetch(cloud.endpoint)).rejects.toThrow();
  });

  test("with a work folder, objects lie on disk", async () => {
    const workFolder = join(tmpdir(), `work-${process.pid}`);
    const cloud = await deploy({}, { workFolder });
    await cloud.bucket(BUCKET).put("x", "y");
    expect(existsSync(join(workFolder, "cos/1.object"))).toBe(true);
    await cloud.close();
    removeStack(workFolder);
  });
});

describe("what the cloud refuses, with the resource's address", () => {
  const TRIGGER = {
    function_name: "${tencentcloud_scf_function.Function.name}",
    namespace: "default",
    trigger_name: `${BUCKET}.cos.ap-guangzhou.myqcloud.com`,
    type: "cos",
    enable: "OPEN",
    qualifier: "$DEFAULT",
  };

  test.each<[string, StackOptions, string]>([
    [
      "types that it does not run, all of them",
      { resources: { tencentcloud_vpc: { A: {} }, aws_s3_bucket: { B: {} } } },
      "resources must be of types that the local cloud runs, got tencentcloud_vpc.A, aws_s3_bucket.B",
    ],
    [
      "a role that does not exist",
      { scf: { role: "gone" } },
      'tencentcloud_scf_function.Function: role must exist, got "gone"',
    ],
    [
      "a role that does not trust SCF",
      { trust: JSON.stringify({ version: "2.0", statement: [] }) },
      'tencentcloud_scf_function.Function: role "run" must trust scf.qcloud.com; name it in its document',
    ],
    [
      "triggers of one bucket that overlap",
      {
        resources: {
          tencentcloud_scf_trigger: {
            One: { ...TRIGGER, trigger_desc: triggerDescription("cls/", ".gz") },
            Two: { ...TRIGGER, trigger_desc: triggerDescription("cls/a/", ".gz") },
          },
        },
      },
      "tencentcloud_scf_trigger.Two: triggers of one bucket must not overlap, got",
    ],
    [
      "a bucket of another region",
      { trigger: { trigger_name: `${BUCKET}.cos.ap-shanghai.myqcloud.com` } },
      "bucket and function must be in one region, got ap-shanghai and ap-guangzhou",
    ],
    [
      "a trigger of another type",
      { trigger: { type: "ckafka" } },
      "type must be cos, timer or http, which the local cloud runs",
    ],
    [
      "a trigger of a function that does not exist",
      { trigger: { function_name: "gone" } },
      'function must exist in namespace default, got "gone"',
    ],
    [
      "another runtime",
      { scf: { runtime: "Php8.0" } },
      "runtime must be a Node.js or a Python 3, which the local cloud runs",
    ],
    ["memory in odd steps", { scf: { mem_size: 200 } }, "mem_size must be 128 to 3072 in steps of 128, got 200"],
    ["a timeout over the limit", { scf: { timeout: 901 } }, "timeout must be 1 to 900, got 901"],
    [
      "reserved variables",
      { scf: { environment: { SCF_X: "1" } } },
      "environment must not use SCF_, QCLOUD_ or TENCENTCLOUD_, got SCF_X",
    ],
    [
      "variables over 4 KB",
      { scf: { environment: { X: "x".repeat(4096) } } },
      "environment must be at most 4096 bytes, got 4097",
    ],
    ["a log topic that does not exist", { scf: { cls_topic_id: "gone" } }, 'cls_topic_id must exist, got "gone"'],
    [
      "compression that it does not ship",
      { shipper: { compress: { format: "lzop" } } },
      "compress.format must be gzip, snappy or none",
    ],
    ["a format that it does not ship", { shipper: { content: { format: "csv" } } }, "content.format must be json"],
    ["a time zone", { shipper: { time_zone: "Mars" } }, "time_zone must be GMT±hh:mm"],
    [
      "a bucket of another account",
      { resources: { tencentcloud_cos_bucket: { Bucket: { bucket: BUCKET }, Other: { bucket: "x-1300000001" } } } },
      "bucket must end with the account's APPID 1250000000",
    ],
    [
      "a bucket name",
      { resources: { tencentcloud_cos_bucket: { Bucket: { bucket: BUCKET }, Other: { bucket: "X_1-1250000000" } } } },
      "tencentcloud_cos_bucket.Other: bucket must be name-APPID in 60 characters",
    ],
    [
      "an account role that exists already",
      {
        resources: {
          tencentcloud_cam_role: { Role: { name: "CLS_QcsRole", document: '{"version":"2.0","statement":[]}' } },
        },
      },
      'tencentcloud_cam_role.Role: role name must be free, got "CLS_QcsRole", which exists',
    ],
    [
      "a policy",
      { statements: [{ effect: "allow", action: ["*"], resource: "*" }] },
      "policy read: document resource must be a list",
    ],
  ])("%s", async (_what, stack, message) => {
    await expect(deploy(stack)).rejects.toThrow(message);
  });

  test("a package whose entries leave it", async () => {
    const folder = writeStack();
    writeFileSync(join(folder, "assets/code.zip"), zipSync({ "../evil.js": strToU8("") }));
    await expect(LocalCloud.deploy({ stackFolder: folder })).rejects.toThrow(
      'must stay inside the package, got "../evil.js"',
    );
    removeStack(folder);
  });
});

test("account roles can be part of the plan, where the account has none", async () => {
  const trust = (service: string): string =>
    JSON.stringify({
      version: "2.0",
      statement: [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: [service] } }],
    });
  const resources = {
    tencentcloud_cam_role: {
      Role: { name: "run", document: trust("scf.qcloud.com") },
      Cls: { name: "CLS_QcsRole", document: trust("cls.cloud.tencent.com") },
    },
    tencentcloud_cam_role_policy_attachment_by_name: {
      Cls: { role_name: "${tencentcloud_cam_role.Cls.name}", policy_name: "QcloudCOSAccessForCLSRole" },
    },
  };
  const cloud = await deploy({ resources }, { accountRoles: false });
  await cloud.topic("access").put([{ time: 0, contents: { a: "1" } }]);
  await cloud.clock.advance(300_000);
  expect(cloud.shipTasks).toMatchObject([{ status: "success" }]);
});
