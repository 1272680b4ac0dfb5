import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosBatchPipeline, LogProcessor, LogTopic } from "../../../lib";
import { zip } from "../../../lib/packaging/zip";
import { onlyResource, readBack, testStack } from "../support/stack";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "processor-"));
});

afterEach(() => {
  delete process.env.TENCENT_LOGS_SKIP_BUNDLING;
  rmSync(folder, { recursive: true });
});

/** A module and one that it imports, in a folder of that name. */
function writeEntry(name = "app"): string {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "tag.ts"), "export const tag: string = process.env.STAGE ?? 'none';\n");
  const file = join(folder, name, "enrich.ts");
  writeFileSync(
    file,
    `import { tag } from "./tag";\nexport default { record(r: { tag?: string }) { r.tag = tag; return r; } };\n`,
  );
  return file;
}

const codeOf = (processor: LogProcessor): string => Buffer.from(processor.files["processor.js"] ?? "").toString();

describe("LogProcessor.fromEntry", () => {
  it("bundles an entry with what it imports, for Node 18", () => {
    const processor = LogProcessor.fromEntry(writeEntry());
    const module = { exports: {} as { default?: { record(record: object): object } } };
    new Function("module", "exports", codeOf(processor))(module, module.exports);
    expect(module.exports.default?.record({})).toEqual({ tag: "none" });
    expect(processor.settings).toEqual({ type: "code" });
  });

  it("shows its size, and what it is made of", () => {
    const { bytes, inputs } = LogProcessor.fromEntry(writeEntry()).bundle ?? {};
    expect(bytes).toBe(codeOf(LogProcessor.fromEntry(join(folder, "app/enrich"))).length);
    expect(Object.keys(inputs ?? {}).sort()).toEqual(["enrich.ts", "tag.ts"]);
  });

  it("has the same bytes in any folder, its source map as well", () => {
    const [one, other] = [writeEntry("one"), writeEntry("another name")].map((file) =>
      LogProcessor.fromEntry(file, { sourceMap: true, minify: false }),
    );
    expect(Object.keys(one.files).sort()).toEqual(["processor.js", "processor.js.map"]);
    expect(other.files).toEqual(one.files);
    expect(JSON.stringify(one.files)).not.toContain(folder);
  });

  it("bundles once in a process for the same file and options", () => {
    const file = writeEntry();
    const first = LogProcessor.fromEntry(file).files;
    writeFileSync(file, "not TypeScript at all (");
    expect(LogProcessor.fromEntry(file).files).toBe(first);
    expect(() => LogProcessor.fromEntry(file, { minify: false }).files).toThrow(/LOGS_BUNDLE/);
  });

  it("hands options on to esbuild, the escape hatch last", () => {
    const processor = LogProcessor.fromEntry(writeEntry(), {
      banner: "/* ours */",
      define: { "process.env.STAGE": '"prod"' },
      esbuildOptions: { minify: false, footer: { js: "/* theirs */" } },
    });
    expect(codeOf(processor)).toMatch(/^\/\* ours \*\/\n[^]*"prod"[^]*\/\* theirs \*\/\n$/);
  });

  it("tells options apart that JSON cannot hold, and knows equal ones again", () => {
    const file = writeEntry();
    writeFileSync(file, "export default { record: (r: any) => r.secret_ + r.open_ };\n");
    const bundled = (mangleProps: RegExp) => LogProcessor.fromEntry(file, { esbuildOptions: { mangleProps } }).files;
    const codes = [/^secret_$/, /^open_$/].map((pattern) => Buffer.from(bundled(pattern)["processor.js"]).toString());
    expect(codes.map((code) => [code.includes("secret_"), code.includes("open_")])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(bundled(/^secret_$/)).toBe(bundled(/^secret_$/));
  });

  it("bundles anew where options were changed in place", () => {
    const file = writeEntry();
    const define = { "process.env.STAGE": '"one"' };
    expect(codeOf(LogProcessor.fromEntry(file, { define }))).toContain('"one"');
    define["process.env.STAGE"] = '"two"';
    expect(codeOf(LogProcessor.fromEntry(file, { define }))).toContain('"two"');
  });

  it.each([
    ["outfile", "other.js"],
    ["outdir", "dist"],
    ["absWorkingDir", "/"],
    ["entryPoints", ["other.ts"]],
    ["entryNames", "[name]-[hash]"],
    ["format", "esm"],
    ["write", true],
    ["metafile", false],
  ])("refuses esbuild's option %s, which decides what the handler finds", (name, value) => {
    const processor = LogProcessor.fromEntry(writeEntry(), { esbuildOptions: { [name]: value } });
    const got = `esbuildOptions.${name} must be left out, got ${JSON.stringify(value)}`;
    expect(() => processor.files).toThrow(expect.objectContaining({ code: "LOGS_BUNDLE" }));
    expect(() => processor.files).toThrow(got);
  });

  it("takes overrides that say what is so already", () => {
    const esbuildOptions = { outfile: "processor.js", format: "cjs", metafile: true };
    expect(LogProcessor.fromEntry(writeEntry(), { esbuildOptions }).bundle?.bytes).toBeGreaterThan(0);
  });

  it("keeps files beside the code where the code looks for them, unless they have a name of ours", () => {
    const file = writeEntry();
    writeFileSync(join(folder, "app/names.txt"), "ada");
    writeFileSync(file, `import path from "./names.txt";\nexport default { record: () => path };\n`);
    const bundled = (assetNames: string) =>
      LogProcessor.fromEntry(file, { esbuildOptions: { loader: { ".txt": "file" }, assetNames } });
    const kept = bundled("data/[name]");
    expect(Object.keys(kept.files).sort()).toEqual(["data/names.txt", "processor.js"]);
    expect(codeOf(kept)).toContain("./data/names.txt");
    writeFileSync(join(folder, "app/rules.js"), "");
    writeFileSync(file, `import path from "./rules.js";\nexport default { record: () => path };\n`);
    const taken = LogProcessor.fromEntry(file, { esbuildOptions: { loader: { ".js": "file" }, assetNames: "[name]" } });
    expect(() => taken.files).toThrow(/must bundle without a file rules\.js, .*\(LOGS_BUNDLE\)/);
  });

  it("leaves externals out", () => {
    const file = writeEntry();
    writeFileSync(file, `import x from "not-installed";\nexport default { record: () => x };\n`);
    expect(codeOf(LogProcessor.fromEntry(file, { external: ["not-installed"] }))).toContain('require("not-installed")');
  });

  it("bundles nothing where it is told to, and says so if that is deployed", () => {
    process.env.TENCENT_LOGS_SKIP_BUNDLING = "1";
    expect(codeOf(LogProcessor.fromEntry(writeEntry()))).toContain(
      "was not bundled; synthesize without TENCENT_LOGS_SKIP_BUNDLING",
    );
  });

  it("names the remedy where esbuild is not installed", () => {
    const file = writeEntry();
    jest.doMock("esbuild", () => {
      throw new Error("Cannot find module 'esbuild'");
    });
    jest.isolateModules(() => {
      const isolated = jest.requireActual<typeof import("../../../lib/packaging/bundle")>(
        "../../../lib/packaging/bundle",
      );
      expect(() => isolated.bundle(file, {})).toThrow(/npm install --save-dev esbuild, .* \(LOGS_ESBUILD_MISSING\)/);
    });
    jest.dontMock("esbuild");
  });

  it("refuses an entry that is no file", () => {
    expect(() => LogProcessor.fromEntry(join(folder, "nothing.ts"))).toThrow(/entry must be a file, .*\(LOGS_ENTRY\)/);
  });

  it("stands beside the handler in the zip of a pipeline", () => {
    const stack = testStack();
    const topic = LogTopic.fromTopicAttributes({ topicId: "t" });
    const processor = LogProcessor.fromEntry(writeEntry());
    new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000", processor });
    const { environment } = onlyResource(stack, "tencentcloud_scf_function");
    const settings = readBack((environment as Record<string, string>).LOGS_SETTINGS);
    expect(JSON.parse(settings)).toMatchObject({ processor: { type: "code" } });
  });
});

describe("LogProcessor.fromZip", () => {
  const zipped = (files: Record<string, string>): LogProcessor => {
    writeFileSync(join(folder, "code.zip"), zip(files));
    return LogProcessor.fromZip(join(folder, "code.zip"));
  };

  it("takes all files of a zip", () => {
    const { files, bundle } = zipped({ "processor.js": "1", "node_modules/a/index.js": "22" });
    expect(Object.keys(files)).toEqual(["node_modules/a/index.js", "processor.js"]);
    expect(bundle?.bytes).toBe(1);
  });

  it.each([
    [{ "main.js": "" }],
    [{ "processor.js": "", "index.js": "" }],
    [{ "processor.js": "", "rules.sls": "" }],
    [{ "processor.js": "", "rules-grok.js": "" }],
    [{ "processor.js": "", "out-kafka.js": "" }],
  ])("refuses one of %j", (files) => {
    expect(() => zipped(files).files).toThrow(/zip must hold processor.js at its top/);
  });
});

it("counts without any code", () => {
  expect(LogProcessor.count().files).toEqual({});
  expect(LogProcessor.count({ check: "shape" }).settings).toEqual({ type: "count", check: "shape" });
});
