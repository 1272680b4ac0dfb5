import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import type { HandlerSettings } from "../../../functions/settings";
import { FunctionCode } from "../../../lib/scf/code";
import { TerraformStack, Testing } from "../../../lib/framework";
import { contentHash, zip } from "../../../lib/packaging/zip";
import { onlyResource, testFunction, testStack, violationsOf } from "../support/stack";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "function-code-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS: HandlerSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count" },
  quarantine: { bucket: "b-1250000000", region: "ap-guangzhou", prefix: "q/" },
};

/** Path of the zip in the plan, and the zip that stands there. */
function synthesized(code: FunctionCode): { path: string; bytes: Buffer } {
  const settings = code.handler && SETTINGS;
  const target = testFunction(testStack(), "Worker", { code, settings });
  const output = join(Testing.fullSynth(TerraformStack.of(target)), "stacks/logs");
  const path = String(onlyResource(TerraformStack.of(target), "tencentcloud_scf_function").zip_file);
  return { path, bytes: readFileSync(join(output, path)) };
}

/** A zip of so many bytes: its content is stored as it is. */
function zipOf(size: number): Uint8Array {
  const overhead = zipSync({ data: new Uint8Array(0) }, { level: 0 }).length;
  return zipSync({ data: new Uint8Array(size - overhead) }, { level: 0 });
}

describe("FunctionCode", () => {
  it("stands in the stack's folder under a path that names its content, the only thing that the provider compares", () => {
    const { path, bytes } = synthesized(FunctionCode.fromFiles({ "index.js": "exports.a = 1;" }));
    expect(path).toMatch(/^assets\/Worker_Code_\w+\/[0-9a-f]{16}\/function\.zip$/);
    expect(path).toContain(contentHash(bytes));
    expect(Buffer.from(unzipSync(bytes)["index.js"]).toString()).toBe("exports.a = 1;");
  });

  it("has the same path and bytes for the same files, and another path for others", () => {
    const one = synthesized(FunctionCode.fromFiles({ "a.js": "1", "b.js": "2" }));
    expect(synthesized(FunctionCode.fromFiles({ "b.js": "2", "a.js": "1" }))).toEqual(one);
    expect(synthesized(FunctionCode.fromFiles({ "a.js": "1", "b.js": "3" })).path).not.toBe(one.path);
  });

  it("holds a prebuilt handler, which files beside it cannot replace", () => {
    const built = readFileSync(join(__dirname, "../../../dist/handlers/cos-batch/index.js"));
    const { bytes } = synthesized(FunctionCode.prebuilt("cos-batch", { "rules.sls": "e_drop()", "index.js": "no" }));
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual(["index.js", "rules.sls"]);
    expect(Buffer.from(files["index.js"]).equals(built)).toBe(true);
  });

  it("keeps the prebuilt handler's zip under 100 KB", () => {
    expect(synthesized(FunctionCode.prebuilt("cos-batch")).bytes.length).toBeLessThan(100 * 1024);
  });

  it("takes a zip as it is", () => {
    const file = join(folder, "made.zip");
    const made = zip({ "main.py": "pass" });
    writeFileSync(file, made);
    expect(synthesized(FunctionCode.fromZip(file)).bytes.equals(made)).toBe(true);
  });

  it("is refused where its zip is none: LOGS_CODE_ZIP", () => {
    const withZip = (path: string) =>
      violationsOf(() => testFunction(testStack(), "W", { code: FunctionCode.fromZip(path) }));
    const file = join(folder, "text.zip");
    writeFileSync(file, "no zip");
    expect(withZip(file)).toEqual([
      ["LOGS_CODE_ZIP", `code must be a zip, got something else at ${file}; zip the files first`],
    ]);
    expect(withZip(join(folder, "none.zip"))).toEqual([
      [
        "LOGS_CODE_ZIP",
        `code must be a zip that can be read, got no file at ${join(folder, "none.zip")}; correct the path`,
      ],
    ]);
  });

  it("leaves nothing beside the assets in the stack's folder", () => {
    const target = testFunction(testStack());
    const output = Testing.fullSynth(TerraformStack.of(target));
    expect(readdirSync(join(output, "stacks/logs")).sort()).toEqual(["assets", "cdk.tf.json"]);
  });

  it("may have 20 MB zipped, and no more: LOGS_CODE_SIZE", () => {
    const build = (size: number) => () => {
      const file = join(folder, `${size}.zip`);
      writeFileSync(file, zipOf(size));
      testFunction(testStack(), "Worker", { code: FunctionCode.fromZip(file) });
    };
    expect(violationsOf(build(20 * 1024 * 1024))).toEqual([]);
    expect(violationsOf(build(20 * 1024 * 1024 + 1))).toEqual([
      ["LOGS_CODE_SIZE", "code must be a zip of at most 20 MB, got 20971521 bytes; make it smaller"],
    ]);
  });
});
