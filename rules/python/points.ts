import { joined } from "../run/length";
import { fail } from "../run/values";

const SURROGATE = /[\ud800-\udfff]/;

/** The characters of a text, where they are not its UTF-16 units one by one; undefined for most texts. */
export function pointsOf(text: string): string[] | undefined {
  return SURROGATE.test(text) ? Array.from(text) : undefined;
}

/** Length in code points. */
export function lengthOf(text: string): number {
  return pointsOf(text)?.length ?? text.length;
}

/** The first and the last position of a search, bounds given as Python takes them: negative ones count from the end. */
export function bounds(length: number, start: number | undefined, end: number | undefined): [number, number] {
  return [clampIndex(length, start ?? 0), clampIndex(length, end ?? length)];
}

function clampIndex(length: number, index: number): number {
  return index < 0 ? Math.max(0, index + length) : Math.min(index, length);
}

/** The positions that `[start:end:step]` takes, in its order. Fails for step 0. */
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
  const points = pointsOf(text);
  if (points !== undefined) return joined(sliceList(points, start, end, step));
  if (step === undefined || step === 1) return text.slice(...bounds(text.length, start, end));
  const positions = slicePositions(text.length, start, end, step);
  return joined(unitsAt(text, positions));
}

function* unitsAt(text: string, { first, count, step }: ReturnType<typeof slicePositions>): Generator<string> {
  for (let index = 0; index < count; index++) yield text[first + index * step];
}

/** The characters from the end to the start. */
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

/** The characters by their code points. */
export function sorted(text: string, isReverse: boolean): string {
  const counts = new Map<number, number>();
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    counts.set(point, (counts.get(point) ?? 0) + 1);
  }
  const points = [...counts].sort(([a], [b]) => (isReverse ? b - a : a - b));
  return joined(points.map(([point, count]) => String.fromCodePoint(point).repeat(count)));
}

/** The position of `[index]`. Fails outside of the sequence. */
export function positionOf(length: number, index: number, what: string): number {
  const position = index < 0 ? index + length : index;
  if (!(position >= 0 && position < length)) fail(`${what} must be within its ${length} items, got ${index}`);
  return position;
}
