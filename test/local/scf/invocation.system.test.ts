import { setTimeout as sleep } from "node:timers/promises";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud, LocalCloudOptions } from "../../../local/cloud";
import type { Invocation } from "../../../local/scf/invocation";
import { closeClouds, deploy } from "../support/cloud";
import { BUCKET, type StackOptions } from "../support/plan";

afterEach(closeClouds);

/** Runs a handler for one object each, and returns what became of it. */
async function run(
  code: string,
  stack: StackOptions = {},
  keys = ["cls/a.gz"],
  options: Partial<LocalCloudOptions> = {},
): Promise<{ cloud: LocalCloud; invocations: readonly Invocation[] }> {
  const cloud = await deploy({ ...stack, code }, options);
  for (const key of keys) await cloud.bucket(BUCKET).put(key, "hello");
  await cloud.settled();
  return { cloud, invocations: cloud.invocations };
}

/** Runs a handler for one object each, without the retries. */
async function runOnce(code: string, stack: StackOptions, keys = ["cls/a.gz"]): Promise<readonly Invocation[]> {
  const cloud = await deploy({ ...stack, code }, { maxInstances: 1 });
  const ended = new Promise<void>((resolve) => {
    cloud.onInvocation(() => cloud.invocations.length === keys.length && resolve());
  });
  for (const key of keys) await cloud.bucket(BUCKET).put(key, "hello");
  await ended;
  return cloud.invocations;
}

/** Waits until a child process is gone, and known to be. */
async function processEnd(pid: number): Promise<void> {
  for (let alive = true; alive; await sleep(50)) {
    try {
      process.kill(pid, 0);
    } catch {
      alive = false;
    }
  }
}

/** A handler that reads the object over HTTP, without signing: the server's answer is what it returns. */
const READ_UNSIGNED = `
const http = require("http");
exports.main_handler = (event, context, callback) => {
  const url = new URL(event.Records[0].cos.cosObject.url);
  http.get(process.env.COS_ENDPOINT + url.pathname, { headers: { host: url.host } }, (answer) => {
    answer.resume().on("end", () => callback(null, answer.statusCode));
  });
};`;

describe("what a function gets", () => {
  test("the machine's time, or the clock's where that is asked for, which goes on within an invocation", async () => {
    const code = `exports.main_handler = async () => {
      const [made, now, text] = [new Date(), Date.now(), Date()];
      await new Promise((resolve) => setTimeout(resolve, 30));
      return [made.getTime(), now, Date.parse(text), new Date(0).getTime(), made instanceof Date, Date.now() - now];
    };`;
    for (const functionTime of ["clock", "machine"] as const) {
      const clock = new SimulatedClock(Date.now() + 600_000);
      const { invocations } = await run(code, {}, ["cls/a.gz"], { clock, functionTime });
      const [made, now, text, zero, isDate, passed] = invocations[0]?.result as [...number[], boolean, number];
      const expected = functionTime === "clock" ? 600_000 : 0;
      for (const time of [made, now, text]) expect(Math.abs(Number(time) - Date.now() - expected)).toBeLessThan(60_000);
      expect([zero, isDate]).toEqual([0, true]);
      expect(passed).toBeGreaterThanOrEqual(29);
    }
  });

  test("its own variables, the platform's, the role's key, and nothing of the host's", async () => {
    process.env.OF_THE_HOST = "1";
    const { cloud, invocations } = await run("exports.main_handler = async () => process.env;", {});
    delete process.env.OF_THE_HOST;
    const environment = invocations[0]?.result as Record<string, string>;
    expect(environment).toMatchObject({
      TOPIC: `"${cloud.topic("access").id}"`,
      ESCAPED: "${a} %{b}",
      COS_ENDPOINT: cloud.endpoint,
      CLS_ENDPOINT: cloud.endpoint,
      TENCENTCLOUD_REGION: "ap-guangzhou",
      TENCENTCLOUD_APPID: "1250000000",
      TENCENTCLOUD_RUNENV: "SCF",
      SCF_FUNCTIONNAME: "batch",
      SCF_NAMESPACE: "default",
    });
    const key = cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", "run"));
    expect(environment.TENCENTCLOUD_SECRETID).toBe(key.secretId);
    expect(environment.TENCENTCLOUD_SESSIONTOKEN).toBe(key.sessionToken);
    expect(environment).not.toHaveProperty("OF_THE_HOST");
    expect(environment).not.toHaveProperty("NODE_OPTIONS");
  });

  test("a context as SCF's, with the time that is left", async () => {
    const code = `exports.main_handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`;
    const { invocations } = await run(code, { scf: { timeout: 7 } });
    expect(invocations[0]?.result).toMatchObject({
      callbackWaitsForEmptyEventLoop: true,
      memory_limit_in_mb: 256,
      time_limit_in_ms: 7000,
      request_id: invocations[0]?.requestId,
      environment: expect.stringContaining('"SCF_NAMESPACE":"default"'),
      environ: expect.stringContaining("SCF_NAMESPACE=default"),
      function_name: "batch",
      namespace: "default",
      tencentcloud_region: "ap-guangzhou",
      tencentcloud_appid: "1250000000",
    });
    expect((invocations[0]?.result as { left: number }).left).toBeGreaterThan(6000);
  });

  test("local services at COS_ENDPOINT, which refuse what is not signed", async () => {
    const { invocations } = await run(READ_UNSIGNED);
    expect(invocations[0]?.result).toBe(403);
  });
});

