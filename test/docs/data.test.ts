import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../cli/run";
import { readDefinitionFile } from "../../cli/consume/definition";
import { blocksOf, textOf, type Block } from "./markdown";
import { CODE_PAGES } from "./support/pages";

const blocks = CODE_PAGES.flatMap((page) => blocksOf(page)).filter(({ notes }) => notes.shape === undefined);
const inLanguage = (...languages: string[]) => {
  return blocks
    .filter(({ language }) => languages.includes(language))
    .map((block): [string, Block] => [block.place, block]);
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command; its exit status and all that it said. */
async function command(...args: string[]): Promise<{ status: number; said: string }> {
  let said = "";
  const console = { write: (text: string): unknown => (said += text) };
  return { status: await run(args, { stdout: console, stderr: console }), said };
}

/** Pages write `<topic id>`, and shorten ids with `…`. */
function filledIn(code: string): string {
  let number = 0;
  return code.replace(/<[a-z ]+ id>|[0-9a-f]{4}…/g, () => `id-${number++}`);
}

function written(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, filledIn(code));
  return file;
}

describe("the JSON of the docs", () => {
  it.each(inLanguage("json"))("at %s can be read", (_, { code }) => {
    expect(typeof JSON.parse(code)).toBe("object");
  });
});

describe("the rule texts of the docs", () => {
  it.each(inLanguage("python", "sls").filter(([, { code }]) => /^e_/m.test(code)))(
    "at %s have no errors",
    async (_, { code }) => {
      const outputs = [...code.matchAll(/e_c?output\("(\w+)"/g)].flatMap(([, name]) => ["--output", name]);
      const { status, said } = await command("rules", "check", written("rules.sls", code), ...outputs);
      expect([status, said]).toEqual([0, expect.any(String)]);
    },
  );
});

describe("the YAML of the docs", () => {
  it.each(inLanguage("yaml"))("at %s can be read, and is what its reader takes", async (_, block) => {
    const [document, ...others] = parseAllDocuments(block.code);
    for (const one of [document, ...others]) expect(one.errors).toEqual([]);
    const keys = Object.keys(document.toJS() as object);
    expect(keys.length).toBeGreaterThan(0);
    const reader = READERS.find(({ of }) => of(keys));
    // What is for others' programs has tests of its own, or is told apart.
    if (reader === undefined) expect(FOREIGN.some((key) => keys.includes(key))).toBe(true);
    else await reader.read(block);
  });
});

/** Keys of Kubernetes and of workflows. */
const FOREIGN = ["apiVersion", "jobs", "services"];

const READERS: readonly { of(keys: readonly string[]): boolean; read(block: Block): Promise<void> | void }[] = [
  {
    of: (keys) => keys.includes("monitors"),
    async read({ code }) {
      const { status, said } = await command("monitor", "check", written("monitors.yaml", code));
      expect([status, said]).toEqual([0, expect.stringContaining("0 errors")]);
    },
  },
  {
    of: (keys) => keys.includes("cases"),
    async read({ page, code }) {
      const cases = written("more.yaml", code);
      const { status, said } = /^ +alerts:/m.test(code)
        ? await command("monitor", "test", written("monitors.yaml", besides(page, /^monitors:/m)), "--cases", cases)
        : await command("rules", "test", written("rules.sls", besides(page, /^e_/m)), "--cases", cases);
      expect([status, said]).toEqual([0, expect.stringContaining("0 failed")]);
    },
  },
  {
    of: (keys) => keys.includes("sources") && keys.includes("quarantine"),
    read({ code }) {
      writeFileSync(join(folder, "access.sls"), 'e_set("a", "b")\n');
      expect(readDefinitionFile(written("task.yaml", code)).sources.length).toBeGreaterThan(0);
    },
  },
];

/** What cases on a page are about: its block that looks so, or the rules that the docs take for granted. */
function besides(page: string, mark: RegExp): string {
  const found = blocksOf(page).find(({ code, language }) => language !== "ts" && mark.test(code));
  return found?.code ?? textOf("test/docs/project/rules/access.sls");
}
