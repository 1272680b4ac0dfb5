import { fail } from "./values";

/** Longest text that a function makes, in UTF-16 units, and most bytes: 16 Mi. */
export const MAX_LENGTH = 2 ** 24;

/** Items of the longest list that a function makes: 1 Mi. */
export const MAX_ITEMS = 2 ** 20;

/** Fields that rules make of one event, beside those that it came with: 128 Ki. */
export const MAX_FIELDS = 2 ** 17;

/** Pieces that are joined at a time: a text of many small ones would take more than ten times its own memory. */
const PIECES_AT_A_TIME = 4096;

/** Fails for more characters or bytes than may be made; before they are. */
export function checkLength(length: number): void {
  if (length > MAX_LENGTH) fail(`A text must have at most ${MAX_LENGTH} characters, got ${length}`);
}

/** Likewise for the items of a list. */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS) fail(`A list must have at most ${MAX_ITEMS} items, got ${count}`);
}

/** Likewise for the fields that rules make of an event. */
export function checkFields(count: number): void {
  if (count > MAX_FIELDS) fail(`An event must get at most ${MAX_FIELDS} fields, got ${count}`);
}

/** Makes a text of pieces, whatever their number; fails before it is longer than a text may be. */
export class TextBuilder {
  #length = 0;
  #done = "";
  #pieces: string[] = [];

  add(piece: string): this {
    this.#length += piece.length;
    checkLength(this.#length);
    this.#pieces.push(piece);
    if (this.#pieces.length === PIECES_AT_A_TIME) {
      this.#done += this.#pieces.join("");
      this.#pieces = [];
    }
    return this;
  }

  get text(): string {
    return this.#done + this.#pieces.join("");
  }
}

/** The pieces, with a separator between them, as one text. */
export function joined(pieces: Iterable<string>, separator = ""): string {
  const builder = new TextBuilder();
  let isFirst = true;
  for (const piece of pieces) {
    if (!isFirst && separator !== "") builder.add(separator);
    isFirst = false;
    builder.add(piece);
  }
  return builder.text;
}

/** Characters that are changed at a time, where what they become is longer. */
const CHANGED_AT_A_TIME = 64 * 1024;

/** A text made of another one stretch by stretch, so that what would be too long is not made. No surrogate pair is cut. */
export function byStretches(text: string, make: (stretch: string) => string): string {
  if (text.length <= CHANGED_AT_A_TIME) return make(text);
  const builder = new TextBuilder();
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + CHANGED_AT_A_TIME, text.length);
    if (/[\ud800-\udbff]/.test(text[end - 1])) end++;
    builder.add(make(text.slice(at, end)));
    at = end;
  }
  return builder.text;
}

/** A text with one character, or none, in the place of another. A match for each of them would take more than the text. */
export function replaceUnits(text: string, unit: string, by: string): string {
  return text.includes(unit) ? byStretches(text, (stretch) => stretch.replaceAll(unit, by)) : text;
}

/** What stands between separators; fails for more than a list may have. */
export function cutAt(text: string, separator: string): string[] {
  const pieces = text.split(separator, MAX_ITEMS + 1);
  checkItems(pieces.length);
  return pieces;
}

/** A text with something else in the place of each match of a global pattern, none of which may be empty. */
export function replaceEach(text: string, pattern: RegExp, make: (found: RegExpExecArray) => string): string {
  pattern.lastIndex = 0;
  let found = pattern.exec(text);
  if (!found) return text;
  const builder = new TextBuilder();
  let end = 0;
  for (; found; found = pattern.exec(text)) {
    builder.add(text.slice(end, found.index)).add(make(found));
    end = found.index + found[0].length;
    // What calls this in turn may use the same pattern.
    pattern.lastIndex = end;
  }
  return builder.add(text.slice(end)).text;
}
