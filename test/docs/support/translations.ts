import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, ROOT, textOf } from "../markdown";

const HEAD = /^<!-- translates: (\S+) ([0-9a-f]{12}) -->\n/;
const BLOCK = /^( *)```(\w*)\n[^]*?^\1```$/gm;

/** A page in another language. */
export interface Translation {
  readonly page: string;
  /** Its original, and the hash of the original's text at the time of translation. */
  readonly original: string;
  readonly hash: string;
}

/** All translated pages; each names its original in its first line. */
export function translations(): Translation[] {
  return ["README.zh-CN.md", ...filesBelow("docs/zh", [".md"])].map((page) => {
    const [, original, hash] = HEAD.exec(textOf(page)) ?? [];
    if (original === undefined) throw new Error(`${page} must begin with <!-- translates: PAGE HASH -->, got none`);
    if (!existsSync(join(ROOT, original))) throw new Error(`${page} must follow a page that exists, got ${original}`);
    return { page, original, hash };
  });
}

/** The hash of a page without generated tables and code blocks, which need no translation. */
export function hashOf(page: string): string {
  const text = textOf(page)
    .replace(BLOCK, "")
    .replace(/^<!-- generated[^]*?^<!-- end -->/gm, "");
  return createHash("sha256").update(text.replace(/\s+/g, " ")).digest("hex").slice(0, 12);
}

/** Code blocks of a text, including fences, without the indentation of lists. */
export function fencesOf(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([block, indentation]) =>
    block.replace(new RegExp(`^${indentation}`, "gm"), ""),
  );
}

/** The translation with the current code blocks of its original; unchanged if their numbers differ. */
export function withCodeOf({ page, original }: Translation): string {
  const [text, blocks] = [textOf(page), fencesOf(textOf(original))];
  if (fencesOf(text).length !== blocks.length) return text;
  const indented = (block: string, indentation: string): string => block.replace(/^(?=.)/gm, indentation);
  return text.replace(BLOCK, (_, indentation: string) => indented(blocks.shift() ?? "", indentation));
}
