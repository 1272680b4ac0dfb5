import { group } from "./define";
import type {} from "../run/implementation";
import { asBytes, asInt, asText, describe } from "../python/arguments";
import { asFloat, asInteger, parseFloating, parseInteger, toInteger } from "../python/numbers";
import { toHex } from "./encoding/bytes";
import { fail, isBytes, isTrue, type Value } from "../run/values";

export const CONVERSION = group("Conversion", {
  ct_int: {
    parameters: "value|x, base:base=10",
    doc:
      "converts a text of digits, a float (without its fraction) or a bool to an int. With a base, the text is " +
      "read in that base, with or without a matching `0x`, `0o` or `0b`; base 0 means that the prefix decides. " +
      'Fails for other texts, including "1.5" and "".',
    pure(value: Value, base: Value) {
      const radix = base === null ? 10 : asInt(base, "The base of ct_int");
      if (radix === 10) return toInteger(value);
      if (typeof value !== "string") {
        return fail(`ct_int must get a text where a base other than 10 is given, got ${describe(value)}`);
      }
      return parseInteger(value, radix) ?? fail(`ct_int must get digits in base ${radix}, got ${describe(value)}`);
    },
  },

  ct_float: {
    parameters: "value|x",
    doc:
      'converts the text of a number, an int or a bool to a float; "inf" and "nan" are allowed. Fails for ' +
      "other texts.",
    pure(value: Value) {
      if (typeof value !== "string" && !isBytes(value)) return asFloat(value, "ct_float");
      return parseFloating(asText(value)) ?? fail(`ct_float must get the text of a number, got ${describe(value)}`);
    },
  },

  ct_str: {
    parameters: "value|x",
    doc: 'the text that would be written to a field; bytes are decoded as UTF-8, None gives "None".',
    pure: (value: Value) => asText(value),
  },

  ct_bool: {
    parameters: "value|x",
    doc: 'false for None, false, zero and empty values; true for everything else, including the text "false".',
    pure: (value: Value) => isTrue(value),
  },

  ct_chr: {
    parameters: "value|x",
    doc: "the character of a code point. Fails outside 0 to 0x10FFFF.",
    pure(value: Value) {
      const point = asInteger(value, "ct_chr");
      if (point < 0n || point > 0x10ffffn) fail(`ct_chr must get a code point of 0 to 1114111, got ${describe(value)}`);
      return String.fromCodePoint(Number(point));
    },
  },

  ct_ord: {
    parameters: "value|c",
    doc: "the code point of a character. Fails for a text of another length.",
    pure(value: Value) {
      if (isBytes(value) && value.length === 1) return BigInt(value[0]);
      const [character, ...others] = asText(value).slice(0, 3);
      if (character === undefined || others.length > 0) fail(`ct_ord must get one character, got ${describe(value)}`);
      return BigInt(character.codePointAt(0)!);
    },
  },

  ct_hex: {
    parameters: "value|x",
    doc: "an int as `0x7b`. Fails for a float.",
    pure: (value: Value) => prefixed(asInteger(value, "ct_hex"), "0x", 16),
  },

  ct_oct: {
    parameters: "value|x",
    doc: "an int as `0o173`. Fails for a float.",
    pure: (value: Value) => prefixed(asInteger(value, "ct_oct"), "0o", 8),
  },

  ct_bin: {
    parameters: "value|x",
    doc: "an int as `0b1111011`. Fails for a float.",
    pure: (value: Value) => prefixed(asInteger(value, "ct_bin"), "0b", 2),
  },

  bin2oct: {
    parameters: "binary|bytes",
    doc:
      "bytes as text, byte by byte. Despite its name, it gives two hexadecimal digits each, as the reference's " +
      "documentation shows. Fails for values that are neither bytes nor a text.",
    pure: (value: Value) => toHex(asBytes(value, "bin2oct")),
  },

  bin2hex: {
    parameters: "binary|bytes",
    doc: "bytes as text, two hexadecimal digits each. Fails for values that are neither bytes nor a text.",
    pure: (value: Value) => toHex(asBytes(value, "bin2hex")),
  },
});

function prefixed(value: bigint, prefix: string, radix: number): string {
  return value < 0n ? `-${prefix}${(-value).toString(radix)}` : prefix + value.toString(radix);
}
