import { reporterTests } from "./support/reporter";
import { behaves } from "./support/reporter-behaviour";

describe("the reporter for Node", () => {
  const tests = reporterTests();
  behaves(tests, "node");

  tests.it("knows the console's levels", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
exports.main_handler = async () => {
  for (const level of ["debug", "log", "info", "warn", "error"]) console[level]("as", level);
  console.assert(false, "as assert");
};`;
    const runtime = start({ language: "node", code });
    await runtime.loaded();
    await runtime.invoke();
    await cloud.comes("its end", () => cloud.ends().length === 1);
    const levels = cloud.lines().map(({ text, level }) => [text, level]);
    expect(levels).toEqual([
      ["as debug", "debug"],
      ["as log", "info"],
      ["as info", "info"],
      ["as warn", "warn"],
      ["as error", "error"],
      ["Assertion failed: as assert", "warn"],
    ]);
  });

  tests.it(
    "sees what goes to the streams' descriptors, as pino writes by pino.destination",
    async ({ cloud, start }) => {
      cloud.watch();
      const code = `
const fs = require("node:fs");
exports.main_handler = async () => {
  fs.writeSync(1, '{"level":30,"msg":"at once"}\\n');
  await new Promise((resolve) => fs.write(1, Buffer.from('{"level":30,"msg":"later"}\\n'), resolve));
  fs.writeSync(2, "to the other\\n");
  console.log("by the console");
};`;
      const runtime = start({ language: "node", code });
      await runtime.loaded();
      await runtime.invoke();
      await cloud.comes("its end", () => cloud.ends().length === 1);
      const lines = cloud.lines().map(({ stream, text }) => [stream, text]);
      const own = ['{"level":30,"msg":"at once"}', '{"level":30,"msg":"later"}', "by the console"];
      expect(lines).toEqual([
        ...own.slice(0, 2).map((text) => ["stdout", text]),
        ["stderr", "to the other"],
        ["stdout", own[2]],
      ]);
      expect(runtime.output("stdout")).toBe(`${own.join("\n")}\n`);
      expect(runtime.output("stderr")).toBe("to the other\n");
    },
  );

  tests.it(
    "sees what pino and winston write, to a stream, to a descriptor, at once and later",
    async ({ cloud, start }) => {
      cloud.watch();
      const code = `
const pino = require(${JSON.stringify(require.resolve("pino"))});
const winston = require(${JSON.stringify(require.resolve("winston"))});
// Without a least length, flush() calls back before what was handed to the thread pool is written.
const later = pino.destination({ dest: 1, sync: false, minLength: 4096 });
exports.main_handler = async () => {
  pino().info("pino as it comes");
  pino(process.stdout).info("pino to the stream");
  pino(pino.destination(1)).info("pino to the descriptor");
  pino(later).info("pino later");
  winston.createLogger({ transports: [new winston.transports.Console()] }).info("winston");
  await new Promise((written) => later.flush(written));
};`;
      const runtime = start({ language: "node", code });
      await runtime.loaded();
      await runtime.invoke();
      await cloud.comes("its end", () => cloud.ends().length === 1);
      const texts = cloud.texts();
      for (const said of ["as it comes", "to the stream", "to the descriptor", "later"]) {
        expect(texts.filter((text) => text.includes(`"msg":"pino ${said}"`))).toHaveLength(1);
      }
      expect(texts.filter((text) => text.includes('"message":"winston"'))).toHaveLength(1);
      expect(texts).toHaveLength(5);
    },
  );

  tests.it("sees a handler that never awaits, at its end", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
exports.main_handler = async () => {
  for (const endsAt = Date.now() + 400; Date.now() < endsAt; );
  for (let n = 0; n < 3000; n++) console.log("line", n);
};`;
    const runtime = start({ language: "node", code });
    await runtime.loaded();
    await runtime.invoke();
    await cloud.comes("all lines", () => cloud.texts().length === 3000);
  });

  // Its last lines may leave meanwhile, if another thread starts in time: test/functions/live/last-words.test.ts.
  const endings = [
    ["exits", "process.exit(3)", ""],
    ["fails where nobody catches it", 'setImmediate(() => { throw new Error("nobody"); })', "Error: nobody"],
  ];
  for (const [name, statement, told] of endings)
    tests.it(`lets a process end that ${name}`, async ({ cloud, start }) => {
      cloud.watch();
      const code = `exports.main_handler = async () => { console.log("last"); ${statement}; await new Promise(() => undefined); };`;
      const runtime = start({ language: "node", code });
      await runtime.loaded();
      expect((await runtime.invoke()).type).toBe("exit");
      expect(runtime.output("stdout")).toBe("last\n");
      expect(runtime.output("stderr")).toContain(told);
    });

  tests.it("keeps no process awake, whatever is under way", async ({ cloud, start }) => {
    cloud.watch();
    cloud.fault = (step) => (step === "topic" ? { type: "silence" } : undefined);
    const code = `exports.main_handler = (event) => { console.log("sync"); };`;
    // A busy machine only ever adds to what the reporter waits: of a few runs, the least is its own.
    const [cold, warm]: number[][] = [[], []];
    for (let n = 0; n < 3; n++) {
      const runtime = start({ language: "node", code });
      await runtime.loaded();
      // Its runtime waits until nothing is left to do.
      cold.push((await runtime.invoke()).ms);
      warm.push((await runtime.invoke()).ms);
    }
    expect(Math.min(...cold)).toBeLessThan(250);
    expect(Math.min(...warm)).toBeLessThan(250);
  });

  tests.declare();
});
