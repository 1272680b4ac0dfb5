import type { Definitions } from "../define";
import { asInt, asText } from "../../python/arguments";
import * as are from "../../python/characters";
import { center, expandTabs, justify, zeroFill } from "../../python/padding";
import type { Value } from "../../run/values";

/** Padding strings to a width in characters, and tests of their characters. */
export const LAYOUT = {
  str_center: {
    parameters: 'value|x, width:int, fillchar:character=" "',
    doc: "pads on both sides. Fails for a fill that is not one character.",
    ...padded("str_center", center),
  },

  str_ljust: {
    parameters: 'value|x, width:int, fillchar:character=" "',
    doc: "pads on the right. Fails like `str_center`.",
    ...padded("str_ljust", (text, width, fill, name) => justify(text, width, fill, name, true)),
  },

  str_rjust: {
    parameters: 'value|x, width:int, fillchar:character=" "',
    doc: "pads on the left. Fails like `str_center`.",
    ...padded("str_rjust", (text, width, fill, name) => justify(text, width, fill, name, false)),
  },

  str_zfill: {
    parameters: "value|x, width:int",
    doc: "pads with zeros on the left, after a sign.",
    pure: (value: Value, width: Value) => zeroFill(asText(value), asInt(width, "The width of str_zfill")),
  },

  str_expandtabs: {
    parameters: "value|x, tabsize:int=8",
    doc: "replaces tabs with spaces, up to the next column that is a multiple of the size.",
    pure: (value: Value, size: Value) => expandTabs(asText(value), asInt(size, "The tabsize of str_expandtabs")),
  },

  str_isalnum: {
    parameters: "value|x",
    doc: "whether all characters are letters or numbers; false for an empty text.",
    ...check(are.isAlphanumeric),
  },

  str_isalpha: {
    parameters: "value|x",
    doc: "whether all characters are letters; false for an empty text.",
    ...check(are.isAlpha),
  },

  str_isascii: {
    parameters: "value|x",
    doc: "whether all characters are ASCII; true for an empty text.",
    ...check(are.isAscii),
  },

  str_isdecimal: {
    parameters: "value|x",
    doc: "whether all characters are decimal digits, of any script; false for an empty text.",
    ...check(are.isDecimal),
  },

  str_isdigit: {
    parameters: "value|x",
    doc: "whether all characters are digits, including superscript and circled ones; false for an empty text.",
    ...check(are.isDigit),
  },

  str_isidentifier: {
    parameters: "value|x",
    doc: "whether the text is a valid name of a Python variable; keywords are accepted.",
    ...check(are.isIdentifier),
  },

  str_islower: {
    parameters: "value|x",
    doc: "whether the text has cased characters, and all of them are in lower case.",
    ...check(are.isLower),
  },

  str_isnumeric: {
    parameters: "value|x",
    doc: "whether all characters are numbers, including fractions and 一二三; false for an empty text.",
    ...check(are.isNumeric),
  },

  str_isprintable: {
    parameters: "value|x",
    doc: "whether all characters are printable; the only printable white space is the space. True for an empty text.",
    ...check(are.isPrintable),
  },

  str_isspace: {
    parameters: "value|x",
    doc: "whether all characters are white space; false for an empty text.",
    ...check(are.isSpace),
  },

  str_istitle: {
    parameters: "value|x",
    doc: "whether each run of letters begins in upper or title case and continues in lower case.",
    ...check(are.isTitle),
  },

  str_isupper: {
    parameters: "value|x",
    doc: "whether the text has cased characters, and all of them are in upper case.",
    ...check(are.isUpper),
  },
} satisfies Definitions;

function padded(name: string, pad: typeof center) {
  return {
    pure: (value: Value, width: Value, fill: Value) =>
      pad(asText(value), asInt(width, `The width of ${name}`), asText(fill), name),
  };
}

function check(is: (text: string) => boolean) {
  return { pure: (value: Value) => is(asText(value)) };
}
