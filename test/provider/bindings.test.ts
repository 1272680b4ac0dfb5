import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Logset } from "../../lib/cls/logset";
import { planOf, testStack } from "../lib/support/stack";

const ROOT = join(__dirname, "../..");

/** The hash of every file of a folder, by its path in it. */
function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  const hash = (path: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
  return new Map(files.map((path) => [path, hash(path)]));
}

function generate(folder: string): Promise<unknown> {
  const tsx = join(ROOT, "node_modules/tsx/dist/cli.mjs");
  return promisify(execFile)(process.execPath, [tsx, "provider/generate.ts", folder], { cwd: ROOT });
}

describe("the provider's bindings", () => {
  it("are the same bytes each time that they are generated", async () => {
    const root = mkdtempSync(join(tmpdir(), "bindings-"));
    await Promise.all(["one", "another name"].map((name) => generate(join(root, name))));
    const [one, other] = ["one", "another name"].map((name) => filesIn(join(root, name)));
    expect(one.size).toBeGreaterThan(40);
    expect(other).toEqual(one);
    rmSync(root, { recursive: true });
  }, 60_000);

  it("put the provider's source and constraint into plans", () => {
    const stack = testStack();
    new Logset(stack, "Logset");
    expect(planOf(stack).terraform.required_providers).toEqual({
      tencentcloud: { source: "tencentcloudstack/tencentcloud", version: ">= 1.83.16, < 2.0.0" },
    });
  });

  it("are made of names, types and flags, without the descriptions of others", () => {
    expect(describedIn(JSON.parse(readFileSync(join(ROOT, "provider/schema.json"), "utf8")), "schema")).toEqual([]);
  });
});

/** Paths of what is described; an attribute may be named `description`, and is an object then. */
function describedIn(node: unknown, path: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => [
    ...(/^description(_kind)?$/.test(name) && typeof child === "string" && !isObjectType(node)
      ? [`${path}.${name}`]
      : []),
    ...describedIn(child, `${path}.${name}`),
  ]);
}

/** Whether a node holds the attributes of an object type: names with types, all of them text or lists. */
function isObjectType(node: object): boolean {
  return Object.values(node).every((type) => typeof type === "string" || Array.isArray(type)) && !("type" in node);
}
