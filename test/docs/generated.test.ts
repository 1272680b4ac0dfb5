import { API_REPORT, apiReport } from "../contract/api-report";
import { textOf } from "./markdown";
import { Generated, hasGenerated, withoutAlignment } from "./support/generated";
import { CODE_PAGES } from "./support/pages";
import { ENTRIES, Surface } from "./support/surface";

const surface = new Surface();
const pages = CODE_PAGES.filter(hasGenerated);
const generated = new Generated(surface, pages);

jest.setTimeout(60_000);

describe("what users can import", () => {
  const exported = Object.keys(ENTRIES).flatMap((entry) => surface.exportsOf(entry).map((one) => ({ entry, ...one })));

  it("is what the report of the public API says; npm run docs:update writes it anew", () => {
    expect(apiReport(surface)).toBe(textOf(API_REPORT));
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
      return !new RegExp(`^#+ ${name}(\\\\?<.*>)?(\\(\\))?$`, "m").test(textOf(`docs/api/${entry}.md`));
    });
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe("the tables of the docs", () => {
  it.each(pages)("of %s say what the code says; npm run docs:update writes them anew", async (page) => {
    expect(withoutAlignment(await generated.page(page))).toBe(withoutAlignment(textOf(page)));
  });
});
