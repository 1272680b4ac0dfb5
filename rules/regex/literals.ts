import { LONGEST_PATTERN } from "./bounds";
import { parseRegex } from "./parse";
import type { Node } from "./syntax";

const SPECIAL = /[.^$*+?{}[\]\\|()]/;

/**
 * The strings that a pattern matches, if it consists only of alternative literals: `age|name`; otherwise `undefined`.
 */
export function literalsOf(pattern: string): readonly string[] | undefined {
  // Longer patterns are invalid, which is reported when they are compiled.
  if (pattern.length > LONGEST_PATTERN) return undefined;
  if (!SPECIAL.test(pattern)) return [pattern];
  const { root } = parseRegex(pattern);
  const texts = (root.kind === "choice" ? root.options : [root]).map(literalOf);
  return texts.every((text) => text !== undefined) ? (texts as string[]) : undefined;
}

function literalOf(node: Node): string | undefined {
  const items = node.kind === "sequence" ? node.items : [node];
  let text = "";
  for (const item of items) {
    if (item.kind !== "set" || item.set.negated || item.set.fold !== "none" || item.set.items.length !== 1)
      return undefined;
    const [member] = item.set.items;
    if (!("range" in member) || member.range[0] !== member.range[1]) return undefined;
    text += String.fromCodePoint(member.range[0]);
  }
  return text;
}
