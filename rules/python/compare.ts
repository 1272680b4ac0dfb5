import { fail, isBytes, isDict, isList, typeName, type Value } from "../run/values";
import { lookUp } from "./keys";

/** Python's `==`: an int, a float and a bool with the same value are equal, values of other types never are. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === "string" || typeof b === "string" || a === null || b === null) return false;
  if (typeof a !== "object" || typeof b !== "object") {
    return typeof a !== "object" && typeof b !== "object" && compareNumbers(asNumber(a), asNumber(b)) === 0;
  }
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => equals(item, b[index]));
  if (isBytes(a)) return isBytes(b) && Buffer.compare(a, b) === 0;
  if (isDict(a)) {
    if (!isDict(b) || a.size !== b.size) return false;
    for (const [key, item] of a) {
      const other = lookUp(b, key);
      if (other === undefined || !equals(item, other)) return false;
    }
    return true;
  }
  return a.type === typeName(b) && a.toText() === (b as typeof a).toText();
}

/**
 * The order of two values, as the sign of the result: numbers with numbers, strings by code points, lists item by item.
 * NaN if one is a float NaN, so that every comparison with 0 is false. Fails if Python has no order, as for a string
 * and a number.
 */
export function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(asNumber(a), asNumber(b));
  if (isList(a) && isList(b)) return compareLists(a, b);
  if (isBytes(a) && isBytes(b)) return Buffer.compare(a, b);
  if (isOrdered(a) && isOrdered(b) && a.type === b.type) return a.compareTo(b);
  return fail(`Values of these types have no order: ${typeName(a)} and ${typeName(b)}; convert with ct_int or ct_str`);
}

/** A value of a part that defines an order, such as a date. */
interface Ordered {
  readonly type: string;
  compareTo(other: unknown): number;
}

function isOrdered(value: Value): value is Value & Ordered {
  return typeof value === "object" && value !== null && typeof (value as Partial<Ordered>).compareTo === "function";
}

function isNumeric(value: Value): value is bigint | number | boolean {
  return typeof value === "bigint" || typeof value === "number" || typeof value === "boolean";
}

function asNumber(value: bigint | number | boolean): bigint | number {
  return typeof value === "boolean" ? Number(value) : value;
}

/** JavaScript compares an int with a float exactly, as Python does. */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a >= b ? 0 : NaN;
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (!equals(a[index], b[index])) return compare(a[index], b[index]);
  }
  return a.length - b.length;
}

/** By code points: JavaScript's own order puts U+1F600 before U+FF21. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  let index = 0;
  while (index < shared && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  if (index === shared) return a.length - b.length;
  return rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
