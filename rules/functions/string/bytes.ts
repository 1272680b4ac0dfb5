import type { Definitions } from "../define";
import { asText } from "../../python/arguments";
import { decode, encode } from "../../python/codecs";
import { replaceEach } from "../../run/length";
import { isBytes, type Value } from "../../run/values";

/** Between texts and bytes. */
export const BYTES = {
  str_encode: {
    parameters: 'value|x, encoding:writable="utf8", errors:error-mode="ignore"',
    doc:
      "a text as bytes, in utf8, ascii, latin1, utf-16, gbk or gb18030. What the encoding does not have is " +
      'left out, or with `errors` replaced by "?" (`replace`), written as `&#20320;` (`xmlcharrefreplace`), ' +
      "or fails (`strict`). Fails for an unknown encoding.",
    pure: (value: Value, encoding: Value, errors: Value): Value =>
      isBytes(value) ? value : encode(asText(value), asText(encoding), asText(errors)),
  },

  str_decode: {
    parameters: 'value|x, encoding:readable?="utf8", errors:error-mode?="ignore"',
    doc:
      "bytes as text; a text stays. What is no text in the encoding is left out, or with `errors` replaced by " +
      "U+FFFD (`replace`), or fails (`strict`). Fails for an unknown encoding.",
    pure: (value: Value, encoding: Value, errors: Value) =>
      isBytes(value) ? decode(value, asText(encoding), asText(errors)) : asText(value),
  },

  str_hex_escape_encode: {
    parameters: "value|x",
    doc: "runs of `\\xe4\\xbd\\xa0`, written out, as the UTF-8 text they stand for; others stay.",
    pure: (value: Value) => replaceEach(asText(value), HEX_ESCAPES, ([run]) => decodeEscapes(run)),
  },
} satisfies Definitions;

const HEX_ESCAPES = /(?:\\x[0-9a-fA-F]{2})+/g;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeEscapes(run: string): string {
  try {
    return utf8.decode(Buffer.from(run.replaceAll("\\x", ""), "hex"));
  } catch {
    return run;
  }
}
