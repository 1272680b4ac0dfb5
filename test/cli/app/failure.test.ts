import { failureText } from "../../../cli/app/failure";

const OURS = "/home/ann/my-logs/node_modules/cdktf-tencent-logs/dist/lib";
const MESSAGE = `LogsError: [my-logs/AccessPipeline] rules must have no errors, got 1 error; correct them:
/home/ann/my-logs/rules/access.sls:5:1 error RULES_UNKNOWN_NAME: e_sett is no function of the rule language; did you mean e_set?
  e_sett("a", 1)
  ^^^^^^ (LOGS_RULES)`;
const DUMP = `${OURS}/errors.js:86
    throw new LogsError(pathOf(this.scope), [first, ...others]);
          ^

${MESSAGE}
    at Checks.throwIfAny (${OURS}/errors.js:86:11)
    at new ClsStreamPipeline (${OURS}/pipelines/cls-stream-pipeline.js:39:24)
    at new LogStack (/home/ann/my-logs/log-stack.ts:21:21)
    at <anonymous> (/home/ann/my-logs/main.ts:5:1)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at Object.transformer (/home/ann/my-logs/node_modules/tsx/dist/register.cjs:22:2188) {
  constructPath: 'my-logs/AccessPipeline',
  violations: [ { code: 'LOGS_RULES', message: 'rules must have no errors' } ],
  code: 'LOGS_RULES'
}

Node.js v20.20.2
`;
const FRAMES = `    at new LogStack (/home/ann/my-logs/log-stack.ts:21:21)
    at <anonymous> (/home/ann/my-logs/main.ts:5:1)`;

describe("what an app wrote that failed", () => {
  it("is an error's message of the constructs, and the user's own frames", () => {
    expect(failureText(DUMP)).toBe(`${MESSAGE}\n${FRAMES}`);
  });

  it("has what the app wrote before it", () => {
    expect(failureText(`reading the list\n${DUMP}`)).toBe(`reading the list\n${MESSAGE}\n${FRAMES}`);
  });

  it.each([
    ["another error", `/a/main.ts:3\nfoo();\n^\n\nReferenceError: foo is not defined\n    at /a/main.ts:3:1`],
    ["a text that names one", "it was a LogsError: no"],
    ["an error without a stack", "LogsError: [a] b must be c"],
  ])("is otherwise as it was written: %s", (_, text) => {
    expect(failureText(`${text}\n`)).toBe(text);
  });
});
