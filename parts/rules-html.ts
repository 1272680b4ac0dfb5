import { decodeHTML } from "entities/decode";
import { textOf } from "../rules/functions/encoding/bytes";
import { replaceEach } from "../rules/run/length";
import type { Implementations } from "../rules/run/implementation";
import type { Value } from "../rules/run/values";

/** A reference as in Python's `html.unescape`: numbers, or up to 32 characters that can begin with a name. */
const REFERENCE = /&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)/gu;

/** Code points that a number must not denote; they are removed. */
const isInvalid = (code: number) =>
  code < 9 ||
  code === 0xb ||
  (code >= 0xe && code < 0x20) ||
  (code >= 0x7f && code < 0xa0) ||
  (code >= 0xfdd0 && code < 0xfdf0) ||
  (code & 0xfffe) === 0xfffe;

/** Characters for 0x80 to 0x9f, which browsers read as Windows-1252; five of them have no character there. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function fromNumber(code: number): string {
  if (code === 0 || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return "\ufffd";
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252[code - 0x80];
  return isInvalid(code) ? "" : String.fromCodePoint(code);
}

/** Replaces character references: HTML's 2,231 names come from the library, the rest follows Python. */
function unescapeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return replaceEach(text, REFERENCE, (found) => {
    const [reference, decimal, hexadecimal] = found as readonly (string | undefined)[];
    if (decimal !== undefined) return fromNumber(Number(decimal));
    return hexadecimal === undefined ? decodeHTML(reference!) : fromNumber(Number.parseInt(hexadecimal, 16));
  });
}

export const implementations: Implementations = {
  html_decoding: { pure: (value: Value) => unescapeHtml(textOf("html_decoding", value)) },
};
