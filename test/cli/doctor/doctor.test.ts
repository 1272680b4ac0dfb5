import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalCloud } from "../../../local/cloud";
import { closeClouds, start } from "../../local/support/cloud";
import { BUCKET, REGION, removeStack, writeStack } from "../../local/support/plan";
import { textOf } from "../../docs/markdown";
import { synthesize } from "../../examples/support/synthesize";
import { clocked, environmentOf, findingsIn, ran, type Ran, type ToldFinding } from "./support/doctor";

jest.setTimeout(30_000);

let folder: string;
let cloud: LocalCloud;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
});
afterEach(async () => {
  await closeClouds();
  rmSync(folder, { recursive: true, force: true });
});

/** A topic that is shipped, and delivered, and a function with a trigger, as `cdktf synth` would leave their plan. */
const DELIVERY = {
  terraform_data: {
    Delivery: {
      input: {
        functionName: "${tencentcloud_scf_function.Function.name}",
        topicId: "${tencentcloud_cls_topic.Topic.id}",
        region: REGION,
      },
    },
  },
};

/** Deploys a stack named logs, whose plan is in the folder, and where topic and function are one delivery. */
async function deploy(options = clocked()): Promise<void> {
  cloud = await start(options);
  const written = writeStack({ resources: DELIVERY });
  await cloud.deployBeside({ stackFolder: written });
  mkdirSync(join(folder, "stacks"), { recursive: true });
  symlinkSync(written, join(folder, "stacks/logs"));
  cleanUp = () => removeStack(written);
  const [topic] = cloud.cls.allTopics();
  if (cloud.deliveries.all().length > 0) return;
  cloud.deliveries.create(topic.id, {
    ...{ functionName: "batch", namespace: "default", qualifier: "$LATEST" },
    ...{ waitSeconds: 3, maxMessages: 100 },
  });
}

let cleanUp = (): void => undefined;
afterEach(() => cleanUp());

/** A program of that name that tells a version, and nothing else is on the PATH. */
function path(programs: Readonly<Record<string, string>>): Record<string, string> {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, version] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '{"terraform_version":"${version}"}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: bin, TF_CLI_CONFIG_FILE: "" };
}

function doctor(args: readonly string[] = [], more: Record<string, string> = {}): Promise<Ran> {
  const machine = more.PATH === undefined ? path({ terraform: "1.9.8" }) : { TF_CLI_CONFIG_FILE: "" };
  const environment = { ...environmentOf(cloud), ...machine, ...more };
  return ran(["doctor", "--out", folder, ...args], environment);
}

/** What is not well. */
async function complaints(more: Record<string, string> = {}): Promise<ToldFinding[]> {
  const told = await doctor(["--json"], more);
  const found = findingsIn(told).filter(({ verdict }) => verdict !== "ok");
  expect(told.status).toBe(found.length > 0 ? 1 : 0);
  return found;
}

