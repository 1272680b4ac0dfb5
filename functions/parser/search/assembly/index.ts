/**
 * Searches for many literals at once in a text of bytes, like Hyperscan's Teddy algorithm. Three consecutive bytes of
 * each literal are its fingerprint, and literals are sorted into eight buckets. For each half of a byte, a mask shows
 * which buckets have it at that position of a fingerprint. Twelve vector look-ups thus show, for sixteen positions,
 * which buckets can have a literal there. Bytes are compared only at those positions.
 *
 * `../tables.ts` writes the tables.
 */
import { isAt } from "./bytes";
import { isEscapeOf } from "./escapes";
import { BUCKETS, ENTRY_BYTES, HELD, MARKS, MASKS, TEXT } from "./layout";
import { isMember } from "./members";
import { isPair } from "./pairs";

export {
  BUCKETS,
  CHARACTERS,
  ENTRIES,
  ENTRY_BYTES,
  MARKS,
  MASKS,
  MOST_LITERALS,
  TABLE_BYTES,
  TEXT,
  TEXT_BYTES,
} from "./layout";

/** Index of the literal that was found last. */
export let found: i32 = 0;

/** Form of an entry: the lowest bits are a text, a member (with its test) or an escape; then come the traits. */
const KINDS: u32 = 7;
const TEXT_KIND: u32 = 0;
const ESCAPE_KIND: u32 = 4;
const IGNORES_CASE: u32 = 8;
const IS_INNER: u32 = 16;
const IS_PAIR: u32 = 32;

/**
 * Position of the first literal that begins at or after `from` and ends before `to`, or -1.
 *
 * @param marksAll whether to mark each literal and to continue after it
 */
export function search(from: i32, to: i32, marksAll: bool): i32 {
  const start = TEXT + from;
  const end = TEXT + to;
  const half = i8x16.splat(15);
  const zero = i8x16.splat(0);
  const low0 = v128.load(MASKS);
  const high0 = v128.load(MASKS, 16);
  const low1 = v128.load(MASKS, 32);
  const high1 = v128.load(MASKS, 48);
  const low2 = v128.load(MASKS, 64);
  const high2 = v128.load(MASKS, 80);
  for (let at = start; at < end; at += 16) {
    const first = v128.load(at);
    const second = v128.load(at, 1);
    const ofTwo = v128.and(
      v128.and(i8x16.swizzle(low0, v128.and(first, half)), i8x16.swizzle(high0, v128.and(i16x8.shr_u(first, 4), half))),
      v128.and(
        i8x16.swizzle(low1, v128.and(second, half)),
        i8x16.swizzle(high1, v128.and(i16x8.shr_u(second, 4), half)),
      ),
    );
    // Two bytes of a few literals are rare enough, so the third is seldom examined.
    if (!v128.any_true(ofTwo)) continue;
    const third = v128.load(at, 2);
    const buckets = v128.and(
      ofTwo,
      v128.and(i8x16.swizzle(low2, v128.and(third, half)), i8x16.swizzle(high2, v128.and(i16x8.shr_u(third, 4), half))),
    );
    if (!v128.any_true(buckets)) continue;
    v128.store(HELD, buckets);
    for (let lanes = ~i8x16.bitmask(i8x16.eq(buckets, zero)) & 0xffff; lanes !== 0; lanes &= lanes - 1) {
      const lane = ctz(lanes);
      for (let bits: u32 = load<u8>(HELD + lane); bits !== 0; bits &= bits - 1) {
        const bucket = BUCKETS + (ctz(bits) << 3);
        let entry: i32 = load<i32>(bucket);
        for (let left: i32 = load<i32>(bucket, 4); left > 0; left--, entry += ENTRY_BYTES) {
          const place = at + lane - load<i32>(entry);
          if (place < start || !fits(entry, place, end)) continue;
          found = load<i32>(entry, 24);
          if (!marksAll) return place - TEXT;
          store<u8>(MARKS + found, 1);
        }
      }
    }
  }
  return -1;
}

/** Whether a literal begins at an address. */
function fits(entry: i32, at: i32, end: i32): bool {
  const length: i32 = load<i32>(entry, 4);
  if (at + length > end) return false;
  const what: u32 = load<u32>(entry, 12);
  const kind = what & KINDS;
  const ignoresCase = (what & IGNORES_CASE) !== 0;
  // The name of a member is case-sensitive.
  if (!isAt(at, load<i32>(entry, 8), length, kind === TEXT_KIND && ignoresCase)) return false;
  if (kind === TEXT_KIND) return true;
  if (kind === ESCAPE_KIND) return isEscapeOf(at + length, end);
  const value: i32 = load<i32>(entry, 16);
  const valueLength: i32 = load<i32>(entry, 20);
  if ((what & IS_PAIR) !== 0) return isPair(at + length, end, kind, value, valueLength, ignoresCase);
  return isMember(at + length, end, kind, value, valueLength, ignoresCase, (what & IS_INNER) !== 0);
}
