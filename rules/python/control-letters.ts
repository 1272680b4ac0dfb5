/** What letters stand for behind a backslash, in Python's texts as in its replacements. */
export const CONTROL_LETTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
