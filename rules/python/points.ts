import { joined } from "../run/length";
import { fail } from "../run/values";

const SURROGATE = /[\ud800-\udfff]/;

/** Length in code points. */
export function lengthOf(text: string): number {
  return SURROGATE.test(text) ? text.length - pairsIn(text) : text.length;
}

function pairsIn(text: string): number {
  let pairs = 0;
  for (let at = 1; at < text.length; at++) {
    if (!isPair(text, at - 1)) continue;
    pairs++;
    at++;
  }
  return pairs;
}

/** Whether the unit at a position and the next one are a surrogate pair. */
function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff && (text.codePointAt(at) as number) > 0xffff;
}

/**
 * Start of each character, and the length at the end; undefined for most texts, whose characters are single UTF-16
 * units. A list of the characters themselves would take ten or more times the memory of the text.
 */
function startsOf(text: string): Uint32Array | undefined {
  if (!SURROGATE.test(text)) return undefined;
  const starts = new Uint32Array(lengthOf(text) + 1);
  for (let at = 0, point = 0; at < text.length; at += isPair(text, at) ? 2 : 1) starts[point++] = at;
  starts[starts.length - 1] = text.length;
  return starts;
}

/** The character at a position; negative ones count from the end. Fails outside the text. */
export function characterAt(text: string, index: number, what: string): string {
  const starts = startsOf(text);
  if (starts === undefined) return text[positionOf(text.length, index, what)];
  const position = positionOf(starts.length - 1, index, what);
  return text.slice(starts[position], starts[position + 1]);
}

/** The character that begins at a unit. */
export function pointAt(text: string, at: number): string {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff ? String.fromCodePoint(text.codePointAt(at)!) : text[at];
}

/** The character that ends before a unit. */
export function pointBefore(text: string, end: number): string {
  const unit = text.charCodeAt(end - 1);
  if (unit < 0xdc00 || unit > 0xdfff || end < 2) return text[end - 1];
  const pair = text.slice(end - 2, end);
  return pair.codePointAt(0)! > 0xffff ? pair : text[end - 1];
}

/** First and last position of a search, with bounds as in Python: negative ones count from the end. */
export function bounds(length: number, start: number | undefined, end: number | undefined): [number, number] {
  return [clampIndex(length, start ?? 0), clampIndex(length, end ?? length)];
}

function clampIndex(length: number, index: number): number {
  return index < 0 ? Math.max(0, index + length) : Math.min(index, length);
}

/** The positions of `[start:end:step]`, in order. Fails for step 0. */
export function slicePositions(
  length: number,
  start: number | undefined,
  end: number | undefined,
  step = 1,
): { readonly first: number; readonly count: number; readonly step: number } {
  if (step === 0) fail("The step of a slice must not be 0");
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (index: number | undefined, fallback: number) =>
    index === undefined ? fallback : Math.min(high, Math.max(low, index < 0 ? index + length : index));
  const first = bound(start, step > 0 ? low : high);
  const last = bound(end, step > 0 ? high : low);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)), step };
}

/** `[start:end:step]` of a list. */
export function sliceList<T>(list: readonly T[], start?: number, end?: number, step?: number): T[] {
  const positions = slicePositions(list.length, start, end, step);
  return Array.from({ length: positions.count }, (_, index) => list[positions.first + index * positions.step]);
}

/** `[start:end:step]` of a text, in code points. */
export function sliceText(text: string, start?: number, end?: number, step?: number): string {
  const starts = startsOf(text);
  const length = starts ? starts.length - 1 : text.length;
  if (step === undefined || step === 1) {
    const [first, last] = bounds(length, start, end);
    if (first >= last) return "";
    return starts ? text.slice(starts[first], starts[last]) : text.slice(first, last);
  }
  return joined(charactersAt(text, starts, slicePositions(length, start, end, step)));
}

function* charactersAt(
  text: string,
  starts: Uint32Array | undefined,
  { first, count, step }: ReturnType<typeof slicePositions>,
): Generator<string> {
  for (let at = first, left = count; left > 0; at += step, left--) {
    yield starts ? text.slice(starts[at], starts[at + 1]) : text[at];
  }
}

/** The characters in reverse order. */
export function reversed(text: string): string {
  return joined(backward(text));
}

function* backward(text: string): Generator<string> {
  for (let at = text.length; at > 0;) {
    const isPair = at > 1 && (text.codePointAt(at - 2) as number) > 0xffff;
    yield text.slice(isPair ? at - 2 : at - 1, at);
    at -= isPair ? 2 : 1;
  }
}

/** The characters sorted by code point. */
export function sorted(text: string, isReverse: boolean): string {
  const counts = new Map<number, number>();
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    counts.set(point, (counts.get(point) ?? 0) + 1);
  }
  const points = [...counts].sort(([a], [b]) => (isReverse ? b - a : a - b));
  return joined(points.map(([point, count]) => String.fromCodePoint(point).repeat(count)));
}

/** The position of `[index]`. Fails outside the sequence. */
export function positionOf(length: number, index: number, what: string): number {
  const position = index < 0 ? index + length : index;
  if (!(position >= 0 && position < length)) fail(`${what} must be within its ${length} items, got ${index}`);
  return position;
}
