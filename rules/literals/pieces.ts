import { bitsOf, type FieldLiteral, type Needed, type TextLiteral } from "./literal";

/**
 * Characters that JSON always or sometimes writes in another form; unpaired surrogates; and the character that replaces
 * invalid bytes.
 */
const WRITTEN_OTHERWISE = /["\\/,:{}[\]\u0000-\u001f\ufffd]|\p{Surrogate}/u;

/** The same in the name of a member: names are strings, in which only these characters need an escape. */
const ESCAPED_IN_NAME = /["\\/\u0000-\u001f\ufffd]|\p{Surrogate}/u;

/** Characters of numbers. */
const NUMERIC = /^[0-9.eE+-]*$/;

/** Minimum information of a text for a search to be worthwhile: a character and a half. */
const LEAST_BITS = 7;

/** Number of texts from which their common start is looked for instead: `50` to `59` share `5`. */
const MANY_STARTS = 5;

/** A text that a value contains, or can contain. */
export interface Piece {
  readonly text: string;
  readonly ignoreCase?: boolean;
}

/** What the bytes need to contain one of these in the text of any value. */
export function needsOfTexts(pieces: readonly Piece[]): Needed {
  const literals: TextLiteral[] = [];
  for (const { text, ignoreCase } of pieces) {
    const best = bestOf(partsOf(text).filter((part) => !NUMERIC.test(part)));
    if (bitsOf(best) < LEAST_BITS) return undefined;
    literals.push({ text: best, ...(ignoreCase && { ignoreCase }) });
  }
  return literals;
}

/** What the bytes need to contain a field of that name; undefined for names that rules read under another name. */
export function needsOfName(field: string): Needed {
  return isPlainName(field) ? [{ field, test: "exists", text: "" }] : undefined;
}

/** What the bytes need to contain a field whose text contains, starts with or equals one of these. */
export function needsOfValue(field: string, test: "holds" | "starts" | "is", pieces: readonly Piece[]): Needed {
  if (!isPlainName(field)) return undefined;
  const shared = test === "holds" ? undefined : sharedStart(pieces);
  if (shared) return needsOfValue(field, "starts", [shared]);
  const literals: FieldLiteral[] = [];
  for (const { text, ignoreCase } of pieces) {
    const parts = partsOf(text);
    const part = test === "holds" ? bestOf(parts) : parts[0];
    const isWhole = part === text;
    if (part === "") literals.push({ field, test: "exists", text: "" });
    else
      literals.push({
        field,
        test: test === "is" && !isWhole ? "starts" : test,
        text: part,
        ...(ignoreCase && { ignoreCase }),
      });
  }
  return literals;
}

/** The common start of many texts: each literal requires examining the same member of each record. */
function sharedStart(pieces: readonly Piece[]): Piece | undefined {
  if (pieces.length < MANY_STARTS) return undefined;
  const [{ ignoreCase, text }] = pieces;
  if (pieces.some((piece) => piece.ignoreCase !== ignoreCase)) return undefined;
  let length = 0;
  while (length < text.length && pieces.every((piece) => piece.text[length] === text[length])) length++;
  return length > 0 ? { text: text.slice(0, length), ignoreCase } : undefined;
}

/**
 * Whether a field has the same name in the bytes. CLS has other names for the rule language's `__time__` and the like.
 */
function isPlainName(field: string): boolean {
  return field !== "" && !field.startsWith("_") && !ESCAPED_IN_NAME.test(field);
}

/**
 * The parts of a text that appear unsplit in the bytes, in any value. The first is the start of the text, and can be
 * empty.
 */
function partsOf(text: string): readonly string[] {
  return text.split(WRITTEN_OTHERWISE);
}

function bestOf(parts: readonly string[]): string {
  return parts.reduce((best, part) => (bitsOf(part) > bitsOf(best) ? part : best), "");
}
