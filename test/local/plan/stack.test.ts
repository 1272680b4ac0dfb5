import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findStackFolder, readStack } from "../../../local/plan/stack";
import { writePlan } from "../support/plan";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plan-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("readStack", () => {
  test("reads data sources and resources without Terraform's own arguments", () => {
    writePlan(folder, {
      t: { a: { "//": {}, name: "x", depends_on: ["t.b"], lifecycle: { prevent_destroy: true } }, b: {} },
    });
    const { resources } = readStack(folder);
    expect(resources.map((resource) => resource.address)).toEqual([
      "data.tencentcloud_user_info.Account",
      "t.a",
      "t.b",
    ]);
    expect(resources[1]).toMatchObject({ arguments: { name: "x" }, dependsOn: ["t.b"], region: "ap-guangzhou" });
  });

  test("finds the region of a resource's own provider", () => {
    const provider = { tencentcloud: [{ region: "ap-guangzhou" }, { alias: "sh", region: "ap-shanghai" }] };
    const resource = { t: { a: { provider: "tencentcloud.sh" }, b: {} } };
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ provider, resource }));
    expect(readStack(folder).resources.map(({ region }) => region)).toEqual(["ap-shanghai", "ap-guangzhou"]);
  });

  test.each(["count", "for_each", "provisioner"])("refuses %s", (argument) => {
    writePlan(folder, { t: { a: { [argument]: "x" } } });
    expect(() => readStack(folder)).toThrow(`t.a must not use ${argument}`);
  });

  test("says what is missing", () => {
    expect(() => readStack(folder)).toThrow(/must hold cdk.tf.json, got no .*; synthesize first/);
  });
});

describe("findStackFolder", () => {
  test("finds the only stack", () => {
    mkdirSync(join(folder, "stacks/logs"), { recursive: true });
    expect(findStackFolder(folder)).toBe(join(folder, "stacks/logs"));
  });

  test("refuses none and several", () => {
    expect(() => findStackFolder(folder)).toThrow("must hold one stack, got none");
    mkdirSync(join(folder, "stacks/b"), { recursive: true });
    mkdirSync(join(folder, "stacks/a"), { recursive: true });
    expect(() => findStackFolder(folder)).toThrow("must hold one stack, got a, b");
  });
});
