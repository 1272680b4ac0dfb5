import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorsOf, filesBelow, linksOf, ROOT, textOf } from "./markdown";

const WEB = /^(https?:|mailto:)/;

/** Why a link from a file leads nowhere; undefined where it leads somewhere. */
function faultOf(from: string, target: string): string | undefined {
  if (WEB.test(target)) return URL.canParse(target) ? undefined : "is no address";
  const [path, anchor] = target.split("#");
  const file = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(ROOT, file))) return `${file} does not exist`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return `${file} has no headings`;
  return anchorsOf(textOf(file)).has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

const BOOKS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "README.zh-CN.md",
  ...filesBelow("docs", [".md"]),
];
const PAGES = [...BOOKS, ...filesBelow("examples", [".md"])];

/** The pages that links lead to from a page, itself included. */
function reachedFrom(page: string, reached = new Set<string>()): Set<string> {
  if (reached.has(page)) return reached;
  reached.add(page);
  for (const target of linksOf(textOf(page))) {
    const file = normalize(join(dirname(page), target.split("#")[0]));
    if (file.endsWith(".md") && existsSync(join(ROOT, file))) reachedFrom(file, reached);
  }
  return reached;
}

describe("the links of the documentation", () => {
  it("lead to every page from the README", () => {
    const reached = reachedFrom("README.md");
    expect(BOOKS.filter((page) => !reached.has(page))).toEqual([]);
  });

  it.each(PAGES)("lead somewhere from %s, to a file and to a heading in it", (page) => {
    const faults = linksOf(textOf(page)).map((target) => ({ target, fault: faultOf(page, target) }));
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });
});

describe("a link that leads nowhere", () => {
  it("is told with what is missing", () => {
    expect(faultOf("README.md", "docs/absent.md")).toBe("docs/absent.md does not exist");
    expect(faultOf("docs/rules.md", "quarantine.md#absent")).toBe("docs/quarantine.md has no heading #absent");
    expect(faultOf("docs/rules.md", "../README.md#deploy")).toBeUndefined();
    expect(faultOf("docs/rules.md", "#how-events-run")).toBeUndefined();
  });

  it("is not looked for in code", () => {
    expect(linksOf("`[a](b)` [c](d.md)\n\n```md\n[e](f)\n```\n\n[g]: h.md\n")).toEqual(["d.md", "h.md"]);
  });
});

describe("a heading", () => {
  it("has the anchor that GitHub gives it", () => {
    const text = "# The `a.b` of [c](d), e & f\n\n## Same\n\n## Same\n\n```sh\n# no heading\n```\n";
    expect([...anchorsOf(text)]).toEqual(["the-ab-of-c-e--f", "same", "same-1"]);
  });
});
