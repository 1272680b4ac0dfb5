import { escapeRegex } from "../../rules/regex/escape";

/** A text that is no good as a grok pattern, with the place in it, in UTF-16 units. */
export class GrokError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** `%{NAME}`, `%{NAME:field}` and `%{NAME:field:type}`; types are let go, since fields are texts. */
const REFERENCE = /%\{(\w+)(?::([^:{}]+))?(?::\w+)?\}/g;

/** Longer expressions come of patterns that double themselves, and no log line is worth them. */
const LONGEST = 200_000;

/** How the text between references is taken over. */
type Between = (text: string) => string;

/**
 * The regular expression that a grok pattern stands for: each reference becomes a group, named where it names a field.
 *
 * @param isEscaped whether all but the references is meant literally
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
      // A fault inside of a definition is shown where the text of the rule names it.
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
