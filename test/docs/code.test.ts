import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Testing } from "cdktf";
import { planSerializer } from "cdktf-tencent-logs/testing";
import ts from "typescript";
import { blocksOf, ROOT } from "./markdown";
import { Fixtures } from "./support/fixtures";
import { CODE_PAGES } from "./support/pages";
import { Snippets, type Snippet } from "./support/snippets";

/** A block that begins with the name of a file is that file, for the other blocks of its page. */
const NAMED = /^(?:#|\/\/) ([\w-]+\/[\w./-]+)\n/;

const blocks = CODE_PAGES.flatMap((page) => blocksOf(page));
const written = blocks.filter(({ language, notes }) => language === "ts" && notes.shape === undefined);
const snippets = new Snippets(written);
const rows = snippets.all.map((snippet): [string, Snippet] => [snippet.block.place, snippet]);

// A snapshot of what a page shows would be kept for nothing: what counts is that a plan gets that far.
expect.extend({
  toMatchSnapshot: (received: unknown) => ({ pass: planSerializer.test(received), message: () => "must be a plan" }),
});

jest.setTimeout(60_000);

describe("the TypeScript of the docs", () => {
  it.each(rows)("compiles at %s", (_, snippet) => {
    expect(snippets.faultsOf(snippet)).toEqual([]);
  });

  describe("runs", () => {
    const home = process.cwd();
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "docs-"));
    });
    afterEach(() => {
      process.chdir(home);
      delete process.env.CDKTF_OUTDIR;
      rmSync(folder, { recursive: true });
    });

    const runnable = rows.filter(([, { block }]) => block.notes.compiled === undefined);
    it.each(runnable)("at %s", async (_, snippet) => {
      makeProject(folder, snippet.block.page);
      process.env.CDKTF_OUTDIR = join(folder, "cdktf.out");
      process.chdir(folder);
      const fixtures = new Fixtures();
      const { example, ...exported } = load(snippet);
      if (typeof example === "function") await (example as (fixtures: Fixtures) => Promise<void>)(fixtures);
      else expect(exported).not.toEqual({});
      // What it made must be a plan.
      if (fixtures.app.node.children.length > 0) Testing.fullSynth(fixtures.stack);
    });
  });
});

describe("the docs", () => {
  it("have TypeScript enough to be worth this, and say why where some is not compiled or run", () => {
    expect(snippets.all.length).toBeGreaterThan(20);
    const reasons = blocks.flatMap(({ notes }) => [notes.shape, notes.compiled]).filter((why) => why !== undefined);
    expect(reasons.filter((why) => why.length < 10)).toEqual([]);
  });
});

/** The folder that a page's blocks run in: what the docs take for granted, then what the page itself names. */
function makeProject(folder: string, page: string): void {
  cpSync(join(__dirname, "project"), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/cdktf-tencent-logs"));
  for (const { code, notes } of blocks.filter((block) => block.page === page)) {
    const name = notes.file ?? NAMED.exec(code)?.[1];
    if (name === undefined) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), code);
  }
}

/** The block's module, run in this process, with the modules that tests have. */
function load({ source, file }: Snippet): Record<string, unknown> {
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const module = { exports: {} as Record<string, unknown> };
  const run = new Function("require", "module", "exports", outputText) as (...given: unknown[]) => void;
  run((name: string) => required(name), module, module.exports);
  return module.exports;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a block asks for a module by its name */
function required(name: string): unknown {
  const known: Record<string, () => unknown> = {
    "./fixtures": () => require("./support/fixtures"),
    cdktf: () => require("cdktf"),
    constructs: () => require("constructs"),
    "cdktf-tencent-logs": () => require("cdktf-tencent-logs"),
    "cdktf-tencent-logs/processor": () => require("cdktf-tencent-logs/processor"),
    "cdktf-tencent-logs/testing": () => require("cdktf-tencent-logs/testing"),
    "cdktf-tencent-logs/tencentcloud": () => require("cdktf-tencent-logs/tencentcloud"),
    "cdktf-tencent-logs/live": () => require("cdktf-tencent-logs/live"),
  };
  const load = known[name];
  if (!load) throw new Error(`a block of the docs must import one of ${Object.keys(known).join(", ")}, got ${name}`);
  return load();
}
/* eslint-enable @typescript-eslint/no-require-imports */
