import { parseArguments } from "../../../local/start/arguments";

test.each<[string[], object]>([
  [[], { file: undefined, example: "access-log-batch", help: false }],
  [["a.log"], { file: "a.log" }],
  [["-"], { file: "-" }],
  [["--example", "other", "a.log"], { file: "a.log", example: "other" }],
  [["--example=other"], { example: "other" }],
  [["a.log", "--help"], { help: true }],
  [["-h"], { help: true }],
])("%j", (args, expected) => {
  expect(parseArguments(args)).toMatchObject(expected);
});

test.each([
  [["--foo"], "flag must be known, got --foo; see --help"],
  [["a", "b"], "FILE must be one file, got 2: a, b"],
  [["--example"], "--example must name a folder in examples/, got nothing"],
  [["--example", "../x"], '--example must name a folder in examples/, got "../x"'],
])("%j is an error", (args, message) => {
  expect(() => parseArguments(args)).toThrow(message);
});
