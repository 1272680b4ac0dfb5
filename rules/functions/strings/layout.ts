import type { Implementation, Implementations } from "../../run/implementation";
import { asInt, asText } from "../../python/arguments";
import * as are from "../../python/characters";
import { center, expandTabs, justify, zeroFill } from "../../python/padding";
import type { Value } from "../../run/values";

/** Texts brought to a width, in characters, and what texts consist of. */
export const LAYOUT: Implementations = {
  /** `str_center(x, width, fillchar=" ")`: filled on both sides. Fails for a filling that is not one character. */
  str_center: padded("str_center", center),

  /** `str_ljust(x, width, fillchar=" ")`: filled behind. Fails as `str_center`. */
  str_ljust: padded("str_ljust", (text, width, fill, name) => justify(text, width, fill, name, true)),

  /** `str_rjust(x, width, fillchar=" ")`: filled before. Fails as `str_center`. */
  str_rjust: padded("str_rjust", (text, width, fill, name) => justify(text, width, fill, name, false)),

  /** `str_zfill(x, width)`: filled with zeros before, behind a sign. */
  str_zfill: {
    pure: (value: Value, width: Value) => zeroFill(asText(value), asInt(width, "The width of str_zfill")),
  },

  /** `str_expandtabs(x, tabsize=8)`: spaces for tabs, up to the next column that is a multiple of the size. */
  str_expandtabs: {
    pure: (value: Value, size: Value = 8n) => expandTabs(asText(value), asInt(size, "The tabsize of str_expandtabs")),
  },

  /** `str_isalnum(x)`: whether all characters are letters or numbers; false for an empty text. */
  str_isalnum: check(are.isAlphanumeric),

  /** `str_isalpha(x)`: whether all characters are letters; false for an empty text. */
  str_isalpha: check(are.isAlpha),

  /** `str_isascii(x)`: whether all characters are ASCII; true for an empty text. */
  str_isascii: check(are.isAscii),

  /** `str_isdecimal(x)`: whether all characters are decimal digits, of any script; false for an empty text. */
  str_isdecimal: check(are.isDecimal),

  /** `str_isdigit(x)`: whether all characters are digits, superscripts and circled ones too; false for an empty text. */
  str_isdigit: check(are.isDigit),

  /** `str_isidentifier(x)`: whether the text is a name as Python's variables have; keywords are names too. */
  str_isidentifier: check(are.isIdentifier),

  /** `str_islower(x)`: whether the text has cased characters, and all of them are in lower case. */
  str_islower: check(are.isLower),

  /** `str_isnumeric(x)`: whether all characters are numbers, fractions and 一二三 too; false for an empty text. */
  str_isnumeric: check(are.isNumeric),

  /** `str_isprintable(x)`: whether all characters can be shown; of white space only the space can. True for an empty text. */
  str_isprintable: check(are.isPrintable),

  /** `str_isspace(x)`: whether all characters are white space; false for an empty text. */
  str_isspace: check(are.isSpace),

  /** `str_istitle(x)`: whether each run of letters begins in upper or title case and goes on in lower case. */
  str_istitle: check(are.isTitle),

  /** `str_isupper(x)`: whether the text has cased characters, and all of them are in upper case. */
  str_isupper: check(are.isUpper),
};

function padded(name: string, pad: typeof center): Implementation {
  return {
    pure: (value: Value, width: Value, fill: Value = " ") =>
      pad(asText(value), asInt(width, `The width of ${name}`), asText(fill), name),
  };
}

function check(is: (text: string) => boolean): Implementation {
  return { pure: (value: Value) => is(asText(value)) };
}
