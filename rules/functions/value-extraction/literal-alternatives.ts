/** Characters that are literal in a pattern when escaped. */
const ESCAPED = /^[^\p{L}\p{N}_]$/u;
const ESCAPED_CONTROLS: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v" };
const SPECIAL = "\\^$.|?*+()[]{}";

/**
 * The strings that a pattern fragment matches, in the order of its alternatives, if it consists only of literals: `=`,
 * `\|`, `=|:`, `(?:=|:)`, `[=:]`. Undefined if it needs a regex engine.
 */
export function literalAlternatives(fragment: string): readonly string[] | undefined {
  const group = /^\(\?:(.*)\)$/s.exec(fragment);
  if (group) return literals(group[1]);
  const set = /^\[([^\\^\]-]+)\]$/s.exec(fragment);
  if (set) return [...set[1]];
  return literals(fragment);
}

function literals(pattern: string): readonly string[] | undefined {
  const found = [""];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    if (character === "|") {
      found.push("");
      continue;
    }
    const literal =
      character === "\\" ? escapedLiteral(characters[++at]) : SPECIAL.includes(character) ? undefined : character;
    if (literal === undefined) return undefined;
    found[found.length - 1] += literal;
  }
  return found.every((literal) => literal !== "") ? found : undefined;
}

function escapedLiteral(character: string | undefined): string | undefined {
  if (character === undefined) return undefined;
  return ESCAPED_CONTROLS[character] ?? (ESCAPED.test(character) ? character : undefined);
}
