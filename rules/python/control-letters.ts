/** Meaning of letters after a backslash, in Python's strings and replacements. */
export const CONTROL_LETTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
