import { homedir } from "node:os";
import { Testing } from "../../../lib/framework";
import { planSerializer } from "../../../lib/testing";
import { FunctionCode } from "../../../lib/scf/code";
import { testFunction, testStack } from "../support/stack";

const planned = (content: string, timeoutSeconds = 60) => {
  const stack = testStack();
  const code = FunctionCode.fromFiles({ "index.js": content });
  testFunction(stack, "Worker", { code, timeoutSeconds });
  return Testing.synth(stack);
};

const plan = (resource: object, rest: object = {}) => JSON.stringify({ ...rest, resource });

/** What a snapshot shows of one argument. */
const shown = (argument: string) =>
  (JSON.parse(planSerializer.serialize(plan({ a: argument }))) as { resource: { a: string } }).resource.a;

describe("planSerializer", () => {
  it("shows the same plan for other code, and another for another argument", () => {
    const snapshot = planSerializer.serialize(planned("1"));
    expect(planned("2")).not.toBe(planned("1"));
    expect(planSerializer.serialize(planned("2"))).toBe(snapshot);
    expect(planSerializer.serialize(planned("1", 61))).not.toBe(snapshot);
    expect(snapshot).toMatch(/"zip_file": "assets\/Worker_Code_\w+\/<hash>\/function\.zip"/);
  });

  it("leaves out metadata and sorts keys", () => {
    const text = plan({ b: { "//": "x", z: 1, a: [{ d: 1, c: 2 }] } }, { "//": { metadata: {} } });
    expect(planSerializer.serialize(text)).toBe(
      JSON.stringify({ resource: { b: { a: [{ c: 2, d: 1 }], z: 1 } } }, null, 2),
    );
  });

  it("hides where the state of the local backend lies", () => {
    const terraform = { backend: { local: { path: "/builds/run-1/terraform.logs.tfstate" } } };
    const text = planSerializer.serialize(plan({}, { terraform }));
    expect(JSON.parse(text)).toMatchObject({
      terraform: { backend: { local: { path: "<folder>/terraform.logs.tfstate" } } },
    });
  });

  it("hides the folders of the machine, as whole parts of a path", () => {
    expect(shown(`node ${process.cwd()}/scripts/a.js`)).toBe("node <folder>/scripts/a.js");
    expect(shown(`${homedir()}/.cache`)).toBe("<folder>/.cache");
    expect(shown(`${homedir()}less`)).toBe(`${homedir()}less`);
    // A function's own folder in SCF, not one of the machine that synthesizes.
    expect(shown("/var/user/index.js")).toBe("/var/user/index.js");
  });

  it("hides the hash of an asset that a command names", () => {
    expect(shown("node assets/Script/0123456789abcdef/a.js create")).toBe("node assets/Script/<hash>/a.js create");
  });

  it("shows everything else", () => {
    expect(shown("deadbeefdeadbeef")).toBe("deadbeefdeadbeef");
    expect(shown("https://x/assets/a/0123456789abcdef/b")).toBe("https://x/assets/a/0123456789abcdef/b");
  });

  it.each([
    ["text", "terraform"],
    ["JSON of another kind", '{"version":"2.0","statement":[]}'],
    ["a statement of a policy", '{"action":["a"],"resource":["b"]}'],
    ["JSON that is broken", '{"resource":'],
    ["a list", "[]"],
    ["an object", { resource: {} }],
    ["nothing", undefined],
  ])("is not for %s", (_, value) => {
    expect(planSerializer.test(value)).toBe(false);
  });

  it("is for what Testing.synth returns", () => {
    expect(planSerializer.test(planned("1"))).toBe(true);
  });
});
