import { replaceEach, TextBuilder } from "../../run/length";
import { isBytes, type Value } from "../../run/values";
import { bytesOf, textOf } from "./bytes";
import { decode, type ErrorMode } from "../../python/codecs";

const PLAIN = /^[A-Za-z0-9_.~-]*$/;

/** Percent-encodes the UTF-8 bytes of all but letters, digits and `_.-~`, `/` too. */
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
 * Percent-decodes: a `%` without two hexadecimal digits stays as it is, bytes that the encoding does not know are
 * replaced. A run of ASCII is decoded as one, as Python does, so that an escape cannot join a character outside of it.
 */
export function unquoteUrl(text: string, encoding = "utf-8", errors: ErrorMode = "replace"): string {
  if (!text.includes("%")) return text;
  if (encoding === "utf-8") {
    // Nearly all texts are well encoded, and then this reads them the same and faster.
    try {
      return decodeURIComponent(text);
    } catch {
      // One escape at least is broken.
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
