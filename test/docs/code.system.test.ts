import { planSerializer } from "cdktf-tencent-logs/testing";
import { API_REPORT, apiReport } from "../contract/api-report";
import { blocksOf, textOf } from "./markdown";
import { Examples } from "./support/examples";
import { Generated, hasGenerated, withoutAlignment } from "./support/generated";
import { CODE_PAGES } from "./support/pages";
import { ENTRIES } from "./support/program";
import type { Snippet } from "./support/snippets";
import { Surface } from "./support/surface";

const examples = new Examples();
const { snippets } = examples;
const surface = new Surface(snippets.program);

// A snapshot of what a page shows would be kept for nothing: what counts is that a plan gets that far.
expect.extend({
  toMatchSnapshot: (received: unknown) => ({ pass: planSerializer.test(received), message: () => "must be a plan" }),
});

// The first block waits for the framework, and for esbuild.
jest.setTimeout(60_000);

describe("the TypeScript of the docs", () => {
  const rows = snippets.all.map((snippet): [string, Snippet] => [snippet.block.place, snippet]);

  it.each(rows)("compiles at %s", (_, snippet) => {
    expect(snippets.faultsOf(snippet)).toEqual([]);
  });

  it.each(rows.filter(([, { block }]) => block.notes.compiled === undefined))("runs at %s", async (_, snippet) => {
    await expect(examples.planOf(snippet)).resolves.not.toThrow();
  });

  it("is most of it, and where some is not compiled or run, it says why", () => {
    expect(snippets.all.length).toBeGreaterThan(20);
    const blocks = CODE_PAGES.flatMap((page) => blocksOf(page));
    const reasons = blocks.flatMap(({ notes }) => [notes.shape, notes.compiled]).filter((why) => why !== undefined);
    expect(reasons.filter((why) => why.length < 10)).toEqual([]);
  });
});

describe("the tables of the docs", () => {
  const generated = new Generated(surface, (page) => examples.firstPlanOf(page));

  it.each(CODE_PAGES.filter(hasGenerated))(
    "of %s say what the code says, which npm run docs:update writes",
    async (page) => {
      expect(withoutAlignment(textOf(page))).toBe(withoutAlignment(await generated.page(page)));
    },
  );
});

describe("what users can import", () => {
  const exported = Object.keys(ENTRIES).flatMap((entry) => surface.exportsOf(entry).map((one) => ({ entry, ...one })));

  it("is what the report of the public API says, which npm run docs:update writes", () => {
    expect(textOf(API_REPORT)).toBe(apiReport(surface));
  });

  it("has a docstring, each export and each member of its own", () => {
    const without = exported.flatMap((one) => [
      ...(one.doc === "" ? [one.name] : []),
      ...surface.membersOf(one).flatMap(({ name, doc }) => (doc === "" ? [`${one.name}.${name}`] : [])),
    ]);
    expect(exported.length).toBeGreaterThan(100);
    expect(without).toEqual([]);
  });

  it("stands in the reference", () => {
    const missing = exported.filter(({ entry, name }) => {
      return !new RegExp(`^#+ ${name}(\\\\?<.*>)?(\\(\\))?$`, "m").test(referenceOf(entry));
    });
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

/** The page of an entry point. In headings TypeDoc writes `\_` for `_`. */
function referenceOf(entry: string): string {
  return textOf(`docs/api/${entry}.md`).replaceAll("\\_", "_");
}
