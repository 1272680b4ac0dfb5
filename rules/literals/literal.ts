/**
 * Matching before parsing: what a rule text, a query or a pattern cannot do without, as literals that a search looks for in the
 * raw bytes of JSON, before anything is made of these. A literal is *needed* by a condition that is true of no record whose
 * bytes do not hold it.
 *
 * - {@link Needed} is an alternative: of these literals one at least must be there. Undefined: nothing is known.
 * - `needsOfPattern`, `needsOfField` and `needsOfQuery` tell what patterns and queries need; `either` and `all` join them.
 * - `Rules.idle` tells what becomes of records whose bytes hold none of what a rule text needs to do anything.
 * - `functions/parser/search` finds literals in bytes.
 *
 * The bytes are those of lines of JSON, or of JSON that stands in strings of JSON, as in a delivery of CLS. What a field's text
 * is in the bytes:
 *
 * - Most characters stand there as they are, or as `\uXXXX`: the search knows, and takes such an escape for a find where it may
 *   be a character of what it looks for.
 * - Quotes, backslashes and control characters have other escapes as well, and so may have a slash. The text of an object or a
 *   list is JSON that is written anew, without its spaces. So a literal is what stands between such characters.
 * - A number may be written in other ways (`5e2`), so that a literal in which a number may stand (`500`) is looked for in the
 *   value of a field only, where the search reads it as what it is.
 * - Bytes that are not UTF-8 read as U+FFFD, which is no part of a literal.
 */
export type Literal = TextLiteral | FieldLiteral;

/** A text that stands anywhere in the bytes. It is not empty. */
export interface TextLiteral {
  readonly text: string;
  /** Whether letters of ASCII count as their other case, and as what Python takes for these: `ı`, `İ`, `ſ` and the Kelvin sign. */
  readonly ignoreCase?: boolean;
}

/** A member of a JSON object, on whatever level, by its name and by the text of its value; any one where no test is given. */
export interface FieldLiteral {
  readonly field: string;
  /** What the value's text does with `text`: as rules read it, where a number is its digits and null is empty. */
  readonly test: "exists" | "starts" | "is" | "holds";
  /** Empty only where it is enough that the field exists. */
  readonly text: string;
  readonly ignoreCase?: boolean;
}

/** Literals of which one must be in the bytes; none at all for what is never true, undefined where nothing is known. */
export type Needed = readonly Literal[] | undefined;

/** More alternatives would be found in most bytes. */
const MOST_LITERALS = 256;

/** What is needed where one of some conditions must be true. */
export function either(alternatives: readonly Needed[]): Needed {
  const literals = new Map<string, Literal>();
  for (const needed of alternatives) {
    if (needed === undefined) return undefined;
    for (const literal of needed) literals.set(JSON.stringify(literal), literal);
  }
  return literals.size > MOST_LITERALS ? undefined : [...literals.values()];
}

/** What is needed where all of some conditions must be true: of one of them, the one that is hardest to find. */
export function all(conditions: readonly Needed[]): Needed {
  let best: Needed;
  let most = -1;
  for (const needed of conditions) {
    const rarity = needed === undefined ? -1 : rarityOf(needed);
    if (rarity > most) [best, most] = [needed, rarity];
  }
  return best;
}

/**
 * How well a search for these does, in bits that the literal found most often tells, about. Names of fields are in every
 * record, and a look at each value takes time: it does better than a text only where that is short.
 */
function rarityOf(needed: readonly Literal[]): number {
  return Math.min(
    ...needed.map((one) => ("field" in one ? Math.min(bitsOf(one.text), 10) + TELLS[one.test] : bitsOf(one.text))),
  );
}

/** What it tells that a text stands where it does, in bits. */
const TELLS = { exists: 1, holds: 4, starts: 8, is: 9 };

/** What a text tells, in bits: common letters tell less. */
export function bitsOf(text: string): number {
  let bits = 0;
  for (const character of text) bits += /[etaoinsr 0-9]/.test(character) ? 3.5 : /[a-z.-]/.test(character) ? 4.5 : 6;
  return bits;
}
