import { replaceEach } from "../run/length";

/** Python's changes of case. `lower` and `upper` are those of JavaScript: both follow Unicode's full mappings. */

const CASED_RUN = /[\p{Lowercase}\p{Uppercase}\p{Lt}]+/gu;
const ASCII_WORD = /[A-Za-z]+/g;
const ASCII = /^[\0-\x7f]*$/;

/** `str.title`: in each run of cased characters the first one in title case, the others in lower case. */
export function title(text: string): string {
  if (ASCII.test(text))
    return replaceEach(text, ASCII_WORD, ([word]) => word[0].toUpperCase() + word.slice(1).toLowerCase());
  const sigma = finalSigmas(text);
  return replaceEach(text, CASED_RUN, ({ 0: run, index }) => {
    const first = String.fromCodePoint(run.codePointAt(0)!);
    return titlePoint(first) + lowerPart(run.slice(first.length), index + first.length, sigma);
  });
}

/** `str.capitalize`: the first character in title case, all others in lower case. */
export function capitalize(text: string): string {
  if (text === "") return text;
  const first = String.fromCodePoint(text.codePointAt(0)!);
  return titlePoint(first) + lowerPart(text.slice(first.length), first.length, finalSigmas(text));
}

/** `str.swapcase`: lower case to upper case and back; title case stays. */
export function swapCase(text: string): string {
  const sigma = finalSigmas(text);
  return replaceEach(text, /\p{Uppercase}|\p{Lowercase}/gu, ({ 0: character, index }) =>
    /\p{Uppercase}/u.test(character) ? lowerPart(character, index, sigma) : character.toUpperCase(),
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

const SIGMA = "\u03a3";
const FINAL_SIGMA =
  /(?<=(?!\p{Case_Ignorable})\p{Cased}\p{Case_Ignorable}*)\u03a3(?!\p{Case_Ignorable}*(?!\p{Case_Ignorable})\p{Cased})/gu;

/** Where a capital sigma ends a word, and is ς in lower case. */
function finalSigmas(text: string): ReadonlySet<number> | undefined {
  return text.includes(SIGMA) ? new Set(Array.from(text.matchAll(FINAL_SIGMA), ({ index }) => index)) : undefined;
}

/** Lower case of a part of a text that begins at an offset. */
function lowerPart(part: string, offset: number, finals: ReadonlySet<number> | undefined): string {
  if (finals === undefined) return part.toLowerCase();
  return part.replace(/\u03a3/g, (_, at: number) => (finals.has(offset + at) ? "ς" : "σ")).toLowerCase();
}
