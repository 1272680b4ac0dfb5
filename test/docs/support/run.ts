import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Testing } from "cdktf";
import ts from "typescript";
import { blocksOf, ROOT } from "../markdown";
import { Fixtures } from "./fixtures";
import type { Snippet } from "./snippets";

/** A block that begins with a file name is that file, for the other blocks of its page. */
const NAMED = /^(?:#|\/\/) ([\w-]+\/[\w./-]+)\n/;

/** The synthesized plan of a stack. */
export interface Plan {
  /** Ids of resources from the fixtures: they exist without being created by the example. */
  readonly given: ReadonlySet<string>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

/** A resource of a plan, with the path of its construct. */
export type Resource = Readonly<Record<string, unknown>> & {
  readonly "//"?: { readonly metadata: { readonly path: string } };
};

/**
 * Runs a block in a folder with the files that its page names, and synthesizes the result. Resolves to the plan of the
 * stack that it uses, if any. Throws errors of the block and of the synthesis.
 */
export async function runSnippet(snippet: Snippet): Promise<Plan | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  const home = process.cwd();
  try {
    makeProject(folder, snippet.block.page);
    process.env.CDKTF_OUTDIR = join(folder, "cdktf.out");
    process.chdir(folder);
    const fixtures = new Fixtures();
    const rows = new Rows();
    const { example, ...exported } = load(snippet, rows);
    if (typeof example === "function") await (example as (fixtures: Fixtures) => Promise<void>)(fixtures);
    else if (Object.keys(exported).length === 0) throw new Error(`${snippet.block.place} must export something`);
    await rows.done();
    if (fixtures.app.node.children.length === 0) return undefined;
    // The result must be a valid plan.
    const output = Testing.fullSynth(fixtures.stack);
    const plan = readFileSync(join(output, "stacks", fixtures.stack.node.id, "cdk.tf.json"), "utf8");
    return { ...(JSON.parse(plan) as Plan), given: fixtures.ids };
  } finally {
    process.chdir(home);
    delete process.env.CDKTF_OUTDIR;
    rmSync(folder, { recursive: true });
  }
}

/** The folder in which a page's blocks run: files that the docs assume, and files that the page names. */
function makeProject(folder: string, page: string): void {
  cpSync(join(ROOT, "test/docs/project"), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/cdktf-tencent-logs"));
  for (const { code, notes } of blocksOf(page)) {
    const name = notes.file ?? NAMED.exec(code)?.[1];
    if (name === undefined) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), code);
  }
}

/** Runs the cases of a block's `test.each` immediately, because tests cannot be nested. */
class Rows {
  private readonly running: Promise<unknown>[] = [];

  each(rows: readonly (readonly unknown[])[]): (name: string, check: (...row: unknown[]) => unknown) => void {
    if (rows.length === 0) throw new Error("test.each must have rows, got none");
    return (_, check) => this.running.push(...rows.map(async (row) => check(...row)));
  }

  async done(): Promise<void> {
    await Promise.all(this.running);
  }
}

/** Runs the block's module in this process. */
function load({ source, file }: Snippet, test: Rows): Record<string, unknown> {
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const module = { exports: {} as Record<string, unknown> };
  const run = new Function("require", "module", "exports", "test", outputText) as (...given: unknown[]) => void;
  run((name: string) => required(name), module, module.exports, test);
  return module.exports;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a block asks for a module by its name */
function required(name: string): unknown {
  const known: Record<string, () => unknown> = {
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
