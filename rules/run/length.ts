import { fail } from "./values";

/** Maximum length of a string that a function creates, in UTF-16 units, and of bytes: 16 Mi. */
export const MAX_LENGTH = 2 ** 24;

/** Maximum items of a list that a function creates: 1 Mi. */
export const MAX_ITEMS = 2 ** 20;

/** Maximum fields that rules add to one event, in addition to its original ones: 128 Ki. */
export const MAX_FIELDS = 2 ** 17;

/** Pieces that are joined at a time: a string of many small pieces would take more than ten times its own memory. */
const PIECES_AT_A_TIME = 4096;

/** Fails if more characters or bytes are to be created than allowed; call it before. */
export function checkLength(length: number): void {
  if (length > MAX_LENGTH) fail(`A text must have at most ${MAX_LENGTH} characters, got ${length}`);
}

/** The same for the items of a list. */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS) fail(`A list must have at most ${MAX_ITEMS} items, got ${count}`);
}

/** The same for the fields that rules add to an event. */
export function checkFields(count: number): void {
  if (count > MAX_FIELDS) fail(`An event must get at most ${MAX_FIELDS} fields, got ${count}`);
}

/** Builds a string from any number of pieces; fails before it exceeds the maximum length. */
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

/** Joins the pieces with a separator. */
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

/** Characters that are converted at a time, if the result is longer. */
const CHANGED_AT_A_TIME = 64 * 1024;

/**
 * Converts a string section by section, so that a result that is too long is never created. Surrogate pairs are not
 * split.
 */
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

/**
 * Replaces a character by another one, or removes it. A match for each occurrence would take more memory than the text.
 */
export function replaceUnits(text: string, unit: string, by: string): string {
  return text.includes(unit) ? byStretches(text, (stretch) => stretch.replaceAll(unit, by)) : text;
}

/** Splits at separators; fails if there are too many items for a list. */
export function cutAt(text: string, separator: string): string[] {
  const pieces = text.split(separator, MAX_ITEMS + 1);
  checkItems(pieces.length);
  return pieces;
}

/** Replaces each match of a global pattern; matches must not be empty. */
export function replaceEach(text: string, pattern: RegExp, make: (found: RegExpExecArray) => string): string {
  pattern.lastIndex = 0;
  let found = pattern.exec(text);
  if (!found) return text;
  const builder = new TextBuilder();
  let end = 0;
  for (; found; found = pattern.exec(text)) {
    builder.add(text.slice(end, found.index)).add(make(found));
    end = found.index + found[0].length;
    // The callback can use the same pattern.
    pattern.lastIndex = end;
  }
  return builder.add(text.slice(end)).text;
}
