import type { Definitions } from "../define";
import { asText } from "../../python/arguments";
import { decode, encode } from "../../python/codecs";
import { TextBuilder } from "../../run/length";
import { isBytes, type Value } from "../../run/values";

/** Conversion between strings and bytes. */
export const BYTES = {
  str_encode: {
    parameters: 'value|x, encoding:writable="utf8", errors:error-mode="ignore"',
    doc:
      "encodes a text as bytes, in utf8, ascii, latin1, utf-16, gbk or gb18030. Characters that the encoding " +
      'lacks are left out; with `errors`, they are replaced with "?" (`replace`), written as `&#20320;` ' +
      "(`xmlcharrefreplace`), or an error (`strict`). Fails for an unknown encoding.",
    pure: (value: Value, encoding: Value, errors: Value): Value =>
      isBytes(value) ? value : encode(asText(value), asText(encoding), asText(errors)),
  },

  str_decode: {
    parameters: 'value|x, encoding:readable?="utf8", errors:error-mode?="ignore"',
    doc:
      "decodes bytes to text; a text stays unchanged. Bytes that are not valid in the encoding are left out; " +
      "with `errors`, they are replaced with U+FFFD (`replace`), or an error (`strict`). Fails for an unknown " +
      "encoding.",
    pure: (value: Value, encoding: Value, errors: Value) =>
      isBytes(value) ? decode(value, asText(encoding), asText(errors)) : asText(value),
  },

  str_hex_escape_encode: {
    parameters: "value|x",
    doc: "decodes runs of written-out `\\xe4\\xbd\\xa0` that are UTF-8 text; others stay unchanged.",
    pure: (value: Value) => decodeRuns(asText(value)),
  },
} satisfies Definitions;

const HEX_ESCAPE = /\\x[0-9a-fA-F]{2}/g;
const ESCAPE_LENGTH = 4;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Runs are assembled here: a pattern for a whole run would need memory for each of its escapes. */
function decodeRuns(text: string): string {
  const result = new TextBuilder();
  let end = 0;
  let [start, behind] = [0, 0];
  const addRun = (): void => {
    if (start === behind) return;
    result.add(text.slice(end, start)).add(decodeRun(text, start, behind));
    end = behind;
  };
  for (const { index } of text.matchAll(HEX_ESCAPE)) {
    if (index !== behind || start === behind) {
      addRun();
      start = index;
    }
    behind = index + ESCAPE_LENGTH;
  }
  addRun();
  return result.add(text.slice(end)).text;
}

function decodeRun(text: string, start: number, end: number): string {
  const bytes = Buffer.allocUnsafe((end - start) / ESCAPE_LENGTH);
  for (let index = 0; index < bytes.length; index++) {
    const digits = start + ESCAPE_LENGTH * index + 2;
    bytes[index] = Number.parseInt(text.slice(digits, digits + 2), 16);
  }
  try {
    return utf8.decode(bytes);
  } catch {
    return text.slice(start, end);
  }
}
