import { bounds, pointsOf } from "./points";

/** `str.find` and `rfind`: the position in code points, -1 where there is none. */
export function find(text: string, part: string, start?: number, end?: number, fromRight = false): number {
  const range = rangeOf(text, start, end);
  if (range === undefined) return -1;
  const [low, high, window] = range;
  if (fromRight && part === "") return high;
  const at = fromRight ? window.lastIndexOf(part) : window.indexOf(part);
  if (at < 0) return -1;
  return low + (pointsOf(window.slice(0, at))?.length ?? at);
}

/** `str.count`: how often a text holds another, without overlaps; an empty one stands between all characters. */
export function count(text: string, part: string, start?: number, end?: number): number {
  const range = rangeOf(text, start, end);
  if (range === undefined) return 0;
  const [low, high, window] = range;
  if (part === "") return high - low + 1;
  let found = 0;
  for (let at = window.indexOf(part); at >= 0; at = window.indexOf(part, at + part.length)) found++;
  return found;
}

/** `str.startswith`: any of the prefixes. */
export function startsWith(text: string, prefixes: readonly string[], start?: number, end?: number): boolean {
  const window = rangeOf(text, start, end)?.[2];
  return window !== undefined && prefixes.some((prefix) => window.startsWith(prefix));
}

/** `str.endswith`: any of the suffixes. */
export function endsWith(text: string, suffixes: readonly string[], start?: number, end?: number): boolean {
  const window = rangeOf(text, start, end)?.[2];
  return window !== undefined && suffixes.some((suffix) => window.endsWith(suffix));
}

/** The range of a search in code points, and its text; undefined where it begins after its end, where even "" is not. */
function rangeOf(text: string, start?: number, end?: number): [number, number, string] | undefined {
  const points = pointsOf(text);
  const length = points?.length ?? text.length;
  const [low, high] = bounds(length, start, end);
  if (low > high || (start !== undefined && start > length)) return undefined;
  if (low === 0 && high === length) return [low, high, text];
  return [low, high, points ? points.slice(low, high).join("") : text.slice(low, high)];
}

/** `str.replace`: the first ones, or all for a negative count; an empty text stands between all characters. */
export function replace(text: string, old: string, by: string, count: number): string {
  if (count < 0 && old !== "") return text.includes(old) ? text.split(old).join(by) : text;
  if (old === "") return interleave(text, by, count < 0 ? Infinity : count);
  let result = "";
  let start = 0;
  for (let done = 0; done < count; done++) {
    const at = text.indexOf(old, start);
    if (at < 0) break;
    result += text.slice(start, at) + by;
    start = at + old.length;
  }
  return result + text.slice(start);
}

function interleave(text: string, by: string, count: number): string {
  const points = Array.from(text);
  const before = points.map((point, index) => (index < count ? by + point : point)).join("");
  return points.length < count ? before + by : before;
}
