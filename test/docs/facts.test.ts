import { existsSync } from "node:fs";
import { join } from "node:path";
import { anchorsOf, filesBelow, ROOT, textOf, withoutFences } from "./markdown";

const SHEETS = ["runtime.md", "cls-reading.md", "provider.md", "destinations.md", "log-formats.md", "rules.md"].map(
  (name) => `docs/design/facts/${name}`,
);
const CODE = [
  "bench",
  "cli",
  "deploy",
  "functions",
  "lib",
  "local",
  "monitor",
  "parts",
  "provider",
  "rules",
  "scripts",
  "test",
];

/** A fact: a sentence or more, then one tag, then where it comes from. */
const FACT = /^- .*\. `(tested|stated|unverified)`, (\S.{9,})$/;
const TAG = /`(tested|stated|unverified)`/g;

/** A link, or a source that the sheet's head links to. */
const PUBLIC = /\]\(|^(its code|the API's comments|the provider's schema|the documentation|the engine|the captured)/;

/** What a sheet lists: one fact an item, its lines joined. */
function itemsOf(sheet: string): string[] {
  const items = withoutFences(textOf(sheet)).matchAll(/^- .*(?:\n {2,}.*)*/gm);
  return [...items].map(([item]) => item.replace(/\s+/g, " "));
}

/** Whether an item has one tag, and a source of the kind that its tag asks for. */
function isFact(item: string): boolean {
  const [, tag, source] = FACT.exec(item) ?? [];
  return item.match(TAG)?.length === 1 && (tag !== "stated" || PUBLIC.test(source));
}

/** The pages, and their headings, that a file's comments name. */
function citationsIn(file: string): string[] {
  return [...textOf(file).matchAll(/docs\/[\w./-]+\.md(?:#[\w-]+)?/g)].map(([citation]) => citation);
}

/** Why a citation leads nowhere; undefined where it leads to a page, and to a heading in it. */
function faultOf(citation: string): string | undefined {
  const [page, anchor] = citation.split("#");
  if (!existsSync(join(ROOT, page))) return `${page} does not exist`;
  if (anchor === undefined) return SHEETS.includes(page) ? "names no heading" : undefined;
  return anchorsOf(textOf(page)).has(anchor) ? undefined : `${page} has no heading #${anchor}`;
}

describe("the fact sheets", () => {
  it.each(SHEETS)("%s gives each fact one tag and a source; what is stated has a public one", (sheet) => {
    const items = itemsOf(sheet);
    expect(items.length).toBeGreaterThan(20);
    expect(items.filter((item) => !isFact(item))).toEqual([]);
  });

  it.each(SHEETS)("%s has no heading of the third level without a fact", (sheet) => {
    const sections = textOf(sheet).split(/^### /m).slice(1);
    const empty = sections.filter((section) => !/^- /m.test(section)).map((section) => section.split("\n")[0]);
    expect(empty).toEqual([]);
  });
});

describe("what the code cites", () => {
  const files = CODE.flatMap((folder) => filesBelow(folder, [".ts", ".mjs"])).filter(
    (file) => !file.startsWith("test/docs/"),
  );
  const citations = files.flatMap((file) => citationsIn(file).map((citation) => ({ file, citation })));

  it.each(SHEETS)("is %s, among others", (sheet) => {
    expect(citations.some(({ citation }) => citation.startsWith(`${sheet}#`))).toBe(true);
  });

  it("stands in docs, under the heading that the comment names", () => {
    const faults = citations.map((it) => ({ ...it, fault: faultOf(it.citation) }));
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });

  it("is never a sheet that is not in the repository", () => {
    const OTHER = /\bFact: (?!docs\/)|\b(?:runtime|provider|rules|peers)\.md \d/;
    expect(files.filter((file) => OTHER.test(textOf(file)))).toEqual([]);
  });
});
