import { parseArguments } from "../../../local/start/arguments";

const DEFAULTS = { file: undefined, example: "access-log-batch", help: false };

test.each<[string, string[], object]>([
  ["nothing: the first example and its own log", [], {}],
  ["a file", ["a.log"], { file: "a.log" }],
  ["standard input", ["-"], { file: "-" }],
  ["an example and a file", ["--example", "other", "a.log"], { file: "a.log", example: "other" }],
  ["an example in one word", ["--example=other"], { example: "other" }],
  ["a file and a call for help", ["a.log", "--help"], { file: "a.log", help: true }],
  ["a short call for help", ["-h"], { help: true }],
])("npm start takes %s", (_name, args, expected) => {
  expect(parseArguments(args)).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  ["a flag that it does not know", ["--foo"], "Unknown option '--foo'; see --help"],
  ["two files", ["a", "b"], "FILE must be one file, got 2: a, b; see --help"],
  ["an example without its name", ["--example"], "Option '--example <value>' argument missing; see --help"],
  ["a path for an example", ["--example", "../x"], '--example must name a folder in examples/, got "../x"; see --help'],
])("npm start refuses %s", (_name, args, message) => {
  expect(() => parseArguments(args)).toThrow(expect.objectContaining({ message, status: 2 }));
});
