import { byStretches, checkLength, replaceEach } from "../run/length";
import { pointAt, pointBefore } from "./points";

/** Python's changes of case. Those of JavaScript follow Unicode's full mappings too. */

/** `str.lower`. One letter alone becomes two characters, İ. */
export function lower(text: string): string {
  let length = text.length;
  for (let at = text.indexOf("\u0130"); at !== -1; at = text.indexOf("\u0130", at + 1)) length++;
  checkLength(length);
  return text.toLowerCase();
}

/** `str.upper`. What a letter becomes, three characters at most, does not depend on those around it. */
export function upper(text: string): string {
  return byStretches(text, (stretch) => stretch.toUpperCase());
}

/** Cased characters side by side; V8 has no stack for millions of them. */
const CASED_RUN = /[\p{Lowercase}\p{Uppercase}\p{Lt}]{1,1000}/gu;
const OF_ONE_CASE = /\p{Uppercase}{1,1000}|\p{Lowercase}{1,1000}/gu;
const ASCII_WORD = /[A-Za-z]+/g;
const ASCII = /^[\0-\x7f]*$/;

/** `str.title`: in each run of cased characters the first one in title case, the others in lower case. */
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

/** `str.swapcase`: lower case to upper case and back; title case stays. */
export function swapCase(text: string): string {
  return replaceEach(text, OF_ONE_CASE, ({ 0: run, index }) =>
    /^\p{Uppercase}/u.test(run) ? lowerPart(text, index, index + run.length) : run.toUpperCase(),
  );
}

/** Digraphs of which Unicode has three cases, title case next to upper case: Ǆ, ǅ, ǆ. */
const DIGRAPH = /[\u01c4-\u01cc\u01f1-\u01f3]/;
/** Georgian has capitals for whole words only. */
const GEORGIAN = /[\u10d0-\u10ff]/;

/** Title case of one character. */
function titlePoint(character: string): string {
  const upper = character.toUpperCase();
  if (upper.length === 1 && !DIGRAPH.test(character) && !GEORGIAN.test(character)) return upper;
  if (DIGRAPH.test(character)) return String.fromCharCode(upper.charCodeAt(0) + 1);
  if (GEORGIAN.test(character) || character === "") return character;
  // An iota below a Greek letter stays below in title case: ᾳ, ᾼ, upper case ΑΙ.
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

/** Lower case of a part of a text. A capital sigma looks at what is around it, in the whole text. */
function lowerPart(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  const marked = replaceEach(part, /\u03a3/g, ({ index }) => (endsWord(text, start + index) ? "ς" : "σ"));
  return lower(marked);
}

/** Whether a capital sigma ends a word, and is ς in lower case. */
function endsWord(text: string, sigma: number): boolean {
  return isCasedBefore(text, sigma) && !isCasedAt(text, sigma + 1);
}

/** Whether what ends here is a cased character, without what is ignored behind it. */
function isCasedBefore(text: string, end: number): boolean {
  for (let at = end; at > 0;) {
    const character = pointBefore(text, at);
    if (!CASE_IGNORABLE.test(character)) return CASED.test(character);
    at -= character.length;
  }
  return false;
}

/** Whether what begins here is a cased character, without what is ignored before it. */
function isCasedAt(text: string, start: number): boolean {
  for (let at = start; at < text.length;) {
    const character = pointAt(text, at);
    if (!CASE_IGNORABLE.test(character)) return CASED.test(character);
    at += character.length;
  }
  return false;
}
