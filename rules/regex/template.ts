import { joined } from "../run/length";
import { CONTROL_LETTERS } from "../python/control-letters";
import { RegexError, type Regex, type RegexMatch } from "./regex";

/** The result of a replacement for a match. */
export type Template = (match: RegexMatch) => string;

const CONTROLS: Readonly<Record<string, string>> = { ...CONTROL_LETTERS, "\\": "\\" };

/**
 * Compiles a replacement as Python's `re.sub` does: `\1`, `\g<1>`, `\g<name>`, `\n` and the like, octal escapes; a
 * backslash before anything other than a letter stays. Groups that did not participate are empty. Throws a `RegexError`
 * for a group that the pattern does not have, and for an unknown letter after a backslash.
 */
export function compileTemplate(template: string, regex: Regex): Template {
  if (!template.includes("\\")) return () => template;
  const parts: (string | number)[] = [];
  let end = 0;
  for (const match of template.matchAll(/\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9][0-9]?)|([^]?))/gu)) {
    const [text, name, octal, digits, character] = match;
    parts.push(template.slice(end, match.index));
    if (name !== undefined) parts.push(groupOf(name, regex, match.index));
    else if (octal !== undefined) parts.push(String.fromCharCode(parseInt(octal, 8)));
    else if (digits !== undefined) parts.push(groupOf(digits, regex, match.index));
    else parts.push(escaped(text, character, match.index));
    end = match.index + text.length;
  }
  parts.push(template.slice(end));
  return (match) => joined(parts.map((part) => (typeof part === "string" ? part : textOf(match, part))));
}

function groupOf(name: string, regex: Regex, offset: number): number {
  const group = /^\d+$/.test(name) ? Number(name) : regex.groupNames.get(name);
  if (group !== undefined && group <= regex.groupCount) return group;
  throw new RegexError(`the replacement refers to the group ${name}, which the pattern does not have`, offset);
}

function escaped(text: string, character: string, offset: number): string {
  if (Object.hasOwn(CONTROLS, character)) return CONTROLS[character];
  if (!/^[a-zA-Z]?$/.test(character)) return text;
  const remedy = "write \\\\ for a backslash";
  if (character === "") throw new RegexError(`the replacement ends with a backslash; ${remedy}`, offset);
  throw new RegexError(`the replacement has the unknown escape ${text}; ${remedy}`, offset);
}

function textOf(match: RegexMatch, group: number): string {
  return (group === 0 ? match.text : match.groups[group - 1]) ?? "";
}
