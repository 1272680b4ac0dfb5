import { setTimeout as sleep } from "node:timers/promises";
import type { ReporterTests } from "./reporter";
import type { Language } from "./runtime";

/** Waits between two lines, in either language. */
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

/** Sets the reporter's clock back by an hour, unless the event has `isBefore`. */
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

/** Common behaviour of the reporters in all languages. */
export function behaves(tests: ReporterTests, language: Language): void {
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
    // One check of the flag, one upload while it ran, one at its end.
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
    // From the check of the flag on, which is late on a busy machine.
    cloud.fault = (step, earlier) => void (step === "flag" && earlier === 0 && cloud.watch(2_000));
    const runtime = start({ language, code });
    await runtime.loaded();
    await runtime.invoke({ ms: 1 });
    // On a busy machine, the check takes longer than the first invocation waits.
    await cloud.comes("both lines", () => cloud.texts().length === 2);
    // The `Date` of an answer has whole seconds, so the watch can end one later.
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
    // The third pause is 800 ms: the clock is set back during it.
    await cloud.comes("three uploads that fail", () => failed() === 3);
    await runtime.invoke({ name: "after" });
    fails = false;
    await cloud.comes("both lines", () => cloud.texts().length === 2);
    // The reporter's own messages are not included.
    expect(cloud.texts()).toEqual(["before", "after"]);
    expect(runtime.trouble()).toHaveLength(1);
  });

  tests.it("sends what an invocation could not, first in the next one, and marked late", async ({ cloud, start }) => {
    cloud.watch();
    cloud.fault = (step, earlier) => (step === "topic" && earlier === 0 ? { type: "silence" } : undefined);
    const runtime = start({ language, code });
    await runtime.loaded();
    // It does not wait for an answer that never comes; the exact time is measured next to a function alone, in the
    // matrix.
    expect((await runtime.invoke({ ms: 1 })).ms).toBeLessThan(1_000);
    // On a busy machine, the check takes longer than the first invocation waits: the upload is what is frozen.
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
    const lines = cloud.lines();
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
