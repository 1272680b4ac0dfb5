import { setTimeout as sleep } from "node:timers/promises";
import { LiveCloud } from "./support/live-cloud";
import { describePython, type Language, Runtime, type RuntimeOptions } from "./support/runtime";
import { Together } from "./support/together";

/** Waits, in either language, between two lines. */
const SLOW: Readonly<Record<Language, string>> = {
  node: `
exports.main_handler = async ({ ms }) => {
  console.log("first");
  await new Promise((resolve) => setTimeout(resolve, ms));
  console.log("second");
};`,
  python: `
import time

def main_handler(event, context):
    print("first")
    time.sleep(event["ms"] / 1000)
    print("second")
`,
};

/** Sets the clock that the reporter goes by an hour back, unless it is told to wait with that. */
const SET_BACK: Readonly<Record<Language, string>> = {
  node: `
const { now } = Date;
exports.main_handler = async ({ name, isBefore }) => {
  console.log(name);
  if (!isBefore) Date.now = () => now() - 3_600_000;
};`,
  python: `
import logs
import time

def main_handler(event, context):
    print(event["name"])
    if not event.get("isBefore"):
        logs._now = lambda: time.time() - 3600
`,
};

const BROKEN: Readonly<Record<Language, string>> = {
  node: 'console.log("before");\nthrow new RangeError("no table");',
  python: 'print("before", flush=True)\nraise ValueError("no table")',
};

type Start = (options: Pick<RuntimeOptions, "language" | "code"> & Partial<RuntimeOptions>) => Runtime;

async function open() {
  const cloud = await LiveCloud.start();
  const runtimes: Runtime[] = [];
  const start: Start = (options) => {
    const runtime = new Runtime({ environment: cloud.environment(), ...options });
    runtimes.push(runtime);
    return runtime;
  };
  const close = async (): Promise<void> => {
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await cloud.stop();
  };
  return { place: { cloud, start }, close };
}

type Tests = Together<Awaited<ReturnType<typeof open>>["place"]>;

