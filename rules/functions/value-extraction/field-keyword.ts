/**
 * What the reference accepts as the name of a field from the data: `\w` and CJK, not starting with a digit. Fact:
 * docs/design/facts/rules.md#functions.
 */
const KEYWORD = /^_*[a-zA-Z\u0800-\u9fa5][\u0800-\u9fa5\p{L}\p{N}_.-]*$/u;

/**
 * Whether a key from the data is allowed as a field name; other pairs are discarded. Prefixes and suffixes are added
 * after this check.
 */
export function isFieldKeyword(name: string): boolean {
  let at = 0;
  while (name.charCodeAt(at) === UNDERSCORE) at++;
  const first = name.charCodeAt(at);
  if (first >= 0x80) return KEYWORD.test(name);
  if (!isLetter(first)) return false;
  while (++at < name.length) {
    const code = name.charCodeAt(at);
    if (code >= 0x80) return KEYWORD.test(name);
    if (!isLetter(code) && !isDigit(code) && code !== UNDERSCORE && code !== DOT && code !== HYPHEN) return false;
  }
  return true;
}

const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const HYPHEN = 0x2d;

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
