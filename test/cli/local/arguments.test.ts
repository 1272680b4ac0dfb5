import { parseArguments } from "../../../cli/local/arguments";

const EXAMPLE = { mode: "example", example: "access-log-batch", file: undefined, json: false };
const STACK = { mode: "stack", stack: "logs", file: "a.log", json: false };

test.each<[string, string[], object]>([
  ["an example and its own log", ["--example", "access-log-batch"], EXAMPLE],
  ["an example and a file", ["--example", "other", "a.log"], { ...EXAMPLE, example: "other", file: "a.log" }],
  ["an example and standard input", ["--example", "other", "-"], { ...EXAMPLE, example: "other", file: "-" }],
  ["an example in one word", ["--example=other"], { ...EXAMPLE, example: "other" }],
  [
    "the last of two examples, as npm start hands them on",
    ["--example", "x", "--example", "access-log-batch"],
    EXAMPLE,
  ],
  ["a stack and a file", ["logs", "a.log"], STACK],
  ["a stack of another app", ["logs", "a.log", "--app", "node x.js"], { ...STACK, app: "node x.js" }],
  ["a stack as it was synthesized", ["logs", "a.log", "--out", "cdktf.out"], { ...STACK, out: "cdktf.out" }],
  ["the topic that is fed", ["logs", "a.log", "--topic", "access"], { ...STACK, topic: "access" }],
  ["a call for the cloud alone", ["--serve"], { mode: "serve", stacks: [], region: "ap-guangzhou", json: false }],
  ["stacks of that cloud", ["--serve", "a", "b"], { mode: "serve", stacks: [{ stack: "a" }, { stack: "b" }] }],
  ["a file and a call for help", ["a.log", "--help"], { mode: "help" }],
  ["a short call for help", ["-h"], { mode: "help" }],
])("tencent-logs local takes %s", (_name, args, expected) => {
  expect(parseArguments(args)).toMatchObject(expected);
});

test.each([
  ["a flag that it does not know", ["--foo"], "Unknown option '--foo'; see --help"],
  ["nothing", [], "STACK must be a stack's name or folder, got nothing; see --help"],
  ["a stack alone", ["logs"], "FILE must be a log to feed, got nothing; see --help"],
  ["two files", ["logs", "a", "b"], "FILE must be one file, got 2: a, b; see --help"],
  ["two files of an example", ["--example", "x", "a", "b"], "FILE must be one file, got 2: a, b; see --help"],
  ["an example without its name", ["--example"], "Option '--example <value>' argument missing; see --help"],
  ["a path for an example", ["--example", "../x"], '--example must name a folder in examples/, got "../x"; see --help'],
  [
    "an app beside what was synthesized",
    ["logs", "a.log", "--app", "x", "--out", "y"],
    "one of --app and --out may be given, got both; see --help",
  ],
  [
    "no region",
    ["--serve", "--region", "Guangzhou"],
    '--region must be a region, such as ap-guangzhou, got "Guangzhou"; see --help',
  ],
])("tencent-logs local refuses %s", (_name, args, message) => {
  expect(() => parseArguments(args)).toThrow(expect.objectContaining({ message, status: 2 }));
});