describe("how an invocation ends", () => {
  test("with what the handler returns, by promise or by callback", async () => {
    expect((await run(`exports.main_handler = async () => ({ a: [1, "é"] });`)).invocations[0]?.result).toEqual({
      a: [1, "é"],
    });
    const callback = `exports.main_handler = (event, context, done) => { setTimeout(() => done(null, "later"), 10); };`;
    expect((await run(callback)).invocations[0]?.result).toBe("later");
    expect((await run(`exports.main_handler = async () => undefined;`)).invocations[0]?.result).toBeNull();
  });

  test("when the event loop is empty, unless the handler opts out", async () => {
    const handler = (optOut: string): string => `
      exports.main_handler = async (event, context) => {
        ${optOut}
        setTimeout(() => console.log("late work"), 150);
        return 1;
      };`;
    const waited = await run(handler(""));
    expect(waited.invocations[0]).toMatchObject({ result: 1, log: ["late work"] });
    const left = await run(handler("context.callbackWaitsForEmptyEventLoop = false;"));
    expect(left.invocations[0]).toMatchObject({ result: 1, log: [] });
  });

  test("with all that it wrote, to output and error, whole lines cut at 8 KB", async () => {
    const code = `exports.main_handler = async () => {
      console.log("first");
      process.stderr.write("on error\\n");
      require("fs").writeSync(1, "x".repeat(10000) + "\\n");
      process.stdout.write("no line end");
    };`;
    const log = (await run(code)).invocations[0]?.log ?? [];
    expect([...log].sort()).toEqual(["first", "no line end", "on error", "x".repeat(8192)]);
  });

  test("with SCF's error where the code throws, by promise, callback, or while it loads", async () => {
    const error = { errorCode: 1, errorMessage: "User code exception caught", statusCode: 430 };
    for (const code of [
      `exports.main_handler = async () => { throw new TypeError("bad line"); };`,
      `exports.main_handler = (event, context, done) => done(new TypeError("bad line"));`,
      `throw new TypeError("bad line");`,
    ]) {
      const { invocations } = await run(code);
      expect(invocations[0]?.error).toMatchObject(error);
      expect(invocations[0]?.error?.stackTrace).toContain("TypeError: bad line");
    }
  });

  test("with an error where the handler is not there", async () => {
    const { invocations } = await run("exports.other = 1;");
    expect(invocations[0]?.error?.stackTrace).toContain("handler index.main_handler must be exported as a function");
  });

  test("with SCF's error where the process ends", async () => {
    const { invocations } = await run(`exports.main_handler = async () => process.exit(3);`);
    expect(invocations[0]?.error).toMatchObject({ errorMessage: "User process exit when running", statusCode: 439 });
  });

  test("killed at its timeout, even in a loop that never yields", async () => {
    const invocations = await runOnce(`exports.main_handler = async () => { console.log("in"); for (;;); };`, {
      scf: { timeout: 1 },
    });
    expect(invocations[0]).toMatchObject({
      error: { errorCode: -1, errorMessage: "Invoking task timed out after 1 seconds", statusCode: 433 },
      log: ["in"],
    });
    expect(invocations[0]?.ms).toBeLessThan(1500);
  });

  test("at its timeout where the promise never settles", async () => {
    const invocations = await runOnce(`exports.main_handler = () => new Promise(() => undefined);`, {
      scf: { timeout: 1 },
    });
    expect(invocations[0]?.error).toMatchObject({ statusCode: 433 });
  });

  test.each([
    ["buffers", `const kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.alloc(16e6, 1)); return kept.length;`],
    ["JavaScript objects", `const kept = []; for (;;) kept.push({ a: kept.length, b: [kept.length] });`],
  ])("killed where its memory is over the limit: %s", async (_name, body) => {
    const invocations = await runOnce(`exports.main_handler = async () => { ${body} };`, { scf: { mem_size: 128 } });
    expect(invocations[0]?.error).toEqual({
      errorCode: -1,
      errorMessage: "Task memory exceeded 128 MB",
      statusCode: 434,
    });
  });
});

