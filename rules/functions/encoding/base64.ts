import { checkLength, replaceUnits, TextBuilder } from "../../run/length";
import { fail } from "../../run/values";

/** RFC3548 requires the padding of base64, RFC4648 adds it. */
export const BASE64_FORMATS = ["RFC3548", "RFC4648"] as const;

const WHOLE = /^[A-Za-z0-9+/]*={0,2}$/;

export function encodeBase64(bytes: Uint8Array): string {
  checkLength(Math.ceil(bytes.length / 3) * 4);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * Decodes base64 as Python's `b64decode` does: characters outside the alphabet are skipped, everything after the
 * padding is ignored, and an impossible length fails.
 */
export function decodeBase64(caller: string, text: string): Uint8Array {
  const digits = text.length % 4 === 0 && WHOLE.test(text) ? text : cleaned(text);
  const count = digits.replace(/=+$/, "").length;
  if (count % 4 === 1) fail(`${caller} must get base64, got ${count} digits, which is 1 more than a multiple of 4`);
  if (digits.length % 4 !== 0) fail(`${caller} must get base64 with its padding, got ${4 - (count % 4)} "=" too few`);
  return Buffer.from(digits, "base64");
}

/** Also accepts what RFC 4648 allows: missing padding, and `-` and `_` instead of `+` and `/`. */
export function decodeBase64Leniently(caller: string, text: string): Uint8Array {
  const digits = replaceUnits(replaceUnits(text, "-", "+"), "_", "/");
  let end = digits.length;
  while (end > 0 && /[\s=]/.test(digits[end - 1])) end--;
  const standard = digits.slice(0, end);
  return decodeBase64(caller, standard + "=".repeat(-standard.length & 3));
}

/** The digits before the padding. */
function cleaned(text: string): string {
  const digits = new TextBuilder();
  let count = 0;
  let padding = 0;
  for (const character of text) {
    if (character === "=") {
      const place = count % 4;
      if (place >= 2 && place + ++padding >= 4) return digits.add("=".repeat(padding)).text;
    } else if (/[A-Za-z0-9+/]/.test(character)) {
      padding = 0;
      count++;
      digits.add(character);
    }
  }
  return digits.text;
}
