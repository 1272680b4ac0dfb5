import { textOf } from "./markdown";
import { fencesOf, hashOf, translations } from "./support/translations";

const pages = translations();

describe("the translated pages", () => {
  it.each(pages.map((one) => [one.page, one] as const))("%s has the code of the page that it follows", (_, one) => {
    expect(fencesOf(textOf(one.page))).toEqual(fencesOf(textOf(one.original)));
  });

  it("follow each page once, the README among them", () => {
    const originals = pages.map(({ original }) => original);
    expect(originals).toContain("README.md");
    expect(new Set(originals).size).toBe(originals.length);
  });

  // What is stale is listed and fails nothing: whoever mends a sentence need not speak the language.
  it("that are older than what they follow are listed; npm run docs:update -- --translated PAGE marks them as new", () => {
    const stale = pages.filter(({ original, hash }) => hashOf(original) !== hash);
    if (stale.length > 0) console.warn(`stale translations: ${stale.map(({ page, original }) => `${page} of ${original}`).join(", ")}`); // prettier-ignore
    expect(pages.length).toBeGreaterThan(8);
  });
});