function behaves(tests: Tests, language: Language): void {
  const code = SLOW[language];

  tests.it("sends what is written while the handler still runs", async ({ cloud, start }) => {
    cloud.watch();
    const runtime = start({ language, code });
    await runtime.loaded();
    const outcome = runtime.invoke({ ms: 600 });
    await cloud.comes("the first line", () => cloud.texts().includes("first"));
    expect(cloud.texts()).toEqual(["first"]);
    await outcome;
    await cloud.comes("its end", () => cloud.ends().length === 1);
    expect(cloud.texts()).toEqual(["first", "second"]);
    // One look, one upload while it ran, one at its end.
    expect(cloud.requests.map(({ step }) => step)).toEqual(["flag", "topic", "topic"]);
  });

  tests.it("tells the time of a line in microseconds, and to CLS in milliseconds", async ({ cloud, start }) => {
    cloud.watch();
    const runtime = start({ language, code });
    await runtime.loaded();
    const before = Date.now();
    await runtime.invoke({ ms: 300 });
    await cloud.comes("its end", () => cloud.ends().length === 1);
    const [first, second] = cloud.records();
    expect(first.time).toBeGreaterThanOrEqual((before - 5) * 1000);
    expect(second.time - first.time).toBeGreaterThan(290_000);
    expect(second.time).toBeLessThanOrEqual((Date.now() + 5) * 1000);
    expect(cloud.uploads[0].times[0]).toBe(Math.floor(first.time / 1000));
  });

  tests.it("goes quiet when the watch ends, by COS's clock and without another look", async ({ cloud, start }) => {
    cloud.ahead = 3_600_000;
    // From the look on, which comes late on a busy machine.
    cloud.fault = (step, earlier) => void (step === "flag" && earlier === 0 && cloud.watch(2_000));
    const runtime = start({ language, code });
    await runtime.loaded();
    await runtime.invoke({ ms: 1 });
    // On a busy machine the look takes longer than the first invocation waits.
    await cloud.comes("both lines", () => cloud.texts().length === 2);
    // The `Date` of an answer has whole seconds: it may end one later.
    await sleep((cloud.until ?? 0) - cloud.ahead + 1_200 - Date.now());
    await runtime.invoke({ ms: 1 });
    expect(cloud.texts()).toEqual(["first", "second"]);
    expect(cloud.requests.filter(({ step }) => step === "flag")).toHaveLength(1);
  });

  tests.it("looks every five seconds during a long run, and asks for what is new alone", async ({ cloud, start }) => {
    cloud.until = Date.now() - 1_000;
    const runtime = start({ language, code });
    await runtime.loaded();
    await runtime.invoke({ ms: 5_800 });
    await cloud.comes("the second look", () => cloud.requests.length === 2);
    expect(cloud.requests.map(({ status }) => status)).toEqual([200, 304]);
  });

  tests.it("looks again at once where the clock was set back since the last look", async ({ cloud, start }) => {
    const runtime = start({ language, code: SET_BACK[language] });
    const looks = (): number => cloud.requests.filter(({ step, status }) => step === "flag" && status > 0).length;
    await runtime.invoke({ name: "unwatched" });
    await cloud.comes("the first look", () => looks() === 1);
    await sleep(100);
    cloud.watch();
    await runtime.invoke({ name: "looks" });
    await cloud.comes("another look", () => looks() === 2);
    await runtime.invoke({ name: "watched" });
    await cloud.comes("its line", () => cloud.texts().includes("watched"));
  });

  tests.it("sends again where the clock was set back since an upload failed", async ({ cloud, start }) => {
    cloud.watch();
    let fails = true;
    cloud.fault = (step) => (step === "topic" && fails ? { type: "status", status: 500 } : undefined);
    const runtime = start({ language, code: SET_BACK[language] });
    await runtime.invoke({ name: "before", isBefore: true });
    const failed = (): number => cloud.requests.filter(({ step }) => step === "topic").length;
    // The third pause is of 800 ms: the clock is set back meanwhile.
    await cloud.comes("three uploads that fail", () => failed() === 3);
    await runtime.invoke({ name: "after" });
    fails = false;
    await cloud.comes("both lines", () => cloud.texts().length === 2);
    // What the reporter says of itself is none of them.
    expect(cloud.texts()).toEqual(["before", "after"]);
    expect(runtime.trouble()).toHaveLength(1);
  });

  tests.it("sends what an invocation could not, first in the next one, and marked late", async ({ cloud, start }) => {
    cloud.watch();
    cloud.fault = (step, earlier) => (step === "topic" && earlier === 0 ? { type: "silence" } : undefined);
    const runtime = start({ language, code });
    await runtime.loaded();
    // It does not wait for what never comes; how long it waits is measured beside a function alone, in the matrix.
    expect((await runtime.invoke({ ms: 1 })).ms).toBeLessThan(1_000);
    // On a busy machine the look takes longer than the first invocation waits: what is frozen is the upload.
    await cloud.comes("the first upload", () => cloud.requests.some(({ step }) => step === "topic"));
    runtime.freeze();
    await sleep(1_200);
    runtime.thaw();
    await runtime.invoke({ ms: 1 });
    await cloud.comes("both ends", () => cloud.ends().length === 2);
    const told = cloud.records().map(({ seq, requestId, late }) => [seq, requestId, late]);
    expect(told).toEqual([
      [1, "request-1", true],
      [2, "request-1", true],
      [3, "request-1", true],
      [4, "request-2", false],
      [5, "request-2", false],
      [6, "request-2", false],
    ]);
    expect(runtime.trouble()).toEqual([]);
  });

  tests.it("reports a module that does not load, whose error is what it was", async ({ cloud, start }) => {
    cloud.watch();
    const alone = start({ language, code: BROKEN[language], isWrapped: false });
    const runtime = start({ language, code: BROKEN[language] });
    const outcome = await runtime.loaded();
    const strip = ({ error, type }: typeof outcome) => ({ type, name: error?.name, message: error?.message });
    expect(strip(outcome)).toEqual(strip(await alone.loaded()));
    expect(outcome.type).toBe("broken");
    await cloud.comes("the crash", () => cloud.texts().length > 1);
    const lines = cloud.records().flatMap((record) => (record.kind === "line" ? [record] : []));
    expect(lines[0]).toMatchObject({ text: "before", level: "info", requestId: "" });
    expect(lines.some(({ text, level }) => text.includes("no table") && level === "error")).toBe(true);
  });

  tests.it("sends nothing of a module that does not load while nobody watches", async ({ cloud, start }) => {
    const runtime = start({ language, code: BROKEN[language] });
    await runtime.loaded();
    await sleep(150);
    expect(cloud.requests.every(({ step }) => step === "flag")).toBe(true);
  });

  tests.it("says which handler it cannot find", async ({ cloud, start }) => {
    const environment = cloud.environment({ handler: "index.other" });
    const runtime = start({ language, code, environment });
    expect((await runtime.loaded()).error?.message).toMatch(/other/);
  });

  tests.it("does nothing where the function is not watched by settings", async ({ start }) => {
    const runtime = start({ language, code, environment: {}, isWrapped: false });
    await runtime.loaded();
    expect((await runtime.invoke({ ms: 1 })).error).toBeUndefined();
  });
}

