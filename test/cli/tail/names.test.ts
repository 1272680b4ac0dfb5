import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isWanted, wantedOf } from "../../../cli/tail/names";

let out: string;

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "tail-names-"));
  mkdirSync(join(out, "stacks/logs"), { recursive: true });
  const metadata = (path: string): object => ({ "//": { metadata: { path, uniqueId: "x" } } });
  const functions = {
    a: { ...metadata("logs/Orders/Function"), name: "logs-orders-1a", namespace: "shop" },
    b: { ...metadata("logs/Orders/Worker/Function"), name: "logs-worker-2b" },
    c: { ...metadata("logs/OrdersOld/Function"), name: "old" },
  };
  const plan = {
    provider: { tencentcloud: [{ region: "ap-shanghai" }] },
    resource: { tencentcloud_scf_function: functions },
  };
  writeFileSync(join(out, "stacks/logs/cdk.tf.json"), JSON.stringify(plan));
});
afterAll(() => rmSync(out, { recursive: true }));

const wanted = (names: string[], regions: string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  wantedOf({ names, regions, namespace: "default", out }, environment);

it("takes a construct's path for all functions below it, in the region of their stack", () => {
  expect(wanted(["logs/Orders"])).toEqual([
    { region: "ap-shanghai", namespace: "shop", name: "logs-orders-1a" },
    { region: "ap-shanghai", namespace: "default", name: "logs-worker-2b" },
  ]);
  expect(wanted(["logs/Orders/Worker/"], ["ap-beijing"])).toEqual([
    { region: "ap-beijing", namespace: "default", name: "logs-worker-2b" },
  ]);
});

it("takes names and prefixes in each region that is given, or in that of the environment", () => {
  expect(wanted(["orders", "pay*"], ["ap-beijing", "ap-shanghai"])).toHaveLength(4);
  expect(wanted(["pay*"], [], { TENCENTCLOUD_REGION: "ap-beijing" })).toEqual([
    { region: "ap-beijing", namespace: "default", prefix: "pay" },
  ]);
});

it.each([
  ["a path of no construct, with one that is near", ["logs/Order"], "got logs/Order; did you mean logs/Orders?"],
  ["a name that is none", ["or ders"], 'got "or ders"'],
  ["no region", ["orders"], "--region must be a region, such as ap-guangzhou, got nothing"],
])("refuses %s", (_, names, sentence) => {
  expect(() => wanted(names, sentence.includes("--region") ? [] : ["ap-beijing"])).toThrow(sentence);
});

it("refuses a folder that nothing was synthesized into", () => {
  const nowhere = { names: ["a/b"], regions: [], namespace: "default", out: join(out, "stacks") };
  expect(() => wantedOf(nowhere, {})).toThrow("--out must be a folder that cdktf synth wrote");
});

it("refuses a plan that is none, and a region of the environment that is none", () => {
  const broken = mkdtempSync(join(tmpdir(), "tail-names-"));
  mkdirSync(join(broken, "stacks/logs"), { recursive: true });
  const asked = { names: ["logs/Orders"], regions: [], namespace: "default", out: broken };
  for (const text of ["{bad", "null", "[]"]) {
    writeFileSync(join(broken, "stacks/logs/cdk.tf.json"), text);
    expect(() => wantedOf(asked, {})).toThrow(
      /--out must be a folder that cdktf synth wrote, got .*; synthesize again/,
    );
  }
  rmSync(broken, { recursive: true });
  expect(() => wanted(["orders"], [], { TENCENTCLOUD_REGION: "evil.example/x?" })).toThrow(
    'TENCENTCLOUD_REGION must be a region, such as ap-guangzhou, got "evil.example/x?"',
  );
});

it("knows a function that is asked for before anybody has found it", () => {
  const asked = wanted(["orders", "pay*"], ["ap-beijing"]);
  const of = (name: string, more = {}) => ({ region: "ap-beijing", namespace: "default", function: name, ...more });
  expect(["orders", "pay", "payments"].map((name) => isWanted(asked, of(name)))).toEqual([true, true, true]);
  expect(["orders-2", "Pay", "order"].map((name) => isWanted(asked, of(name)))).toEqual([false, false, false]);
  expect(isWanted(asked, of("orders", { region: "ap-shanghai" }))).toBe(false);
  expect(isWanted(asked, of("orders", { namespace: "shop" }))).toBe(false);
});
