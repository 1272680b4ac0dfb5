import { CHARACTERS, OTHERS } from "./layout";

/**
 * Whether the escape `\uXXXX`, from its first digit on, can stand for a character that matters. True if the text ends
 * before.
 */
export function isEscapeOf(at: i32, end: i32): bool {
  if (at + 4 > end) return true;
  let code: u32 = 0;
  let hasCapital = false;
  for (let digit = 0; digit < 4; digit++) {
    const byte: u32 = load<u8>(at + digit);
    const letter: u32 = (byte | 0x20) - 0x61;
    if (byte - 0x30 <= 9) code = (code << 4) | (byte - 0x30);
    else if (letter > 5) return false;
    else code = (code << 4) | (letter + 10);
    if (byte - 0x41 <= 5) hasCapital = true;
  }
  // The text can be JSON inside a string: there, a control character has a short escape, or an escape in lower case.
  if (code < 0x20) return hasCapital || code === 8 || code === 9 || code === 10 || code === 12 || code === 13;
  if (code < 0x80) return load<u8>(CHARACTERS + code) !== 0;
  // The same applies to an unpaired surrogate.
  return load<u8>(CHARACTERS + OTHERS) !== 0 || (hasCapital && code >>> 11 === 0x1b);
}
