import { reporterTests } from "./support/reporter";
import { behaves } from "./support/reporter-behaviour";
import { describePython } from "./support/runtime";

describePython("the reporter for Python", () => {
  const tests = reporterTests();
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
      const lines = cloud.lines().map(({ level, text }) => [level, text]);
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
    const lines = cloud.lines();
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
      const lines = cloud.lines().map(({ text, level }) => [text, level]);
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