describe("tencent-logs doctor", () => {
  it("finds a stack that runs well in all that it looks at", async () => {
    await deploy();
    const { stdout, stderr, status } = await doctor();
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout.match(/^ {2}\S+/gm)?.filter((word) => word !== "  ok")).toEqual([]);
    expect(stdout).toContain("stack logs\n");
    const checks = findingsIn(await doctor(["--json"])).map(({ check }) => check);
    expect([...new Set(checks)].sort()).toEqual(
      [
        ...["node", "framework", "cdktf-cli", "terraform", "keys", "clock", "cls", "account-role", "quota"],
        ...["topic", "shipper", "function", "function-role", "trigger", "delivery"],
      ].sort(),
    );
  });

  it("tells of a delivery that CLS paused", async () => {
    await deploy();
    cloud.deliveries.all()[0].paused = true;
    expect(await complaints()).toMatchObject([
      {
        check: "delivery",
        verdict: "wrong",
        what: "delivery of topic access to batch",
        seen: expect.stringContaining("CLS has paused it"),
        remedy: expect.stringContaining(`${folder}/stacks/logs apply -replace=terraform_data.Delivery;`),
      },
    ]);
  });

  it("tells of a role that is missing, and of one without its policy", async () => {
    await deploy();
    cloud.cam.deleteRole("CLS_QcsRole");
    cloud.cam.detachPolicy("SCF_QcsRole", "QcloudAccessForScfRole");
    expect(await complaints()).toMatchObject([
      { check: "account-role", what: "role CLS_QcsRole", seen: expect.stringMatching(/^does not exist/) },
      { check: "account-role", what: "role SCF_QcsRole", seen: expect.stringMatching(/^has no policy, not Qcloud/) },
    ]);
  });

  it.each([
    [20, "20 minutes behind"],
    [-20, "20 minutes ahead of"],
  ])("tells of a clock that is wrong: %i minutes", async (minutes, seen) => {
    await deploy(clocked(minutes * 60_000));
    expect(await complaints()).toMatchObject([
      { check: "keys", verdict: "unknown", seen: expect.stringContaining("AuthFailure.SignatureExpire") },
      { check: "clock", verdict: "wrong", seen: expect.stringContaining(seen), remedy: expect.stringContaining("NTP") },
      { check: "stack", verdict: "unknown", what: "stack logs" },
    ]);
  });

  it("tells of a clock that is wrong, while signatures pass yet", async () => {
    await deploy(clocked(180_000));
    expect(await complaints()).toMatchObject([{ check: "clock", seen: expect.stringMatching(/^3 minutes behind/) }]);
  });

  it("tells of a shipper that is stopped, and of one that cannot write", async () => {
    await deploy();
    const [shipper] = cloud.cls.allShippers();
    shipper.enabled = false;
    expect(await complaints()).toMatchObject([{ check: "shipper", seen: expect.stringMatching(/^is stopped/) }]);
    shipper.enabled = true;
    const role = cloud.cam.role("CLS_QcsRole");
    cloud.cam.deleteRole("CLS_QcsRole");
    await cloud.topic("access").put([{ time: cloud.clock.now(), contents: { a: "1" } }]);
    await cloud.clock.advance(300_000);
    cloud.cam.signatureTimes = () => [Date.now()];
    const [clock, missing, shipped] = await complaints();
    expect([clock.check, missing.what]).toEqual(["clock", `role ${role.name}`]);
    expect(shipped).toMatchObject({ check: "shipper", verdict: "wrong" });
    expect(shipped.seen).toMatch(/^CLS cannot write to logs-1250000000: 1 of 1 files .*RoleNotExist/);
  });

  it("tells of what was changed or removed beside the plan", async () => {
    await deploy();
    const [topic] = cloud.cls.allTopics();
    topic.settings = { ...topic.settings, periodDays: 30 };
    const [target] = cloud.scf.allFunctions();
    target.state = { status: "UpdateFailed", reason: "the code is too large" };
    cloud.scf.bindings.forget(target);
    cloud.deliveries.forgetFunction(target);
    cloud.cam.deleteRole("run");
    const found = await complaints();
    expect(found.map(({ check, seen }) => [check, seen.split(/[,:]/)[0]])).toEqual([
      ["topic", "retains logs for 30 days"],
      ["function", "is UpdateFailed"],
      ["function-role", "does not exist"],
      ["trigger", "does not exist on batch"],
      ["delivery", "does not exist"],
    ]);
  });

  it("tells of a stack that is not deployed", async () => {
    await deploy();
    const found = await complaints(environmentOf(await start(clocked())));
    expect(
      found.filter(({ verdict, seen }) => verdict === "wrong" && /does not exist/.test(seen)).length,
    ).toBeGreaterThan(2);
    expect(found.every(({ remedy }) => (remedy ?? "").length > 10)).toBe(true);
  });

  it("tells that CLS is not switched on", async () => {
    cloud = await start(clocked());
    cloud.cls.isOpen = false;
    expect(await complaints()).toMatchObject([
      { check: "cls", seen: "not activated (Status 1)" },
      { check: "quota", what: "topics", verdict: "unknown" },
    ]);
  });

  it("tells of a quota that is nearly used", async () => {
    await deploy();
    cloud.scf.limits = { ...cloud.scf.limits, functions: 1 };
    expect(await complaints()).toMatchObject([
      { check: "quota", what: "functions of namespace default", seen: "1 of 1" },
    ]);
  });

  it("does not take what it must not ask for a success, and names the action that the key lacks", async () => {
    await deploy();
    const { cam } = cloud;
    const trust = cam.role("SCF_QcsRole").document;
    const limited = cam.createRole("limited", trust);
    const statement = [
      { effect: "allow", action: ["sts:*", "cam:*", "scf:GetAccount", "cls:GetClsService"], resource: ["*"] },
    ];
    cam.attachPolicy(limited.id, cam.createPolicy("little", JSON.stringify({ version: "2.0", statement })));
    const found = await complaints(environmentOf(cloud, cam.assumeRole(limited)));
    expect(found.every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(new Set(found.map(({ lacks }) => lacks))).toEqual(
      new Set(["cls:DescribeTopics", "scf:GetFunction", "scf:ListTriggers"]),
    );
  });

  it("tells of keys that are missing, or wrong", async () => {
    await deploy();
    expect(await complaints({ TENCENTCLOUD_SECRET_KEY: "" })).toMatchObject([
      { check: "keys", seen: "TENCENTCLOUD_SECRET_KEY not set" },
      { check: "stack", verdict: "unknown" },
    ]);
    const found = await complaints({ TENCENTCLOUD_SECRET_KEY: "wrong" });
    expect(found[0]).toMatchObject({ check: "keys", seen: expect.stringContaining("AuthFailure.SignatureFailure") });
    expect(JSON.stringify(found)).not.toContain(cloud.cam.ownerKey.secretId);
  });

  it.each([
    ["an old one", { terraform: "1.3.9" }, {}, "1.3.9, must be 1.4 or newer"],
    ["none", {}, {}, "no program terraform answers"],
    ["another by its side", { tofu: "1.8.1" }, {}, "no program terraform answers; tofu 1.8.1 does"],
  ])("looks for Terraform: %s", async (_, programs, more, seen) => {
    cloud = await start(clocked());
    const { PATH } = path(programs);
    expect(await complaints({ PATH, ...more })).toMatchObject([{ check: "terraform", seen }]);
  });

  it("takes the program that TERRAFORM_BINARY_NAME names, and tells of a configuration that is not there", async () => {
    cloud = await start(clocked());
    const { PATH } = path({ tofu: "1.8.1" });
    const missing = join(folder, "none.tfrc");
    const more = { PATH, TERRAFORM_BINARY_NAME: "tofu", TF_CLI_CONFIG_FILE: missing };
    expect(await complaints(more)).toMatchObject([
      { check: "terraform-config", seen: `${missing}, which does not exist` },
    ]);
  });

  it("refuses a stack that was not synthesized, and flags that do not fit, in one line", async () => {
    await deploy();
    const told = async (...args: string[]) => {
      const { stdout, stderr, status } = await doctor(args);
      return [stdout, stderr.split(", got ")[0], status];
    };
    expect(await told("log")).toEqual(["", `STACK must be a stack that was synthesized into ${folder}`, 2]);
    expect(await told("logs", "--yes", "pull-lag")).toEqual(["", "--account must be given with --yes", 2]);
    expect(await told("--region", "gz")).toEqual(["", "--region must be a region, such as ap-guangzhou", 2]);
    expect((await doctor(["lgos"])).stderr).toContain("did you mean logs?");
  });
});

