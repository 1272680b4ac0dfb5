import { bitsOf, type FieldLiteral, type Needed, type TextLiteral } from "./literal";

/** What JSON writes otherwise than it is, or may; half a character, and what stands for bytes that are no text. */
const WRITTEN_OTHERWISE = /["\\/,:{}[\]\u0000-\u001f\ufffd]|\p{Surrogate}/u;

/** In the name of a member: names are strings, so that nothing but these needs an escape. */
const ESCAPED_IN_NAME = /["\\/\u0000-\u001f\ufffd]|\p{Surrogate}/u;

/** What may stand in a number's text. */
const NUMERIC = /^[0-9.eE+-]*$/;

/** What a text tells at least, to be worth a search: a character and a half. */
const LEAST_BITS = 7;

/** Texts of which what they share is looked for: `50` to `59` are what starts with `5`. */
const MANY_STARTS = 5;

/** A text that a value holds, or may hold. */
export interface Piece {
  readonly text: string;
  readonly ignoreCase?: boolean;
}

/** What bytes need that hold, in the text of any value, one of these. */
export function needsOfTexts(pieces: readonly Piece[]): Needed {
  const literals: TextLiteral[] = [];
  for (const { text, ignoreCase } of pieces) {
    const best = bestOf(partsOf(text).filter((part) => !NUMERIC.test(part)));
    if (bitsOf(best) < LEAST_BITS) return undefined;
    literals.push({ text: best, ...(ignoreCase && { ignoreCase }) });
  }
  return literals;
}

/** What bytes need that have a field of that name; undefined for names that rules read otherwise than they stand there. */
export function needsOfName(field: string): Needed {
  return isPlainName(field) ? [{ field, test: "exists", text: "" }] : undefined;
}

/** What bytes need that have a field whose text holds one of these, starts with it, or is it. */
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

/** What many texts start with: each literal takes a look at the same member of each record. */
function sharedStart(pieces: readonly Piece[]): Piece | undefined {
  if (pieces.length < MANY_STARTS) return undefined;
  const [{ ignoreCase, text }] = pieces;
  if (pieces.some((piece) => piece.ignoreCase !== ignoreCase)) return undefined;
  let length = 0;
  while (length < text.length && pieces.every((piece) => piece.text[length] === text[length])) length++;
  return length > 0 ? { text: text.slice(0, length), ignoreCase } : undefined;
}

/** Whether a field's name stands in the bytes as it is: CLS has other names for what rules know as `__time__` and the like. */
function isPlainName(field: string): boolean {
  return field !== "" && !field.startsWith("_") && !ESCAPED_IN_NAME.test(field);
}

/** What of a text stands together in the bytes, whatever value holds it; the first is where it starts, and may be empty. */
function partsOf(text: string): readonly string[] {
  return text.split(WRITTEN_OTHERWISE);
}

function bestOf(parts: readonly string[]): string {
  return parts.reduce((best, part) => (bitsOf(part) > bitsOf(best) ? part : best), "");
}
