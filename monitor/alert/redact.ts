import type { Alert } from "./alert";

/** Replaces a masked value. */
export const MASK = "***";

/** Minimum length of values that are masked wherever they occur. Shorter ones would occur in any text. */
const SHORTEST = 4;

/**
 * Masks the values of the named fields everywhere in the alert: in the sample and the group by their names; in lines
 * and other values by anything that looks like the name and its value (JSON, JSON within text, `name=value`, `name:
 * value`); and elsewhere by the value itself, if the sample or the group contains it. If the end of a value is unclear,
 * more is masked. Names are compared by their letters only, ignoring case.
 */
export function redacted(alert: Alert, names: readonly string[]): Alert {
  if (names.length === 0) return alert;
  const isHidden = hiddenBy(names);
  const pairs = [...alert.group, ...(alert.sample?.fields ?? [])];
  const masked = maskerOf(
    names,
    pairs.filter(([name]) => isHidden(name)).map(([, value]) => value),
  );
  const pair = ([name, value]: readonly [string, string]) => [name, isHidden(name) ? MASK : masked(value)] as const;
  return {
    ...alert,
    group: alert.group.map(pair),
    ...(alert.sample && {
      sample: {
        ...alert.sample,
        fields: alert.sample.fields.map(pair),
        around: alert.sample.around.map(masked),
      },
    }),
    ...(alert.words !== undefined && { words: masked(alert.words) }),
  };
}

/** Whether a name is one of those to mask, ignoring case. */
export function hiddenBy(names: readonly string[]): (name: string) => boolean {
  const hidden = new Set(names.map((name) => name.toLowerCase()));
  return (name) => hidden.has(name.toLowerCase());
}

/** Masks in texts anything that looks like the names and their values, and the known values. */
export function maskerOf(names: readonly string[], values: readonly string[]): (text: string) => string {
  const known = [...new Set(values)]
    .filter((value) => value.length >= SHORTEST && value !== MASK)
    .sort((a, b) => b.length - a.length);
  const pattern = namePattern(names);
  return (text) => {
    const rest = known.reduce((left, value) => left.split(value).join(MASK), text);
    return maskNamed(rest, pattern);
  };
}

/** A name, quoted or not, and the characters between it and its value. */
function namePattern(names: readonly string[]): RegExp {
  const some = names.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  some.sort((a, b) => b.length - a.length);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(\\{0,9}["'])?(?:${some.join("|")})(?:\1)?\s*([:=])\s*`, "giu");
}

function maskNamed(text: string, pattern: RegExp): string {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const valueAt = match.index + match[0].length;
    if (match.index < at || valueAt >= text.length) continue;
    const quote = /^\\{0,9}["']/.exec(text.slice(valueAt, valueAt + 20))?.[0];
    const end = endOfValue(text, valueAt, { quote, isJson: match[1] !== undefined, isColon: match[2] === ":" });
    result += text.slice(at, valueAt) + (quote === undefined ? MASK : quote + MASK + quote);
    at = end;
  }
  return result + text.slice(at);
}

/** How a value is written. */
interface Written {
  /** With preceding backslashes, if it is inside a string. */
  readonly quote: string | undefined;
  /** Whether the name is quoted. */
  readonly isJson: boolean;
  readonly isColon: boolean;
}

function endOfValue(text: string, at: number, { quote, isJson, isColon }: Written): number {
  if (quote !== undefined) return endOfQuoted(text, at + quote.length, quote);
  if (text[at] === "{" || text[at] === "[") return endOfBrackets(text, at);
  // A header's value can have several words: `authorization: Bearer x`.
  const end = isJson ? /[,}\]\s]/g : isColon ? /[,;&\r\n"']|\s[\w.-]{1,64}[=:]/g : /[\s,;&"')\]}]/g;
  end.lastIndex = at;
  return end.exec(text)?.index ?? text.length;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== "\\") return at + quote.length;
  }
  return text.length;
}

function endOfBrackets(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = Math.max(at, endOfQuoted(text, at + 1, '"') - 1);
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}
