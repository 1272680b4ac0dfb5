import { joined, TextBuilder } from "../run/length";
import { firstIn, lastIn } from "./occurrence";
import { bounds, lengthOf, sliceText } from "./points";

/** `str.find` and `rfind`: the position in code points, -1 if there is none. */
export function find(text: string, part: string, start?: number, end?: number, fromRight = false): number {
  const range = rangeOf(text, start, end);
  if (range === undefined) return -1;
  const [low, high, window] = range;
  if (fromRight && part === "") return high;
  const at = fromRight ? lastIn(window, part) : firstIn(window, part);
  if (at < 0) return -1;
  return low + lengthOf(window.slice(0, at));
}

/** `str.count`: number of occurrences without overlaps; an empty string occurs between all characters. */
export function count(text: string, part: string, start?: number, end?: number): number {
  const range = rangeOf(text, start, end);
  if (range === undefined) return 0;
  const [low, high, window] = range;
  if (part === "") return high - low + 1;
  let found = 0;
  for (let at = firstIn(window, part); at >= 0; at = firstIn(window, part, at + part.length)) found++;
  return found;
}

/** `str.startswith`, with any of the prefixes. */
export function startsWith(text: string, prefixes: readonly string[], start?: number, end?: number): boolean {
  const window = rangeOf(text, start, end)?.[2];
  return window !== undefined && prefixes.some((prefix) => window.startsWith(prefix));
}

/** `str.endswith`, with any of the suffixes. */
export function endsWith(text: string, suffixes: readonly string[], start?: number, end?: number): boolean {
  const window = rangeOf(text, start, end)?.[2];
  return window !== undefined && suffixes.some((suffix) => window.endsWith(suffix));
}

/**
 * The range of a search in code points, and its text; undefined if it begins after its end, where not even "" is found.
 */
function rangeOf(text: string, start?: number, end?: number): [number, number, string] | undefined {
  const length = lengthOf(text);
  const [low, high] = bounds(length, start, end);
  if (low > high || (start !== undefined && start > length)) return undefined;
  if (low === 0 && high === length) return [low, high, text];
  return [low, high, sliceText(text, low, high)];
}

/**
 * `str.replace`: the first occurrences, or all if the count is negative; an empty string occurs between all characters.
 */
export function replace(text: string, old: string, by: string, count: number): string {
  const most = count < 0 ? Infinity : count;
  if (old === "") return joined(interleaved(text, by, most));
  const result = new TextBuilder();
  let start = 0;
  for (let done = 0; done < most; done++) {
    const at = firstIn(text, old, start);
    if (at < 0) break;
    result.add(text.slice(start, at)).add(by);
    start = at + old.length;
  }
  return start === 0 ? text : result.add(text.slice(start)).text;
}

function* interleaved(text: string, by: string, most: number): Generator<string> {
  let count = 0;
  for (const character of text) {
    if (count++ < most) yield by;
    yield character;
  }
  if (count < most) yield by;
}
