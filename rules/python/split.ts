import { checkItems } from "../run/length";
import { fail } from "../run/values";
import { firstIn, lastIn } from "./occurrence";
import { pointAt, pointBefore } from "./points";
import { WHITE_SPACE } from "./space";

const LEADING = new RegExp(`^[${WHITE_SPACE}]+`);
const SPACE = new RegExp(`[${WHITE_SPACE}]`);
const WORD = new RegExp(`[^${WHITE_SPACE}]+`, "g");

/** `str.strip`, `lstrip` and `rstrip`: off with white space, or with the characters given. */
export function strip(text: string, characters: string | undefined, left: boolean, right: boolean): string {
  const isStripped = characters === undefined ? (character: string) => SPACE.test(character) : memberTest(characters);
  let start = 0;
  let end = text.length;
  if (left) {
    if (characters === undefined) start = LEADING.exec(text)?.[0].length ?? 0;
    else while (start < end && isStripped(pointAt(text, start))) start += pointAt(text, start).length;
  }
  if (right) while (end > start && isStripped(pointBefore(text, end))) end -= pointBefore(text, end).length;
  return text.slice(start, end);
}

function memberTest(characters: string): (character: string) => boolean {
  if (characters.length === 1) return (character) => character === characters;
  const set = new Set(characters);
  return (character) => set.has(character);
}

/** `str.split`: without a separator at runs of white space. A negative limit is none. */
export function split(text: string, separator: string | undefined, limit: number): string[] {
  if (separator === "") fail("The separator of str_split must not be empty");
  if (separator === undefined) return splitWords(text, limit);
  const most = limit < 0 ? Infinity : limit;
  const items: string[] = [];
  let start = 0;
  while (items.length < most) {
    const end = firstIn(text, separator, start);
    if (end < 0) break;
    checkItems(items.push(text.slice(start, end)));
    start = end + separator.length;
  }
  checkItems(items.push(text.slice(start)));
  return items;
}

/** What follows the last word that the limit allows stays in one piece, without the white space before it. */
function splitWords(text: string, limit: number): string[] {
  const items: string[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (items.length === limit) return [...items, text.slice(index)];
    checkItems(items.push(word));
  }
  return items;
}

const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;

/** `str.splitlines`: at all ends of lines that Unicode knows; an end at the end of the text begins no further line. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  for (const [line, end] of text.matchAll(LINE)) {
    if (line === "") break;
    checkItems(lines.push(keepEnds ? line : line.slice(0, line.length - end.length)));
  }
  return lines;
}

/** `str.partition`: what stands before the first separator, it, and what follows. */
export function partition(text: string, separator: string): string[] {
  if (separator === "") fail("The separator of str_partition must not be empty");
  const at = firstIn(text, separator);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), separator, text.slice(at + separator.length)];
}

/** `str.rpartition`: likewise at the last separator. */
export function rightPartition(text: string, separator: string): string[] {
  if (separator === "") fail("The separator of str_rpartition must not be empty");
  const at = lastIn(text, separator);
  return at < 0 ? ["", "", text] : [text.slice(0, at), separator, text.slice(at + separator.length)];
}
