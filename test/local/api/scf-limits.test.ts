import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, deploy } from "../support/cloud";

const FUNCTION = { FunctionName: "batch", Namespace: "default" };

let cloud: LocalCloud;
afterEach(closeClouds);

function configure(retries: number[], MsgTTL: number): Promise<string> {
  const AsyncTriggerConfig = { RetryConfig: retries.map((RetryNum) => ({ RetryNum })), MsgTTL };
  return codeOf(call(cloud, "scf:UpdateFunctionEventInvokeConfig", { ...FUNCTION, AsyncTriggerConfig }));
}

describe("delivery of events", () => {
  beforeEach(async () => {
    cloud = await deploy({ code: 'exports.main_handler = async () => { throw new Error("always"); };' });
  });

  test("is SCF's own until it is configured, and then as it was configured", async () => {
    const own = { AsyncTriggerConfig: { RetryConfig: [{ RetryNum: 2 }], MsgTTL: 21_600 } };
    expect(await call(cloud, "scf:GetFunctionEventInvokeConfig", FUNCTION)).toMatchObject(own);
    expect(await configure([1], 60)).toBe("");
    const configured = { AsyncTriggerConfig: { RetryConfig: [{ RetryNum: 1 }], MsgTTL: 60 } };
    expect(await call(cloud, "scf:GetFunctionEventInvokeConfig", FUNCTION)).toMatchObject(configured);
  });

  test("tries again as often as it is configured", async () => {
    await configure([1], 3600);
    await call(cloud, "scf:Invoke", { ...FUNCTION, InvocationType: "Event", ClientContext: "{}" });
    await cloud.settled();
    expect(cloud.invocations.map(({ attempt, givenUp }) => [attempt, givenUp])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test.each<[string, number[], number, string]>([
    ["three retries", [3], 3600, "LimitExceeded.RetryNum"],
    ["an age of seven hours", [1], 25_200, "LimitExceeded.MsgTTL"],
    ["no retry configuration", [], 3600, "InvalidParameterValue.AsyncTriggerConfig"],
  ])("is refused with %s", async (_what, retries, age, code) => {
    expect(await configure(retries, age)).toBe(code);
  });
});

describe("reserved memory", () => {
  const put = (ReservedConcurrencyMem: number, name = FUNCTION.FunctionName): Promise<string> =>
    codeOf(call(cloud, "scf:PutReservedConcurrencyConfig", { FunctionName: name, ReservedConcurrencyMem }));

  /** The most instances that ran at a time. */
  async function instancesOf(events: number): Promise<number> {
    const event = { ...FUNCTION, InvocationType: "Event", ClientContext: "{}" };
    await Promise.all(Array.from({ length: events }, () => call(cloud, "scf:Invoke", event)));
    await cloud.settled();
    return new Set(cloud.invocations.map(({ result }) => result)).size;
  }

  beforeEach(async () => {
    const code = "exports.main_handler = () => new Promise((end) => setTimeout(() => end(process.pid), 200));";
    cloud = await deploy({ code }, { maxInstances: 3 });
  });

  test("is none until it is put, and none after it is deleted", async () => {
    const read = async (): Promise<unknown> =>
      (await call(cloud, "scf:GetReservedConcurrencyConfig", FUNCTION)).ReservedMem;
    expect(await read()).toBeNull();
    expect(await put(1024)).toBe("");
    expect(await read()).toBe(1024);
    expect(await codeOf(call(cloud, "scf:DeleteReservedConcurrencyConfig", FUNCTION))).toBe("");
    expect(await read()).toBeNull();
  });

  test("limits how many instances run", async () => {
    const { MemorySize } = await call(cloud, "scf:GetFunction", FUNCTION);
    await put(Number(MemorySize));
    expect(await instancesOf(4)).toBe(1);
  });

  test("is refused below one instance, and beyond what the account has", async () => {
    expect(await put(64)).toBe("InvalidParameterValue");
    expect(await put(115_328)).toBe("LimitExceeded.FunctionReservedConcurrencyMemory");
    expect(await put(1024, "gone")).toBe("ResourceNotFound.Function");
  });
});
