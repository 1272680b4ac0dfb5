import { isAt, isIn } from "./bytes";
import { HOLDS, IS } from "./members";

/** First byte of a pair's value: its protobuf tag, a length-delimited field. */
const VALUE_TAG: u32 = 0x12;

/** Bytes of the length of a value that is shorter than 2 GiB. */
const LENGTH_BYTES: u32 = 5;

/**
 * Whether the value of a pair matches, from after its key. False if it has no value, which means empty. True if it
 * cannot be decided because the text ends before.
 */
export function isPair(at: i32, end: i32, test: u32, value: i32, length: i32, ignoresCase: bool): bool {
  if (at >= end) return true;
  if (load<u8>(at++) !== VALUE_TAG) return false;
  let size: i32 = 0;
  for (let count: u32 = 0; ; count++) {
    if (at >= end || count >= LENGTH_BYTES) return true;
    const byte: u32 = load<u8>(at++);
    size |= (byte & 127) << (7 * count);
    if (byte < 128) break;
  }
  if (size < 0 || size > end - at) return true;
  if (test === HOLDS) return isIn(at, at + size, value, length, ignoresCase);
  return (test === IS ? size === length : size >= length) && isAt(at, value, length, ignoresCase);
}
