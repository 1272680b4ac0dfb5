export const QUOTE: u32 = 0x22;
export const SPACE: u32 = 0x20;
export const TAB: u32 = 0x09;
export const LINE_FEED: u32 = 0x0a;
export const CARRIAGE_RETURN: u32 = 0x0d;

/** Whether these bytes are at an address. If case is ignored, they are lower-case, and ASCII letters are folded. */
export function isAt(at: i32, bytes: i32, length: i32, ignoresCase: bool): bool {
  if (!ignoresCase && length >= 8) return isLongAt(at, bytes, length);
  for (let index = 0; index < length; index++) {
    let byte: u32 = load<u8>(at + index);
    if (ignoresCase && byte - 0x41 < 26) byte |= 0x20;
    if (byte !== load<u8>(bytes + index)) return false;
  }
  return true;
}

/** The same for eight or more bytes, eight at a time; the last eight overlap with those before. */
function isLongAt(at: i32, bytes: i32, length: i32): bool {
  const last = length - 8;
  for (let index = 0; index < last; index += 8) {
    if (load<u64>(at + index) !== load<u64>(bytes + index)) return false;
  }
  return load<u64>(at + last) === load<u64>(bytes + last);
}

/** Whether these bytes occur between two addresses. */
export function isIn(at: i32, end: i32, bytes: i32, length: i32, ignoresCase: bool): bool {
  for (; at + length <= end; at++) if (isAt(at, bytes, length, ignoresCase)) return true;
  return false;
}
