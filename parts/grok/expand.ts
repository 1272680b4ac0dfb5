import { escapeRegex } from "../../rules/regex/escape";

/** An invalid grok pattern, with the position in it, in UTF-16 units. */
export class GrokError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** `%{NAME}`, `%{NAME:field}` and `%{NAME:field:type}`; types are ignored, because fields are texts. */
const REFERENCE = /%\{(\w+)(?::([^:{}]+))?(?::\w+)?\}/g;

/** Maximum length of an expression. Longer ones come from patterns that double themselves; no log line needs them. */
const LONGEST = 200_000;

/** Converts the text between references. */
type Between = (text: string) => string;

/**
 * The regular expression for a grok pattern: each reference becomes a group, which is named if the reference names a field.
 *
 * @param isEscaped whether everything except the references is literal text
 */
export function expandGrok(pattern: string, patterns: ReadonlyMap<string, string>, isEscaped: boolean): string {
  const known = new Map<string, string>();
  const definition = (name: string, open: readonly string[], offset: number): string => {
    const text = patterns.get(name);
    if (text === undefined) {
      throw new GrokError(`there is no grok pattern ${name}; define it with extend={"${name}": ...}`, offset);
    }
    if (open.includes(name)) throw new GrokError(`the grok pattern ${name} is made of itself`, offset);
    const expanded = known.get(name) ?? expand(text, (plain) => plain, [...open, name], offset);
    known.set(name, expanded);
    return expanded;
  };
  const expand = (text: string, between: Between, open: readonly string[], offset?: number): string => {
    let result = "";
    let end = 0;
    for (const match of text.matchAll(REFERENCE)) {
      const [reference, name, field] = match;
      result += between(text.slice(end, match.index));
      // A fault inside a definition is reported at the position in the rule's text that names it.
      const place = offset ?? match.index;
      result += `${field === undefined ? "(?:" : `(?P<${field}>`}${definition(name, open, place)})`;
      if (result.length > LONGEST)
        throw new GrokError(`the grok pattern becomes longer than ${LONGEST} characters`, place);
      end = match.index + reference.length;
    }
    return result + between(text.slice(end));
  };
  return expand(pattern, isEscaped ? escapeRegex : (plain) => plain, []);
}
