import { replaceEach, TextBuilder } from "../../run/length";
import { isBytes, type Value } from "../../run/values";
import { bytesOf, textOf } from "./bytes";
import { decode, type ErrorMode } from "../../python/codecs";

const PLAIN = /^[A-Za-z0-9_.~-]*$/;

/** Percent-encodes the UTF-8 bytes of everything except letters, digits and `_.-~`, including `/`. */
export function quoteUrl(value: Value): string {
  const text = isBytes(value) ? undefined : textOf("url_encoding", value);
  if (text !== undefined && PLAIN.test(text)) return text;
  const quoted = new TextBuilder();
  for (const byte of bytesOf("url_encoding", text ?? value)) quoted.add(ESCAPES[byte]);
  return quoted.text;
}

const ESCAPES = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

/**
 * Percent-decodes. A `%` without two hexadecimal digits stays unchanged, and bytes that are invalid in the encoding are
 * replaced. Each run of ASCII is decoded separately, as in Python, so that an escape cannot combine with a character
 * outside it.
 */
export function unquoteUrl(text: string, encoding = "utf-8", errors: ErrorMode = "replace"): string {
  if (!text.includes("%")) return text;
  if (encoding === "utf-8") {
    // Nearly all texts are correctly encoded, and then this gives the same result faster.
    try {
      return decodeURIComponent(text);
    } catch {
      // At least one escape is broken.
    }
  }
  return replaceEach(text, /[\x00-\x7f]+/g, ([run]) => (run.includes("%") ? decodeRun(run, encoding, errors) : run));
}

function decodeRun(run: string, encoding: string, errors: ErrorMode): string {
  const bytes = Buffer.allocUnsafe(run.length);
  let length = 0;
  for (let at = 0; at < run.length; at++) {
    const digits = run[at] === "%" ? run.slice(at + 1, at + 3) : "";
    const isEscape = /^[0-9a-f]{2}$/i.test(digits);
    bytes[length++] = isEscape ? Number.parseInt(digits, 16) : run.charCodeAt(at);
    if (isEscape) at += 2;
  }
  return decode(bytes.subarray(0, length), encoding, errors);
}
