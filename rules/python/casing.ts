import { byStretches, checkLength, replaceEach } from "../run/length";
import { pointAt, pointBefore } from "./points";

/** Python's case conversions. Those of JavaScript also use Unicode's full mappings. */

/** `str.lower`. Only one letter, İ, becomes two characters. */
export function lower(text: string): string {
  let length = text.length;
  for (let at = text.indexOf("\u0130"); at !== -1; at = text.indexOf("\u0130", at + 1)) length++;
  checkLength(length);
  return text.toLowerCase();
}

/** `str.upper`. A letter becomes at most three characters, whatever surrounds it. */
export function upper(text: string): string {
  return byStretches(text, (stretch) => stretch.toUpperCase());
}

/** Consecutive cased characters, in limited runs: V8's stack is too small for millions of them. */
const CASED_RUN = /[\p{Lowercase}\p{Uppercase}\p{Lt}]{1,1000}/gu;
const OF_ONE_CASE = /\p{Uppercase}{1,1000}|\p{Lowercase}{1,1000}/gu;
const ASCII_WORD = /[A-Za-z]+/g;
const ASCII = /^[\0-\x7f]*$/;

/** `str.title`: in each run of cased characters, the first in title case and the others in lower case. */
export function title(text: string): string {
  if (ASCII.test(text))
    return replaceEach(text, ASCII_WORD, ([word]) => word[0].toUpperCase() + word.slice(1).toLowerCase());
  let end = -1;
  return replaceEach(text, CASED_RUN, ({ 0: run, index }) => {
    const isStart = index !== end;
    end = index + run.length;
    if (!isStart) return lowerPart(text, index, end);
    const first = String.fromCodePoint(run.codePointAt(0)!);
    return titlePoint(first) + lowerPart(text, index + first.length, end);
  });
}

/** `str.capitalize`: the first character in title case, all others in lower case. */
export function capitalize(text: string): string {
  if (text === "") return text;
  const first = String.fromCodePoint(text.codePointAt(0)!);
  const changed = titlePoint(first) + lowerPart(text, first.length, text.length);
  checkLength(changed.length);
  return changed;
}

/** `str.swapcase`: swaps lower and upper case; title case stays. */
export function swapCase(text: string): string {
  return replaceEach(text, OF_ONE_CASE, ({ 0: run, index }) =>
    /^\p{Uppercase}/u.test(run) ? lowerPart(text, index, index + run.length) : run.toUpperCase(),
  );
}

/** Digraphs with three cases in Unicode, title case next to upper case: Ǆ, ǅ, ǆ. */
const DIGRAPH = /[\u01c4-\u01cc\u01f1-\u01f3]/;
/** Georgian uses capitals for whole words only. */
const GEORGIAN = /[\u10d0-\u10ff]/;

/** Title case of one character. */
function titlePoint(character: string): string {
  const upper = character.toUpperCase();
  if (upper.length === 1 && !DIGRAPH.test(character) && !GEORGIAN.test(character)) return upper;
  if (DIGRAPH.test(character)) return String.fromCharCode(upper.charCodeAt(0) + 1);
  if (GEORGIAN.test(character) || character === "") return character;
  // A Greek letter with iota subscript keeps the subscript in title case: ᾳ, ᾼ; in upper case it is ΑΙ.
  if (upper.endsWith("\u0399")) {
    const below = `${upper.slice(0, -1)}\u0345`;
    return upper.length === 2 ? below.normalize("NFC") : below;
  }
  if (character === "\u0149") return upper;
  const [first, ...others] = upper;
  return first + others.join("").toLowerCase();
}

const CASED = /^\p{Cased}$/u;
const CASE_IGNORABLE = /^\p{Case_Ignorable}$/u;

/** Lower case of a part of a text. The form of a capital sigma depends on the surrounding text. */
function lowerPart(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  const marked = replaceEach(part, /\u03a3/g, ({ index }) => (endsWord(text, start + index) ? "ς" : "σ"));
  return lower(marked);
}

/** Whether a capital sigma ends a word, so that it becomes ς in lower case. */
function endsWord(text: string, sigma: number): boolean {
  return isCasedBefore(text, sigma) && !isCasedAt(text, sigma + 1);
}

/** Whether the text before `end` ends with a cased character, skipping ignorable ones. */
function isCasedBefore(text: string, end: number): boolean {
  for (let at = end; at > 0;) {
    const character = pointBefore(text, at);
    if (!CASE_IGNORABLE.test(character)) return CASED.test(character);
    at -= character.length;
  }
  return false;
}

/** Whether the text from `start` begins with a cased character, skipping ignorable ones. */
function isCasedAt(text: string, start: number): boolean {
  for (let at = start; at < text.length;) {
    const character = pointAt(text, at);
    if (!CASE_IGNORABLE.test(character)) return CASED.test(character);
    at += character.length;
  }
  return false;
}
