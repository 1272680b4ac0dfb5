import { checkItems } from "../run/length";
import { fail } from "../run/values";
import { firstIn, lastIn } from "./occurrence";
import { pointAt, pointBefore } from "./points";
import { WHITE_SPACE } from "./space";

const LEADING = new RegExp(`^[${WHITE_SPACE}]+`);
const SPACE = new RegExp(`[${WHITE_SPACE}]`);
const WORD = new RegExp(`[^${WHITE_SPACE}]+`, "g");

/** `str.strip`, `lstrip` and `rstrip`: removes white space, or the given characters. */
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

/** `str.split`: without a separator, at runs of white space. A negative limit means no limit. */
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

/** The rest after the limit stays in one piece, without leading white space. */
function splitWords(text: string, limit: number): string[] {
  const items: string[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (items.length === limit) return [...items, text.slice(index)];
    checkItems(items.push(word));
  }
  return items;
}

const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;

/** `str.splitlines`: at all Unicode line ends; a line end at the end of the text does not begin another line. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  for (const [line, end] of text.matchAll(LINE)) {
    if (line === "") break;
    checkItems(lines.push(keepEnds ? line : line.slice(0, line.length - end.length)));
  }
  return lines;
}

/** `str.partition`: the text before the first separator, the separator, and the rest. */
export function partition(text: string, separator: string): string[] {
  if (separator === "") fail("The separator of str_partition must not be empty");
  const at = firstIn(text, separator);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), separator, text.slice(at + separator.length)];
}

/** `str.rpartition`: the same at the last separator. */
export function rightPartition(text: string, separator: string): string[] {
  if (separator === "") fail("The separator of str_rpartition must not be empty");
  const at = lastIn(text, separator);
  return at < 0 ? ["", "", text] : [text.slice(0, at), separator, text.slice(at + separator.length)];
}
