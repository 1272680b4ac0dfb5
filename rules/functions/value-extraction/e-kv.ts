import type { BoundCall, Step } from "../../run/implementation";
import type { Regex } from "../../regex/regex";
import { isTrue } from "../../run/values";
import { separatorOf } from "../common/options";
import { regexWith } from "../common/patterns";
import { isScannable, scanPairs, unescapeQuotes } from "./kv-scanner";
import { literalAlternatives } from "./literal-alternatives";
import { type FindPairs, pairStep } from "./pair-step";

export function keyValues(call: BoundCall): Step {
  return pairStep(call, ["sep", "quote", "escape"], ({ sep, quote, escape }) =>
    pairFinder(call, separatorOf("e_kv", "sep", sep), separatorOf("e_kv", "quote", quote), isTrue(escape)),
  );
}

/** The scanner if the separator consists of literals, otherwise a pattern that includes the separator. */
function pairFinder(call: BoundCall, sep: string, quote: string, escape: boolean): FindPairs {
  const separators = literalAlternatives(sep);
  if (separators && isScannable(separators, quote)) {
    const syntax = { separators, quote, escape };
    return (text, take) => scanPairs(text, syntax, take);
  }
  const separator = regexWith(call, "sep", `(?:${sep})`);
  const pair = regexWith(call, "sep", pairPattern(sep, escapedLiteral(quote), escape));
  return (text, take) => {
    for (const [key, value] of matchedPairs(text, pair, separator))
      take(key, escape ? unescapeQuotes(value, quote) : value);
  };
}

const KEY = String.raw`[\u0800-\u9fa5\w.\-]+`;
const BARE = String.raw`[\u0800-\u9fa5\w.\-%~]+`;

function pairPattern(sep: string, quote: string, escape: boolean): string {
  const quoted = escape
    ? String.raw`${quote}\s*((?:[^${quote}]|\\${quote})*?[^\\])${quote}`
    : String.raw`${quote}\s*([^${quote}]*?)\s*${quote}`;
  return String.raw`(${KEY})\s*(?:${sep})\s*(?:(${BARE})|${quoted})`;
}

/**
 * Pairs whose key does not begin with the separator: if the separator can consist of letters, the key begins after it.
 */
function* matchedPairs(text: string, pair: Regex, separator: Regex): Generator<readonly [string, string]> {
  for (let at = 0; at <= text.length;) {
    const match = pair.search(text, at);
    if (!match) return;
    const [key, bare, quoted] = match.groups;
    if (separator.prefixMatch(text.slice(match.start, match.end))?.text) {
      at = match.start + 1;
      continue;
    }
    yield [key ?? "", bare ?? quoted ?? ""];
    at = match.end;
  }
}

function escapedLiteral(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}-]/g, "\\$&");
}
