import { planSerializer } from "cdktf-tencent-logs/testing";
import { blocksOf } from "./markdown";
import { CODE_PAGES } from "./support/pages";
import { runSnippet } from "./support/run";
import { Snippets, type Snippet } from "./support/snippets";

const blocks = CODE_PAGES.flatMap((page) => blocksOf(page));
const written = blocks.filter(({ language, notes }) => language === "ts" && notes.shape === undefined);
const snippets = new Snippets(written);
const rows = snippets.all.map((snippet): [string, Snippet] => [snippet.block.place, snippet]);

// A snapshot of what a page shows would be kept for nothing: what counts is that a plan gets that far.
expect.extend({
  toMatchSnapshot: (received: unknown) => ({ pass: planSerializer.test(received), message: () => "must be a plan" }),
});

// The first block waits for the framework, and for esbuild.
jest.setTimeout(60_000);

describe("the TypeScript of the docs", () => {
  it.each(rows)("compiles at %s", (_, snippet) => {
    expect(snippets.faultsOf(snippet)).toEqual([]);
  });

  const runnable = rows.filter(([, { block }]) => block.notes.compiled === undefined);
  it.each(runnable)("runs at %s", async (_, snippet) => {
    await expect(runSnippet(snippet)).resolves.not.toThrow();
  });
});

describe("the docs", () => {
  it("have TypeScript enough to be worth this, and say why where some is not compiled or run", () => {
    expect(snippets.all.length).toBeGreaterThan(20);
    const reasons = blocks.flatMap(({ notes }) => [notes.shape, notes.compiled]).filter((why) => why !== undefined);
    expect(reasons.filter((why) => why.length < 10)).toEqual([]);
  });
});
