/** Characters and words from other languages, and their equivalents here. */

/** Characters that editors and chat programs substitute for plain ones. */
export const WIDE_SIGNS: Readonly<Record<string, string>> = {
  "\uff08": "(",
  "\uff09": ")",
  "\uff0c": ",",
  "\u201c": '"',
  "\u201d": '"',
  "\u2018": "'",
  "\u2019": "'",
  "\uff1a": ":",
  "\uff1d": "=",
  "\u3001": ",",
  "\uff1b": ";",
  "\u3000": "a plain blank",
  "\u00a0": "a plain blank",
};

/** Typographic quotes around strings. */
export const CLOSING_QUOTES: Readonly<Record<string, string>> = { "\u201c": "\u201d", "\u2018": "\u2019" };

/** Meaning of an operator in Python, and the equivalent function here. */
export const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "op_add",
  "*": "op_mul",
  "**": "op_pow",
  "/": "op_div_true",
  "%": "op_mod",
};

/** Operators of other languages, longer ones first, and their equivalents here. */
export const FOREIGN: readonly (readonly [sign: string, remedy: string])[] = [
  ["&&", "write and between conditions"],
  ["&", "write and between conditions"],
  ["||", "write or between conditions"],
  ["|", "write or between conditions"],
  ["!", "write not before a condition"],
  ["~=", "use e_match(field, pattern), or regex_match(value, pattern)"],
  ["~", "use e_match(field, pattern), or regex_match(value, pattern)"],
  ["?", "use op_if(condition, value, other)"],
  ["$", 'read a field with v("name")'],
  ["@", 'read a field with v("name")'],
  ["^", "use op_pow(a, b) for powers, or a pattern in a text"],
  ["\\", "write a text in quotes; a backslash goes on with the next line only where it ends its own"],
];

/** Methods of Python's strings, lists and dicts that have a function here. */
const METHODS: Readonly<Record<string, string>> = {
  append: "lst_append",
  get: "dct_get",
  keys: "dct_keys",
  values: "dct_values",
  ...Object.fromEntries(
    "capitalize center count encode decode endswith expandtabs find format isalnum isalpha isascii isdecimal isdigit islower isnumeric isspace istitle isupper join ljust lower lstrip partition replace rfind rjust rpartition rstrip split splitlines startswith strip swapcase title translate upper zfill"
      .split(" ")
      .map((name) => [name, `str_${name}`]),
  ),
};

/** Equivalents of Python's operators and words after a value. */
export const INSTEAD: Readonly<Record<string, string>> = {
  "[": "; use op_index(value, index) or op_slice(value, start, end)",
  "=": "; use == to compare",
  if: "; use op_if(condition, value, other)",
  in: "; use op_in(container, element)",
  is: "; use ==",
  "-": "; use op_sub(a, b)",
};

/** Words of Python that the language does not have. */
export const PYTHON_WORDS = new Set(
  "def lambda for while if else elif import from return class with try in is del pass global yield".split(" "),
);

/** The remedy for accessing a member of a value, from the text and the position of its dot. */
export function memberMessage(text: string, dot: number): string {
  const member = /^\.\s*([A-Za-z_]*)/.exec(text.slice(dot, dot + 100))?.[1] ?? "";
  if (/\bos$/.test(text.slice(Math.max(0, dot - 10), dot)) && /^(?:getenv|environ)/.test(member)) {
    return `the environment is read with res_local("NAME"), not with os.${member}`;
  }
  const instead = Object.hasOwn(METHODS, member) ? METHODS[member] : "str_lower";
  return `a value has no methods or members; use a function, such as ${instead}(...)`;
}

/** Number of characters before a dot that are examined. */
const LOOKED_AT = 1000;

/** Whether a dot follows a member call, as the second one in `.a().b()`: together they are one mistake. */
export function followsMember(text: string, dot: number): boolean {
  const before = text.slice(Math.max(0, dot - LOOKED_AT), dot).trimEnd();
  let depth = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    if (before[at] === ")") depth++;
    else if (before[at] === "(") depth--;
    if (depth === 0) return before[at] === "(" && /\.\s*\w+$/.test(before.slice(0, at));
  }
  return false;
}
