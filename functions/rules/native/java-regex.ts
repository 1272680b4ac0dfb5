/** A pattern of Python as one of Java, which CLS runs. */
export interface JavaRegex {
  readonly pattern: string;
  /** Names of the groups in their order; a group without one is `undefined`. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * Translates a pattern that the rule language has accepted. Named groups become plain ones where `named` is false: Java
 * takes no `_` in names, and CLS gives groups their names in `output` as well.
 *
 * @throws RangeError for what Java reads otherwise
 */
export function javaRegex(pattern: string): JavaRegex {
  const groups: (string | undefined)[] = [];
  let java = "";
  let isInClass = false;
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const token = isInClass ? nextInClass(rest) : next(rest);
    at += token.length;
    if (!isInClass && token.startsWith("(") && isGroup(token)) groups.push(/^\(\?P<(.*)>$/.exec(token)?.[1]);
    if (token === "[" || token === "[^") isInClass = true;
    else if (token === "]") isInClass = false;
    java += translate(token, isInClass);
  }
  return { pattern: java, groups };
}

function next(rest: string): string {
  return /^(?:\\[^]|\(\?P<\w+>|\(\?P=\w+\)|\(\?(?:[:=!>]|<[=!]|[aiLmsux-]+[:)])|\(\?#[^)]*\)|\[\^?|[^])/.exec(rest)![0];
}

function nextInClass(rest: string): string {
  return /^(?:\\[^]|[^])/.exec(rest)![0];
}

function isGroup(token: string): boolean {
  return token === "(" || token.startsWith("(?P<");
}

function translate(token: string, isInClass: boolean): string {
  if (token.startsWith("(?P<")) return "(";
  if (token.startsWith("(?P=")) throw new RangeError("a reference to a named group cannot be told to CLS; use \\1");
  if (token.startsWith("(?#")) return "";
  if (token === "\\Z") return "\\z";
  // Java gives these a meaning of their own inside of a class.
  if (isInClass && (token === "[" || token === "&")) return `\\${token}`;
  return token;
}

/** A text as a pattern that matches just it. */
export function javaLiteral(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