describe("the reporter for Node", () => {
  const tests: Tests = new Together(open);
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
    const levels = cloud.records().flatMap((record) => (record.kind === "line" ? [[record.text, record.level]] : []));
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
      const lines = cloud.records().flatMap((record) => (record.kind === "line" ? [[record.stream, record.text]] : []));
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
const later = pino.destination({ dest: 1, sync: false });
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

describePython("the reporter for Python", () => {
  const tests: Tests = new Together(open);
  behaves(tests, "python");

  const LEVELS = `
import logging, sys, warnings

def main_handler(event, context):
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(message)s")
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(logging, level)("as " + level)
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("failed")
    print("as print")
    print("as error", file=sys.stderr)
`;

  const ways = [
    ["its handler is called in place of the function's", LEVELS, true],
    ["the function says import logs", `import logs\n${LEVELS}`, false],
    ["the function says from logs import *", `from logs import *\n${LEVELS}`, false],
    ["both", `import logs\n${LEVELS}`, true],
  ] as const;
  for (const [name, code, isWrapped] of ways)
    tests.it(`sees levels and tracebacks, where ${name}`, async ({ cloud, start }) => {
      cloud.watch();
      const runtime = start({ language: "python", code, isWrapped });
      await runtime.loaded();
      expect((await runtime.invoke()).error).toBeUndefined();
      await cloud.comes("its end", () => cloud.ends().length === 1);
      const lines = cloud.records().flatMap((record) => (record.kind === "line" ? [[record.level, record.text]] : []));
      expect(lines.slice(0, 6)).toEqual([
        ["debug", "as debug"],
        ["info", "as info"],
        ["warning", "as warning"],
        ["error", "as error"],
        ["critical", "as critical"],
        ["error", "failed"],
      ]);
      expect(lines).toContainEqual(["error", "ZeroDivisionError: division by zero"]);
      expect(lines.slice(-2)).toEqual([
        ["info", "as print"],
        ["error", "as error"],
      ]);
      const end = cloud.records().at(-1);
      expect(end).toMatchObject({ kind: "end", lines: lines.length, requestId: "request-1" });
    });

  tests.it("sees warnings, threads, and the tracebacks of both, as errors", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
import logging, threading, traceback, warnings

def work():
    print("in a thread")
    raise KeyError("nobody catches it")

def main_handler(event, context):
    warnings.warn("low on disk")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    try:
        raise ValueError("caught")
    except ValueError:
        traceback.print_exc()
    logging.getLogger("own").warning("by the last resort")
`;
    const runtime = start({ language: "python", code });
    await runtime.loaded();
    expect((await runtime.invoke()).error).toBeUndefined();
    await cloud.comes("its end", () => cloud.ends().length === 1);
    const lines = cloud.records().flatMap((record) => (record.kind === "line" ? [record] : []));
    const levelOf = (end: string): string | undefined => lines.find(({ text }) => text.endsWith(end))?.level;
    expect(levelOf("UserWarning: low on disk")).toBe("error");
    expect(levelOf("in a thread")).toBe("info");
    expect(levelOf("KeyError: 'nobody catches it'")).toBe("error");
    expect(levelOf("ValueError: caught")).toBe("error");
    expect(levelOf("by the last resort")).toBe("warning");
    const own = runtime.output("stdout") + runtime.output("stderr");
    const seen = lines.map(({ text }) => text.replace(/\/\S+\/live-function-\w+/, "/var/user"));
    expect(seen.sort()).toEqual(own.trimEnd().split("\n").sort());
  });

  tests.it(
    "knows the level of each record, also where threads log at once and handlers log",
    async ({ cloud, start }) => {
      cloud.watch();
      const code = `
import logging, sys, threading, time

class Slow(logging.StreamHandler):
    def emit(self, record):
        # A write comes long after the record, and the sender looks at what was written meanwhile.
        time.sleep(0.05)
        logging.getLogger("inner").debug("inner of " + record.getMessage())
        super().emit(record)

inner = logging.getLogger("inner")
inner.setLevel(logging.DEBUG)
inner.propagate = False
inner.addHandler(logging.StreamHandler(sys.stdout))
outer = logging.getLogger("outer")
outer.setLevel(logging.DEBUG)
outer.propagate = False
outer.addHandler(Slow(sys.stdout))

def work(level):
    for n in range(3):
        outer.log(getattr(logging, level.upper()), "%s %d", level, n)

def main_handler(event, context):
    threads = [threading.Thread(target=work, args=(level,)) for level in ("info", "warning", "error", "critical")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("by print")
`;
      const runtime = start({ language: "python", code });
      await runtime.loaded();
      expect((await runtime.invoke()).error).toBeUndefined();
      await cloud.comes("its end", () => cloud.ends().length === 1);
      const lines = cloud.records().flatMap((record) => (record.kind === "line" ? [[record.text, record.level]] : []));
      expect(lines).toHaveLength(25);
      const expected = lines.map(([text]) => [
        text,
        text.startsWith("inner") ? "debug" : text === "by print" ? "info" : text.replace(/ .*/, ""),
      ]);
      expect(lines).toEqual(expected);
    },
  );

  tests.it("has nothing to do once its lines have left", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
import logs

rounds, take = [], logs._Reporter.take

def counted(self, *level):
    rounds.append(1)
    return take(self, *level)

logs._Reporter.take = counted

def main_handler(event, context):
    print("a line")
    return len(rounds)
`;
    const runtime = start({ language: "python", code });
    await runtime.loaded();
    const [before, after] = [await runtime.invoke(), await runtime.invoke()].map(({ result }) => Number(result));
    // One for its line, and one each 200 ms.
    expect(after - before).toBeLessThan(20);
  });

  tests.it("leaves a child process alone", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
import os

def main_handler(event, context):
    print("parent")
    child = os.fork()
    if child == 0:
        print("child", flush=True)
        os._exit(0)
    return os.waitpid(child, 0)[1]
`;
    const runtime = start({ language: "python", code });
    await runtime.loaded();
    expect((await runtime.invoke()).result).toBe(0);
    await cloud.comes("its end", () => cloud.ends().length === 1);
    expect(cloud.texts()).toEqual(["parent"]);
  });

  tests.it("lets a child process end, whatever another thread did when it was forked", async ({ cloud, start }) => {
    cloud.watch();
    const code = `
import logs, os, signal, sys, threading

def main_handler(event, context):
    is_held, is_forked = threading.Event(), threading.Event()

    def hold():
        with logs._reporter.lock:
            is_held.set()
            is_forked.wait()

    threading.Thread(target=hold).start()
    is_held.wait()
    child = os.fork()
    if child == 0:
        sys.exit(0)
    is_forked.set()
    threading.Timer(5, os.kill, (child, signal.SIGKILL)).start()
    return os.waitpid(child, 0)[1]
`;
    const runtime = start({ language: "python", code });
    await runtime.loaded();
    expect((await runtime.invoke()).result).toBe(0);
  });

  tests.declare();
});
