import fc from "fast-check";
import { compileLinePattern } from "../../rules/regex/javascript";
import { RegexError } from "../../rules/regex/regex";

/** What patterns are made of; of letters beyond ASCII none that JavaScript and Unicode fold differently. */
const ATOMS = [
  "a",
  "b",
  "Z",
  "é",
  "中",
  " ",
  "-",
  "/",
  "{",
  "}",
  "]",
  ",",
  "0",
  "7",
  ".",
  "^",
  "$",
  "\\b",
  "\\B",
  "\\d",
  "\\D",
  "\\w",
  "\\W",
  "\\s",
  "\\S",
  "\\t",
  "\\n",
  "\\r",
  "\\0",
  "\\cA",
  "\\x41",
  "\\u0062",
  "\\/",
  "\\-",
  "\\.",
  "[]",
  "[^]",
  "[ab]",
  "[^a]",
  "[^A-C]",
  "s",
  "K",
  "[^\\W]",
  "[a-c7-9]",
  "[\\w-]",
  "[\\d.-]",
  "[^\\s\\]]",
  "[\\S]",
  "[\\b]",
  "[-a]",
  "[\\W_]",
  "[a^]",
  "[.$]",
  "{2",
  "x{,2}",
  "\\a",
  "\\e",
  "\\_",
] as const;
const QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,}?", "{2,}"] as const;

const pattern: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS)).map(([atom, count]) => atom + count),
    fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(fc.constantFrom("(", "(?:", "(?<n>"), tie("any"), fc.constantFrom(...QUANTIFIERS))
      .map(([open, body, count]) => `${open}${body})${count}`),
  ),
})).any;

const text = fc.string({
  unit: fc.constantFrom(
    "a",
    "A",
    "b",
    "k",
    "S",
    "c",
    "z",
    "Z",
    "é",
    "É",
    "中",
    " ",
    "\u00a0",
    "\t",
    "\r",
    "-",
    "_",
    "0",
    "7",
    "{",
    "}",
    ",",
    "2",
    "x",
    ".",
    "]",
    "\b",
    "\u0001",
    "\u2028",
  ),
  minLength: 1,
  maxLength: 8,
});

it("takes a class for what it leaves out, where case does not count too", () => {
  for (const source of [
    "[^a]",
    "([^A])",
    "[^a-c]",
    "[^k-s]",
    "\\W",
    "[\\W]",
    "[^\\W]",
    "[\\Wx]",
    "[^\\Wx]",
    "[^\\wa]",
    "[^\\d]",
  ]) {
    for (const flags of ["", "i", "u", "iu"]) {
      const found = [..."aAkKsSxX1 -"].filter((letter) => compileLinePattern(source, flags).test(letter));
      expect([source, flags, found]).toEqual([
        source,
        flags,
        [..."aAkKsSxX1 -"].filter((one) => new RegExp(source, flags).test(one)),
      ]);
    }
  }
});

it("finds a match of a pattern of JavaScript's where JavaScript does", () => {
  let compared = 0;
  fc.assert(
    fc.property(
      pattern,
      fc.constantFrom("", "i", "u", "iu"),
      fc.array(text, { maxLength: 12 }),
      (source, flags, texts) => {
        let expected: RegExp;
        try {
          expected = new RegExp(source, flags);
        } catch {
          return expect(() => compileLinePattern(source, flags)).toThrow(SyntaxError);
        }
        // Two atoms may make an octal escape, which is refused.
        if (/\\0\d/.test(source)) return expect(() => compileLinePattern(source, flags)).toThrow("an octal escape");
        const ours = compileLinePattern(source, flags);
        for (const one of texts) {
          compared++;
          if (ours.test(one) !== expected.test(one)) throw new Error(`/${source}/${flags} of ${JSON.stringify(one)}`);
        }
      },
    ),
    { numRuns: 600 },
  );
  console.info(`patterns of JavaScript's: ${compared} texts alike`);
});

it.each([
  ["^(?=a)", "", "the pattern has a look-ahead or look-behind, which no engine matches in linear time", 1],
  ["a(?<!b)", "", "look-behind", 1],
  ["\\07", "", "an octal escape; write it as \\xHH", 0],
  ["(a)\\1", "", "a reference to a group", 3],
  ["(?<n>a)\\k<n>", "", "a reference to a group", 7],
  ["\\p{L}", "u", "\\p{...}; write the characters as a class", 0],
  ["a{2000}", "", "a repetition must count to 1000 at most, got 2000", 1],
])("refuses /%s/%s, and says where", (source, flags, message, offset) => {
  const compile = () => compileLinePattern(source, flags);
  expect(compile).toThrow(RegexError);
  expect(compile).toThrow(message);
  if (!message.includes("count")) expect(compile).toThrow(expect.objectContaining({ offset }));
});

it.each(["^(a+)+$", "^(a|aa)+$", "(?:a*)*b", "^.*a.*a.*a.*a.*b"])(
  "takes no time for what makes JavaScript hang: %s",
  (source) => {
    const startedAt = Date.now();
    expect(compileLinePattern(source, "").test(`${"a".repeat(4095)}!`)).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  },
);
