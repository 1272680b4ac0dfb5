/** A Python pattern converted to Java, which CLS uses. */
export interface JavaRegex {
  readonly pattern: string;
  /** Names of the groups in order; `undefined` for a group without a name. */
  readonly groups: readonly (string | undefined)[];
}

const TOKEN =
  /^(?:\\[^]|\(\?P?<(?![=!])[^>]*>|\(\?P=\w+\)|\(\?(?:[:=!>]|<[=!]|[a-zA-Z-]+[:)])|\(\?#[^)]*\)|\{\d*,?\d*\}|\[\^?\]?|[^])/;
/** `(?P<name>` of Python, and `(?<name>`, which the rule language also accepts. */
const NAMED = /^\(\?P?<(?![=!])([^>]*)>$/;
const TOKEN_IN_CLASS = /^(?:\\[^]|[^])/;

/**
 * Translates a pattern that the rule language has accepted. Named groups become plain ones, because Java does not allow
 * `_` in names, and in CLS the `output` argument gives groups their names. Two flags make Java behave like Python: `U`
 * for Unicode classes, `d` for a single line end.
 *
 * @throws RangeError for anything that Java interprets differently
 */
export function javaRegex(pattern: string): JavaRegex {
  const groups: (string | undefined)[] = [];
  const flags = new Set<string>();
  let java = "";
  let isInClass = false;
  for (let at = 0; at < pattern.length;) {
    const token = (isInClass ? TOKEN_IN_CLASS : TOKEN).exec(pattern.slice(at))![0];
    at += token.length;
    if ((isInClass ? /^\\[wWdDsS]$/ : /^\\[wWdDsSbB]$/).test(token)) flags.add("U");
    if (isInClass) {
      if (token === "]") isInClass = false;
      java += token === "]" ? token : inClass(token);
      continue;
    }
    if (token === "(" || NAMED.test(token)) groups.push(NAMED.exec(token)?.[1]);
    if (/^[.$^]$/.test(token)) flags.add("d");
    if (token.startsWith("[")) {
      isInClass = true;
      // A bracket directly after the opening one belongs to the class.
      java += token.replace("]", "\\]");
    } else java += translate(token);
  }
  const prefix = flags.size > 0 ? `(?${[...flags].sort().reverse().join("")})` : "";
  return { pattern: `${prefix}${java}`, groups };
}

function translate(token: string): string {
  if (NAMED.test(token)) return "(";
  if (token.startsWith("(?P=")) throw new RangeError("a reference to a named group; use \\1");
  if (token.startsWith("(?#")) return "";
  if (/^\(\?[a-zA-Z-]/.test(token)) return withFlags(token);
  if (token === "\\Z") return "\\z";
  if (/^\{,\d+\}$/.test(token)) return token.replace("{,", "{0,");
  if (/^\{\d+,?\d*\}$/.test(token)) return token;
  // Java interprets a brace as the start of a quantifier.
  if (token.startsWith("{")) return `\\${token}`;
  return escaped(token);
}

function inClass(token: string): string {
  if (token === "\\b") return "\\x08";
  // These have a special meaning inside a class in Java.
  if (token === "[" || token === "&") return `\\${token}`;
  return escaped(token);
}

function escaped(token: string): string {
  if (token === "\\v") return "\\x0B";
  if (token === "\\0") return "\\x00";
  if (token === "\\N") throw new RangeError("a character by its name in a pattern");
  return token;
}

/** Case-insensitive matching uses Unicode in Python, and in Java only with an additional flag. */
function withFlags(token: string): string {
  if (!/^\(\?[imsu]+[:)]$/.test(token)) throw new RangeError(`the flags ${token} of a pattern`);
  const flags = new Set(token.slice(2, -1).replace("i", "iu"));
  return `(?${[...flags].join("")}${token.at(-1)}`;
}

/** A pattern that matches exactly this text. */
export function javaLiteral(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
