import { scfLogOf } from "../../../cli/tail/scf-log";

const REQUEST = "4b8fe640-6a27-4061-ac54-454751786a9e";
const FIELDS = {
  SCF_FunctionName: "orders",
  SCF_Namespace: "shop",
  SCF_Qualifier: "$LATEST",
  SCF_RequestId: REQUEST,
  SCF_LogTime: "1795975672021740123",
  SCF_RetryNum: "1",
};
const read = (fields: Record<string, string>) => scfLogOf({ time: 1, contents: { ...FIELDS, ...fields } });

it("reads whose log it is, when it was written in nanoseconds, and which try it was", () => {
  expect(read({ SCF_Type: "Platform", SCF_Message: `START RequestId: ${REQUEST}` })).toEqual({
    ...{ kind: "start", function: "orders", namespace: "shop", version: "$LATEST", requestId: REQUEST },
    ...{ time: 1795975672021740, retry: 1 },
  });
});

it.each([
  ["no prefix", "hello\tyou", "", "hello\tyou"],
  ["the prefix of Node", `2026-11-29T08:36:09.412Z\t${REQUEST}\tERROR\tcard refused`, "error", "card refused"],
  ["the prefix of Node without a level", `2026-11-29T08:36:09.412Z\t${REQUEST}\tcard refused`, "", "card refused"],
  ["the prefix of Python's logging", `[WARNING]\t2026-11-29T08:36:09.412Z\t${REQUEST}\tlow`, "warn", "low"],
  ["a prefix of another request, which is the line's own text", "2026-11-29T08:36:09.412Z\tabc\tINFO\tx", "", "2026-11-29T08:36:09.412Z\tabc\tINFO\tx"], // prettier-ignore
])("reads lines with %s", (_, message, level, text) => {
  expect(read({ SCF_Type: "Custom", SCF_Message: message })).toMatchObject({ kind: "line", level, text, isCut: false });
});

it("knows lines that SCF may have cut off", () => {
  expect(read({ SCF_Type: "Custom", SCF_Message: "x".repeat(8192) })).toMatchObject({ isCut: true });
});

it.each([
  ["200", "ok"],
  ["433", "timeout"],
  ["434", "out_of_memory"],
  ["439", "exited"],
  ["430", "error"],
  ["202", "unknown"],
])("reads a report with status %s as %s", (code, outcome) => {
  const message = `Report RequestId: ${REQUEST} Duration:12ms Memory:128MB MemUsage:31.066406MB`;
  expect(read({ SCF_Type: "Platform", SCF_Message: message, SCF_StatusCode: code, SCF_Duration: "12" })).toMatchObject({
    ...{ kind: "report", outcome, statusCode: Number(code), durationMs: 12, memoryMb: 31.066406, memoryLimitMb: 128 },
  });
});

it("reads what a function returned, and why it failed", () => {
  expect(read({ SCF_Type: "Platform", SCF_Message: `Response RequestId: ${REQUEST} RetMsg: {"a":1}` })).toMatchObject({ kind: "result", text: '{"a":1}' }); // prettier-ignore
  expect(read({ SCF_Type: "Platform", SCF_Message: `ERROR RequestId: ${REQUEST} Result: no` })).toMatchObject({ kind: "result", text: "no" }); // prettier-ignore
});

it("takes no log of anybody else", () => {
  expect(scfLogOf({ time: 1, contents: { message: "x" } })).toBeUndefined();
});
