import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT = join(__dirname, "../..");

/** Folders that hold no text of ours. */
const SKIPPED = new Set(["node_modules", "dist", "cdktf.out", "coverage", ".git", ".gen"]);

/** Files below a folder of the repository, by paths relative to its root, that end in one of the extensions. */
export function filesBelow(folder: string, extensions: readonly string[]): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, extensions);
    return extensions.some((extension) => entry.name.endsWith(extension)) ? [relative(".", path)] : [];
  });
}

/** A file of the repository as text. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A block of code on a page. */
export interface Block {
  readonly page: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** Where it stands, as people read it: `docs/rules.md:16`. */
  readonly place: string;
  /** What the HTML comment right above the fence says, by the word that it begins with: `<!-- before: ... -->`. */
  readonly notes: Readonly<Record<string, string>>;
}

const BLOCK = /((?:^ *<!--(?:(?!-->)[^])*-->\n+)*)^( *)```(\w+)\n([^]*?)^\2```$/gm;

/** The blocks of code of a page, in their order; those in lists without the list's indentation. */
export function blocksOf(page: string): Block[] {
  const text = textOf(page);
  return [...text.matchAll(BLOCK)].map((match) => {
    const [, comments, indentation, language, indented] = match;
    const line = text.slice(0, match.index + comments.length).split("\n").length;
    const code = indented.replace(new RegExp(`^${indentation}`, "gm"), "");
    const notes = [...comments.matchAll(/<!-- (\w+): ([^]*?) -->/g)].map(([, word, said]) => [word, said]);
    return { page, line, language, code, place: `${page}:${line}`, notes: Object.fromEntries(notes) as Block["notes"] };
  });
}

/** A Markdown text without its code, whose brackets and number signs mean something else. */
export function withoutFences(text: string): string {
  return text.replace(/^( *)(```|~~~)[^]*?^\1\2/gm, "");
}

/** The anchors of a Markdown text's headings, as GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutFences(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const anchor = anchorOf(heading);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Links count by their text; of other characters than letters, digits, `-` and `_`, only spaces are kept. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/ /g, "-");
}

/** The targets of a Markdown text's links and images. */
export function linksOf(text: string): string[] {
  const prose = withoutFences(text).replace(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)];
  const definitions = [...prose.matchAll(/^\[[^\]]+\]: +(\S+)/gm)];
  return [...inline, ...definitions].map(([, target]) => target);
}
