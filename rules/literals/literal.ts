/**
 * Matching before parsing: the literals that a rule text, a query or a pattern needs, which a search looks for in the
 * raw bytes of JSON before these are parsed. A condition *needs* a literal if it is false for every record whose bytes
 * do not contain it.
 *
 * - {@link Needed} is a list of alternatives: at least one of these literals must be there. Undefined: nothing is
 *   known.
 * - `needsOfPattern`, `needsOfField` and `needsOfQuery` return what patterns and queries need; `either` and `all`
 *   combine them.
 * - `Rules.idle` describes what happens to records whose bytes contain nothing that a rule text needs to have an
 *   effect.
 * - `functions/parser/search` finds literals in bytes.
 *
 * The bytes are lines of JSON, or JSON inside JSON strings, as in a delivery of CLS. How a field's text appears in
 * them:
 *
 * - Most characters appear unchanged or as `\uXXXX`. The search handles this: it treats such an escape as a match if it
 *   can be a character of the literal.
 * - Quotes, backslashes and control characters have other escapes as well, and a slash can have one. The text of an
 *   object or a list is JSON that is printed again without spaces. A literal is therefore the text between such
 *   characters.
 * - A number can be written in other ways (`5e2`), so a literal that can be part of a number (`500`) is only looked for
 *   in the value of a field, where the search parses it.
 * - Bytes that are not UTF-8 are read as U+FFFD, which is never part of a literal.
 */
export type Literal = TextLiteral | FieldLiteral;

/** Text anywhere in the bytes. Never empty. */
export interface TextLiteral {
  readonly text: string;
  /**
   * Whether ASCII letters also match in the other case, and as the characters that Python considers equal to them: `ı`,
   * `İ`, `ſ` and the Kelvin sign.
   */
  readonly ignoreCase?: boolean;
}

/**
 * A member of a JSON object at any level, by its name and the text of its value; with any value if no test is given.
 */
export interface FieldLiteral {
  readonly field: string;
  /**
   * Relation of the value's text to `text`. The text is as rules read it: a number is its digits, and null is empty.
   */
  readonly test: "exists" | "starts" | "is" | "holds";
  /** Empty only if it is enough that the field exists. */
  readonly text: string;
  readonly ignoreCase?: boolean;
}

/** Literals of which one must be in the bytes. Empty if the condition is never true, undefined if nothing is known. */
export type Needed = readonly Literal[] | undefined;

/** Maximum number of literals: more alternatives would be found in most bytes. */
const MOST_LITERALS = 256;

/** What is needed if one of several conditions must be true. */
export function either(alternatives: readonly Needed[]): Needed {
  const literals = new Map<string, Literal>();
  for (const needed of alternatives) {
    if (needed === undefined) return undefined;
    for (const literal of needed) literals.set(JSON.stringify(literal), literal);
  }
  return literals.size > MOST_LITERALS ? undefined : [...literals.values()];
}

/** What is needed if all of several conditions must be true: the needs of the one that is rarest. */
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
 * How selective a search for these is, in bits, roughly that of the most frequent literal. Field names are in every
 * record, and examining each value takes time, so a field is only better than a text if the text is short.
 */
function rarityOf(needed: readonly Literal[]): number {
  return Math.min(
    ...needed.map((one) => ("field" in one ? Math.min(bitsOf(one.text), 10) + TELLS[one.test] : bitsOf(one.text))),
  );
}

/** Information of the test itself, in bits. */
const TELLS = { exists: 1, holds: 4, starts: 8, is: 9 };

/** Information of a text, in bits: frequent letters contribute less. */
export function bitsOf(text: string): number {
  let bits = 0;
  for (const character of text) bits += /[etaoinsr 0-9]/.test(character) ? 3.5 : /[a-z.-]/.test(character) ? 4.5 : 6;
  return bits;
}
