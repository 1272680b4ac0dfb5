import { App, Construct, Testing } from "../../lib/framework";
import * as library from "../../lib";
import { breaches } from "./compare";
import { everything } from "./everything";
import { contractOf } from "./names";
import { contractsNow, lastRelease, type Release } from "./release";

describe("the contract of names", () => {
  const { release, stacks } = lastRelease();
  let now: Release["stacks"];
  beforeAll(async () => {
    now = await contractsNow();
  }, 60_000);

  it.each(Object.keys(stacks))(`of release ${release} is kept by %s`, (name) => {
    expect(now).toHaveProperty([name]);
    expect(breaches(stacks[name] ?? {}, now[name] ?? {})).toEqual([]);
  });

  it("speaks of every construct that the package exports", () => {
    const present = everything(Testing.app() as App).node.findAll();
    const missing = Object.entries(library).filter(
      ([, value]) => isConstruct(value) && !present.some((construct) => construct instanceof value),
    );
    expect(missing.map(([name]) => `${name} must stand in test/contract/everything.ts`)).toEqual([]);
  });
});

function isConstruct(value: unknown): value is typeof Construct {
  return typeof value === "function" && value.prototype instanceof Construct;
}

describe("what breaks the contract", () => {
  const BUCKET = "tencentcloud_cos_bucket.Lake_1";
  const LOSS =
    "COS refuses while there are objects in it, and the deployment fails; with forceClean, its objects are lost";

  it("is nothing where resources are only added", () => {
    expect(
      breaches({ [BUCKET]: { bucket: "lake" } }, { [BUCKET]: { bucket: "lake" }, "a.b": { name: "new" } }),
    ).toEqual([]);
  });

  it("is a resource that is gone", () => {
    expect(breaches({ [BUCKET]: { bucket: "lake" } }, {})).toEqual([
      `${BUCKET} is gone: Terraform would destroy it; ${LOSS} (bucket "lake")`,
    ]);
  });

  it("is a resource at another address", () => {
    const moved = "tencentcloud_cos_bucket.Lake_Bucket_2";
    expect(breaches({ [BUCKET]: { bucket: "lake" } }, { [moved]: { bucket: "lake" } })).toEqual([
      `${BUCKET} is ${moved} now: Terraform would destroy it and create it again; ${LOSS}`,
    ]);
  });

  it("is another name", () => {
    const role = "tencentcloud_cam_role.Role_1";
    expect(breaches({ [role]: { name: "a" } }, { [role]: { name: "b" } })).toEqual([
      `name of ${role} was "a", is "b": Terraform would rename it, or destroy it and create it again`,
    ]);
  });

  it("is another value that has Terraform replace a resource", () => {
    const identity = "terraform_data.Access_Identity_1";
    expect(
      breaches({ [identity]: { input: { runtime: "18" } } }, { [identity]: { input: { runtime: "20" } } }),
    ).toEqual([
      `input of ${identity} was {"runtime":"18"}, is {"runtime":"20"}: Terraform would rename it, or destroy it and create it again; what depends on it is replaced`,
    ]);
  });

  it("is a key prefix that is gone", () => {
    const settings = (prefix: string) => ({ LOGS_SETTINGS: `{"quarantine":{"prefix":"${prefix}"}}` });
    const plan = (prefix: string) =>
      JSON.stringify({ resource: { tencentcloud_scf_function: { F: { name: "f", environment: settings(prefix) } } } });
    expect(breaches(contractOf(plan("a/")), contractOf(plan("b/")))).toEqual([
      "tencentcloud_scf_function.F no longer knows the key prefix a/: what lies below it is not found any more",
    ]);
  });

  it("cannot be told for a type of resource of which nobody said what names it", () => {
    const plan = JSON.stringify({ resource: { tencentcloud_vpc: { V: { name: "v" } } } });
    expect(() => contractOf(plan)).toThrow("must say what names a tencentcloud_vpc, got nothing");
  });
});
