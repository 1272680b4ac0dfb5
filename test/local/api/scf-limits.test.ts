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

  describe("when all its instances are busy", () => {
    const event = { ...FUNCTION, InvocationType: "Event", ClientContext: "{}" };
    beforeEach(async () => {
      const { MemorySize } = await call(cloud, "scf:GetFunction", FUNCTION);
      await put(Number(MemorySize));
    });

    test("has an event wait a minute, with status 432, and as often as it takes", async () => {
      const began = cloud.clock.now();
      for (let count = 0; count < 3; count++) await call(cloud, "scf:Invoke", event);
      expect(cloud.throttlings).toMatchObject(
        [1, 2].map(() => ({ functionName: "batch", time: began, givenUp: false })),
      );
      await cloud.settled();
      const minutes = cloud.invocations.map(({ startedAt }) => (startedAt - began) / 60_000);
      expect(minutes).toEqual([0, 1, 2]);
      // What found no room was not run, and is no retry.
      expect(cloud.invocations.map(({ attempt, error }) => [attempt, error])).toEqual(Array(3).fill([1, undefined]));
      expect(cloud.throttlings.map(({ time }) => (time - began) / 60_000)).toEqual([0, 0, 1]);
    });

    test("gives an event up that would become too old", async () => {
      await configure([2], 60);
      for (let count = 0; count < 3; count++) await call(cloud, "scf:Invoke", event);
      await cloud.settled();
      expect(cloud.invocations).toHaveLength(2);
      expect(cloud.throttlings.map(({ givenUp }) => givenUp)).toEqual([false, false, true]);
    });

    test("tells a caller that waits", async () => {
      const results = await Promise.all([1, 2].map(() => call(cloud, "scf:Invoke", FUNCTION)));
      const messages = results.map(({ Result }) => (Result as { RetMsg: string }).RetMsg);
      expect(messages.filter((message) => message.includes('"statusCode":432'))).toHaveLength(1);
      expect(cloud.throttlings).toMatchObject([{ givenUp: true, source: "api" }]);
    });
  });

  test("is refused below one instance, and beyond what the account has", async () => {
    expect(await put(64)).toBe("InvalidParameterValue");
    expect(await put(115_328)).toBe("LimitExceeded.FunctionReservedConcurrencyMemory");
    expect(await put(1024, "gone")).toBe("ResourceNotFound.Function");
  });
});