describe("instances", () => {
  const COUNT = `let count = 0; exports.main_handler = async () => [process.pid, ++count];`;
  const KEYS = ["cls/1.gz", "cls/2.gz", "cls/3.gz", "cls/4.gz"];

  test("stay warm: one takes event after event", async () => {
    const { invocations } = await run(COUNT, {}, KEYS, { maxInstances: 1 });
    expect(invocations.map((invocation) => (invocation.result as number[])[1])).toEqual([1, 2, 3, 4]);
  });

  test("are at most as many as allowed", async () => {
    const code = `exports.main_handler = async () => { await new Promise((r) => setTimeout(r, 50)); return process.pid; };`;
    const { invocations } = await run(code, {}, KEYS, { maxInstances: 2 });
    expect(new Set(invocations.map((invocation) => invocation.result)).size).toBe(2);
  });

  test("are replaced after a timeout, and kept after an error that the code threw", async () => {
    const code = `let count = 0; exports.main_handler = async (event) => {
      count += 1;
      const { key } = event.Records[0].cos.cosObject;
      if (key.endsWith("hang.gz")) for (;;);
      if (key.endsWith("throw.gz")) throw new Error("x");
      return count;
    };`;
    const keys = ["cls/1.gz", "cls/throw.gz", "cls/2.gz", "cls/hang.gz", "cls/3.gz"];
    const invocations = await runOnce(code, { scf: { timeout: 1 } }, keys);
    const results = invocations.filter((invocation) => !invocation.error).map((invocation) => invocation.result);
    expect(results).toEqual([1, 3, 1]);
  });
});

test("an instance that died while it was idle gets no event: another one takes it", async () => {
  const code = `exports.main_handler = async (event, context) => {
    context.callbackWaitsForEmptyEventLoop = false;
    setTimeout(() => process.exit(1), 200);
    return process.pid;
  };`;
  const { cloud } = await run(code);
  await processEnd(cloud.invocations[0]?.result as number);
  await cloud.bucket(BUCKET).put("cls/b.gz", "hello");
  await cloud.settled();
  expect(cloud.invocations.map(({ attempt, error }) => [attempt, error])).toEqual([
    [1, undefined],
    [1, undefined],
  ]);
});

describe("retries", () => {
  test("come twice, a minute apart, and then the event is given up", async () => {
    const { invocations } = await run(`exports.main_handler = async () => { throw new Error("always"); };`);
    expect(
      invocations.map(({ attempt, startedAt, givenUp }) => [attempt, (startedAt - 1767225600000) / 1000, givenUp]),
    ).toEqual([
      [1, 0, false],
      [2, 60, false],
      [3, 120, true],
    ]);
    expect(new Set(invocations.map((invocation) => invocation.requestId)).size).toBe(1);
  });

  test("end with the first success", async () => {
    const code = `let count = 0; exports.main_handler = async () => { if (++count < 2) throw new Error("once"); return "ok"; };`;
    const { invocations } = await run(code);
    expect(invocations.map(({ attempt, result, givenUp }) => [attempt, result, givenUp])).toEqual([
      [1, undefined, false],
      [2, "ok", false],
    ]);
  });

  test("do not come for an error that is returned", async () => {
    const { invocations } = await run(`exports.main_handler = async () => ({ error: "x" });`);
    expect(invocations).toHaveLength(1);
  });
});

test("only objects that match the trigger run the function", async () => {
  const { cloud, invocations } = await run("exports.main_handler = async () => 1;", {}, [
    "cls/a.gz",
    "cls/a.txt",
    "b/a.gz",
  ]);
  await cloud.bucket(BUCKET).delete("cls/a.gz");
  await cloud.settled();
  expect(invocations.map((invocation) => invocation.source)).toEqual([`cos://${BUCKET}/cls/a.gz`]);
});
