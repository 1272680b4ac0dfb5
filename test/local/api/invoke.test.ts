import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, deploy } from "../support/cloud";

let cloud: LocalCloud;
beforeEach(async () => {
  const code = `exports.main_handler = async (event) => {
    console.log("called");
    if (event.fail) throw new TypeError("bad event");
    return event;
  };`;
  cloud = await deploy({ code });
});
afterEach(closeClouds);

function invoke(parameters: object): Promise<Record<string, unknown>> {
  return call(cloud, "scf:Invoke", { FunctionName: "batch", ...parameters });
}

describe("scf:Invoke", () => {
  test("waits for the function, and tells what it returned and wrote", async () => {
    expect(await invoke({ ClientContext: '{"a":"中"}', Namespace: "default", Qualifier: "$DEFAULT" })).toMatchObject({
      Result: {
        InvokeResult: 0,
        RetMsg: '{"a":"中"}',
        ErrMsg: "",
        Log: "called",
        FunctionRequestId: expect.any(String),
      },
    });
    expect(cloud.invocations).toMatchObject([{ source: "api", attempt: 1, givenUp: false }]);
  });

  test("tells an error to who waits, and tries nothing again", async () => {
    const { Result } = await invoke({ ClientContext: '{"fail":true}' });
    expect(Result).toMatchObject({ InvokeResult: 1, ErrMsg: "User code exception caught" });
    expect(JSON.parse((Result as { RetMsg: string }).RetMsg)).toMatchObject({
      errorCode: 1,
      stackTrace: expect.stringContaining("TypeError: bad event"),
    });
    await cloud.settled();
    expect(cloud.invocations).toMatchObject([{ givenUp: true }]);
  });

  test("queues an event, and retries it as a trigger's", async () => {
    const { Result } = await invoke({ ClientContext: '{"fail":true}', InvocationType: "Event" });
    expect(Result).toMatchObject({ RetMsg: "", InvokeResult: 0 });
    await cloud.settled();
    expect(cloud.invocations.map(({ attempt, givenUp }) => [attempt, givenUp])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const requestIds = new Set(cloud.invocations.map(({ requestId }) => requestId));
    expect([...requestIds]).toEqual([(Result as { FunctionRequestId: string }).FunctionRequestId]);
  });

  test.each<[string, object, string]>([
    ["a function that is not there", { FunctionName: "other" }, "ResourceNotFound.Function"],
    ["another namespace", { Namespace: "other" }, "ResourceNotFound.Namespace"],
    ["an event that is not JSON", { ClientContext: "{" }, "InvalidParameterValue.ClientContext"],
    [
      "a queued event over 128 KB",
      { InvocationType: "Event", ClientContext: JSON.stringify("x".repeat(128 * 1024)) },
      "InvalidParameterValue.ClientContext",
    ],
    ["another kind of invocation", { InvocationType: "Later" }, "InvalidParameterValue"],
  ])("refuses %s", async (_name, parameters, code) => {
    expect(await codeOf(call(cloud, "scf:Invoke", { FunctionName: "batch", ...parameters }))).toBe(code);
    expect(cloud.invocations).toEqual([]);
  });

  test("refuses another region", async () => {
    const elsewhere = call(cloud, "scf:Invoke", { FunctionName: "batch" }, { region: "ap-shanghai" });
    expect(await codeOf(elsewhere)).toBe("ResourceNotFound.Function");
  });
});