it("prints what docs/doctor.md shows", async () => {
  await synthesize("cls-stream-to-cos", folder);
  cloud = await start(clocked());
  const stop = cloud.clock.follow();
  await cloud.deployBeside({ stackFolder: join(folder, "cdktf.out/stacks/logs") });
  cloud.cam.deleteRole("CLS_QcsRole");
  cloud.deliveries.all()[0].paused = true;
  const { stdout } = await doctor(["--out", join(folder, "cdktf.out")]);
  stop();
  const page = textOf("docs/doctor.md");
  const [, shown = ""] = /```text\n(.*?)```/s.exec(page) ?? [];
  const comparable = (text: string) =>
    text
      .replaceAll(`${folder}/`, "")
      .replace(/\d+\.\d+\.\d+(?= )|(?<=-cli: ).*|AKID\.\.\.\w+/g, "...")
      .replace(/\d+\.\d+\.\d+/g, "...");
  expect(comparable(stdout)).toBe(comparable(shown));
  const told = findingsIn(await doctor(["--json"])).map(({ check }) => check);
  expect(told.filter((check) => !page.includes(`| \`${check}\``))).toEqual([]);
});

it("keeps what comes while a shipper and a delivery are off from both", async () => {
  await deploy();
  const [shipper] = cloud.cls.allShippers();
  shipper.enabled = false;
  cloud.deliveries.all()[0].paused = true;
  await cloud.topic("access").put([{ time: 0, contents: { a: "1" } }]);
  await cloud.clock.advance(600_000);
  await cloud.settled();
  expect([cloud.shipTasks, cloud.invocations, cloud.bucket(BUCKET).keys()]).toEqual([[], [], []]);
});
