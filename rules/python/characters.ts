import { WHITE_SPACE } from "./space";

/**
 * Character classes of Python's `str.is…`. The Unicode version is that of the JavaScript engine; only the numeric
 * values of characters, which JavaScript does not provide, are from Unicode 14.
 */

/** Digits that are not decimals: superscripts, circled and dotted ones. */
const DIGITS =
  "\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c" +
  "\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}" +
  "\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}";

/** Ideographs that are numbers: 一, 万, 零. */
const IDEOGRAPHIC_NUMBERS =
  "\\u3405\\u3483\\u382a\\u3b4d\\u4e00\\u4e03\\u4e07\\u4e09\\u4e5d\\u4e8c\\u4e94\\u4e96\\u4ebf\\u4ec0\\u4edf\\u4ee8" +
  "\\u4f0d\\u4f70\\u5104\\u5146\\u5169\\u516b\\u516d\\u5341\\u5343-\\u5345\\u534c\\u53c1-\\u53c4\\u56db\\u58f1\\u58f9" +
  "\\u5e7a\\u5efe\\u5eff\\u5f0c-\\u5f0e\\u5f10\\u62fe\\u634c\\u67d2\\u6f06\\u7396\\u767e\\u8086\\u842c\\u8cae\\u8cb3" +
  "\\u8d30\\u9621\\u9646\\u964c\\u9678\\u96f6\\uf96b\\uf973\\uf978\\uf9b2\\uf9d1\\uf9d3\\uf9fd\\u{20001}\\u{20064}" +
  "\\u{200e2}\\u{20121}\\u{2092a}\\u{20983}\\u{2098c}\\u{2099c}\\u{20aea}\\u{20afd}\\u{20b19}\\u{22390}\\u{22998}" +
  "\\u{23b1b}\\u{2626d}\\u{2f890}";

const UNPRINTABLE = "\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}";

/**
 * Whether the text is not empty and all its characters belong to a class. It looks for one that does not: a pattern
 * that matches all of a text would need memory for each character.
 */
function all(characterClass: string): (text: string) => boolean {
  const other = new RegExp(`[^${characterClass}]`, "u");
  return (text) => text !== "" && !other.test(text);
}

const IDENTIFIER_START = /^[\p{XID_Start}_]/u;
const NO_IDENTIFIER = /[^\p{XID_Continue}]/u;
const NOT_PRINTABLE = new RegExp(`(?! )[${UNPRINTABLE}\\p{Zs}]`, "u");
const NOT_ASCII = /[^\0-\x7f]/;
const LOWER = /\p{Lowercase}/u;
const UPPER = /\p{Uppercase}/u;
const UPPER_OR_TITLE = /[\p{Uppercase}\p{Lt}]/u;
const LOWER_OR_TITLE = /[\p{Lowercase}\p{Lt}]/u;

export const isAlpha = all("\\p{L}");
export const isDecimal = all("\\p{Nd}");
export const isDigit = all(`\\p{Nd}${DIGITS}`);
export const isNumeric = all(`\\p{N}${IDEOGRAPHIC_NUMBERS}`);
export const isAlphanumeric = all("\\p{L}\\p{N}");
export const isSpace = all(WHITE_SPACE);
export const isIdentifier = (text: string) => IDENTIFIER_START.test(text) && !NO_IDENTIFIER.test(text);
export const isPrintable = (text: string) => !NOT_PRINTABLE.test(text);
export const isAscii = (text: string) => !NOT_ASCII.test(text);
export const isLower = (text: string) => LOWER.test(text) && !UPPER_OR_TITLE.test(text);
export const isUpper = (text: string) => UPPER.test(text) && !LOWER_OR_TITLE.test(text);

/** Whether upper and title case letters only follow uncased characters, and lower case letters only cased ones. */
export function isTitle(text: string): boolean {
  let cased = false;
  let afterCased = false;
  for (const character of text) {
    if (UPPER_OR_TITLE.test(character)) {
      if (afterCased) return false;
      cased = afterCased = true;
    } else if (LOWER.test(character)) {
      if (!afterCased) return false;
      cased = true;
    } else {
      afterCased = false;
    }
  }
  return cased;
}
