import { expression, type Args, type Definitions } from "../definition";
import { RowFailure, textOf } from "../values";

/**
 * Functions on texts; positions start at 0, an end of -1 is the end of the text. Fact:
 * docs/design/facts/rules.md#dialect-strings.
 */
export const STRINGS: Definitions = {
  str_count: expression("data sub start? end?", (args) => {
    const sub = args.text("sub");
    return BigInt(sub === "" ? 0 : part(args).split(sub).length - 1);
  }),
  str_len: expression("data", (args) => BigInt(args.text("data").length)),
  str_uppercase: expression("data", (args) => args.text("data").toUpperCase()),
  str_lowercase: expression("data", (args) => args.text("data").toLowerCase()),
  str_join: expression("join *", (args) =>
    args.rest.map((value) => (value === null ? "" : textOf(value))).join(args.text("join")),
  ),
  str_replace: expression("data old? new? count?", (args) => {
    const [old, replacement, count] = [args.text("old"), args.text("new"), args.integer("count", 0)];
    if (old === "") return args.text("data");
    const pieces = args.text("data").split(old);
    const replaced = count > 0 ? Math.min(count, pieces.length - 1) : pieces.length - 1;
    return [pieces.slice(0, replaced + 1).join(replacement), ...pieces.slice(replaced + 1)].join(old);
  }),
  str_format: expression("format *", (args) => messageFormat(args.text("format"), args.rest.map(textOf))),
  str_strip: expression("data chars?", (args) => stripEnd(stripStart(args.text("data"), args), args)),
  str_lstrip: expression("data chars?", (args) => stripStart(args.text("data"), args)),
  str_rstrip: expression("data chars?", (args) => stripEnd(args.text("data"), args)),
  str_find: expression("data sub start? end?", (args) => {
    const at = part(args).indexOf(args.text("sub"));
    return BigInt(at === -1 ? -1 : at + args.integer("start", 0));
  }),
  str_start_with: expression("data sub start? end?", (args) => part(args).startsWith(args.text("sub"))),
  str_end_with: expression("data sub start? end?", (args) => part(args).endsWith(args.text("sub"))),
};

function part(args: Args): string {
  const end = args.integer("end", -1);
  return args.text("data").slice(args.integer("start", 0), end < 0 ? undefined : end);
}

function stripStart(text: string, args: Args): string {
  const chars = charsOf(args);
  let start = 0;
  while (start < text.length && chars.has(text[start])) start++;
  return text.slice(start);
}

function stripEnd(text: string, args: Args): string {
  const chars = charsOf(args);
  let end = text.length;
  while (end > 0 && chars.has(text[end - 1])) end--;
  return text.slice(0, end);
}

function charsOf(args: Args): Set<string> {
  return new Set(args.text("chars", "\t\r\n").split(""));
}

/** Java's MessageFormat: `{0}`; text between apostrophes is literal, and two of them are one apostrophe. */
function messageFormat(format: string, values: readonly string[]): string {
  return format.replace(/''|'([^']*)(?:'|$)|\{([^{}]*)\}|[{}]/g, (token, quoted?: string, index?: string) => {
    if (token === "''") return "'";
    if (quoted !== undefined) return quoted;
    if (index === undefined || !/^\s*\d+\s*$/.test(index)) {
      throw new RowFailure(`str_format: placeholders must be numbers in braces, got ${token}`);
    }
    return values[Number(index)] ?? `{${index}}`;
  });
}
