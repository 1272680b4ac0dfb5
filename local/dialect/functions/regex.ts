import { expression, type Definitions } from "../definition";
import { javaPattern, matchesWhole } from "../java-regex";
import { RowFailure } from "../values";

/** Functions on Java patterns. Fact: docs/design/facts/rules.md#dialect-patterns. */
export const REGEX: Definitions = {
  regex_match: expression("data regex full?", (args) => {
    const [text, pattern] = [args.text("data"), args.text("regex")];
    return args.flag("full", true) ? matchesWhole(pattern, text) : javaPattern(pattern).test(text);
  }),
  /** Group 0 is the whole match; an empty text if there is no such match. */
  regex_select: expression("data regex index? group?", (args) => {
    const matches = [...args.text("data").matchAll(javaPattern(args.text("regex")))];
    return matches[args.integer("index", 0)]?.[args.integer("group", 0)] ?? "";
  }),
  /** As in Java: trailing empty texts are left out, and so is a leading one from an empty match. */
  regex_split: expression("data regex limit?", (args) => {
    const text = args.text("data");
    const limit = args.integer("limit", 100);
    const parts: string[] = [];
    let start = 0;
    for (const { index, 0: found } of text.matchAll(javaPattern(args.text("regex")))) {
      if (parts.length + 1 >= limit) break;
      if (index + found.length === 0 || (found === "" && index === text.length)) continue;
      parts.push(text.slice(start, index));
      start = index + found.length;
    }
    parts.push(text.slice(start));
    while (parts.length > 1 && parts.at(-1) === "") parts.pop();
    return parts;
  }),
  regex_replace: expression("data regex replace? count?", (args) => {
    const count = args.integer("count", 0);
    const template = args.text("replace");
    let replaced = 0;
    return args.text("data").replace(javaPattern(args.text("regex")), (whole: string, ...rest: unknown[]) => {
      if (count > 0 && replaced >= count) return whole;
      replaced++;
      return fill(template, [whole, ...rest]);
    });
  }),
  /** All matches; the first group of each, if the pattern has groups. */
  regex_findall: expression("data regex", (args) =>
    [...args.text("data").matchAll(javaPattern(args.text("regex")))].map(([whole]) => whole),
  ),
};

/** The names of a pattern's groups in order; `undefined` for those without one. */
export function namedGroups(pattern: string): (string | undefined)[] {
  const tokens = pattern.replace(/\\[^]/g, "__").replace(/\[[^\]]*\]/g, "_");
  return [...tokens.matchAll(/\((?:\?<(\w+)>|(?!\?))/g)].map(([, name]) => name);
}

/** `$1` is a group, `\$` a dollar sign. */
function fill(template: string, groups: readonly unknown[]): string {
  return template.replace(/\\([^])|\$(\d)/g, (_, escaped: string | undefined, digit: string) => {
    if (escaped !== undefined) return escaped;
    const at = Number(digit);
    if (at > 0 && typeof groups[at] === "number") throw new RowFailure(`regex_replace: there is no group ${at}`);
    return (groups[at] as string | undefined) ?? "";
  });
}
