import { setTimeout as sleep } from "node:timers/promises";
import type { LineEvent, TailEvent } from "../../cli/tail/events";
import { deployLive, type DeployedLive } from "./support/deployed";
import { itOnTerminal, Tail } from "./support/tail";
import { numbered, WRITER } from "./support/writer";

jest.setTimeout(60_000);

let live: DeployedLive;
const tails: Tail[] = [];

beforeAll(async () => {
  live = await deployLive({
    orders: { code: WRITER },
    payments: { code: WRITER },
    plain: { code: WRITER, isLive: false },
    slow: {
      code: `exports.main_handler = async () => { console.log("begins"); await new Promise((r) => setTimeout(r, 300)); console.log("works"); for (;;); };`,
      timeoutSeconds: 1,
    },
    greedy: {
      code: `exports.main_handler = async () => { console.log("fills"); await new Promise((r) => setTimeout(r, 400));
        const kept = []; for (;;) { kept.push(Buffer.alloc(16e6, 1)); await new Promise((r) => setTimeout(r, 5)); } };`,
      memorySizeMb: 128,
      timeoutSeconds: 20,
    },
    broken: { code: `console.log("loads"); throw new Error("no module");` },
    failing: { code: `exports.main_handler = async () => { console.log("tries"); throw new Error("card refused"); };` },
    hostile: {
      code: `exports.main_handler = async () => {
        console.log("\\u001b[31mred\\u001b[2J \\u009b31m \\u202eright \\rlone");
        process.stdout.write(Buffer.from([0x62, 0xff, 0xfe, 0x0a]));
        process.stdout.write(Buffer.from("€").subarray(0, 2)); await new Promise((r) => setTimeout(r, 300));
        process.stdout.write(Buffer.from("€").subarray(2)); process.stdout.write(" is whole\\n");
        console.log("L".repeat(1_000_000) + "!");
      };`,
    },
  });
});

afterEach(() => Promise.all(tails.splice(0).map((tail) => tail.stop())));
afterAll(() => live.close());

function tail(
  args: readonly string[],
  options: { onTerminal?: boolean; environment?: Record<string, string> } = {},
): Tail {
  const { environment, ...rest } = options;
  const made = new Tail(args, { environment: { ...live.environment, ...environment }, ...rest });
  tails.push(made);
  return made;
}

const finished = ({ events }: Tail): TailEvent[] => events.filter(({ type }) => type === "request_finished");
const ended = (count: number) => (one: Tail) => finished(one).length >= count;

// CLS tells times of receipt in whole seconds, so a tail may begin with what was written up to a second before.
beforeEach(() => sleep(1_100));

it("shows lines as they are written, each once, and how the request ended", async () => {
  const one = tail(["orders", "--json"]);
  await one.tailing();
  await live.invoke("orders", { name: "order", count: 5, everyMs: 200 });
  await one.until("the end", ended(1));
  expect(one.texts).toEqual(numbered("order", 5));
  expect(one.lines.every(({ lane, type }) => lane === "fast" && type === "line")).toBe(true);
  expect(finished(one)).toEqual([expect.objectContaining({ outcome: "ok", statusCode: 200, lines: 5 })]);
  expect(await one.stop()).toBe(130);
});

it("reads a function that has nothing deployed, by SCF's own log", async () => {
  const one = tail(["plain", "--json"]);
  await one.tailing();
  await live.invoke("plain", { name: "plain", count: 3 });
  await one.until("the end", ended(1));
  expect(one.events[0]).toMatchObject({ type: "tailing", lanes: ["slow"] });
  expect(one.texts).toEqual(numbered("plain", 3));
});

it("gives two watchers with different filters each its own lines", async () => {
  const even = tail(["orders", "--json", "--filter", "[02468]$"]);
  const odd = tail(["orders", "--json", "--exclude", "[02468]$"]);
  await Promise.all([even.tailing(), odd.tailing()]);
  await live.invoke("orders", { name: "two", count: 10, everyMs: 50 });
  await Promise.all([even.until("the end", ended(1)), odd.until("the end", ended(1))]);
  expect(even.texts).toEqual(numbered("two", 10).filter((_, n) => n % 2 === 0));
  expect(odd.texts).toEqual(numbered("two", 10).filter((_, n) => n % 2 === 1));
});

it("shows what ten instances write at once, each in its own order, several functions in one tail", async () => {
  const one = tail(["orders", "payments", "--json"]);
  await one.tailing(2);
  const calls = Array.from({ length: 10 }, (_, n) =>
    live.invoke(n % 2 === 0 ? "orders" : "payments", { name: `i${n}`, count: 30, everyMs: 10 }),
  );
  await Promise.all(calls);
  await one.until("all ends", ended(10));
  expect([...one.texts].sort()).toEqual(
    Array.from({ length: 10 }, (_, n) => numbered(`i${n}`, 30))
      .flat()
      .sort(),
  );
  for (let n = 0; n < 10; n++) {
    expect(one.texts.filter((text) => text.startsWith(`i${n} `))).toEqual(numbered(`i${n}`, 30));
  }
});

it("shows history and then follows, without a hole between", async () => {
  await live.invoke("orders", { name: "before", count: 20 });
  await sleep(1_500);
  const one = tail(["orders", "--json", "--since", "5m", "--filter", "^(before|after)"]);
  await one.until("the past", ({ texts }) => texts.length >= 20);
  await live.invoke("orders", { name: "after", count: 5 });
  await one.until("the rest", ({ texts }) => texts.length >= 25);
  await sleep(1_000);
  expect(one.texts).toEqual([...numbered("before", 20), ...numbered("after", 5)]);
});

it("shows one request, one version, or lines from a level on alone", async () => {
  const { requestId } = await live.invoke("orders", { name: "asked", count: 2 });
  await live.invoke("orders", { name: '{"level":"error","msg":"asked', count: 2, text: '"}' });
  await sleep(1_500);
  const shown = async (...flags: string[]): Promise<string[]> => {
    const one = tail(["orders", "--since", "1m", "--no-follow", "--raw", "--filter", "asked", ...flags]);
    expect(await one.ended).toBe(0);
    return one.stdout.trimEnd().split("\n");
  };
  const errors = ['{"level":"error","msg":"asked 0"}', '{"level":"error","msg":"asked 1"}'];
  const asked = await Promise.all([
    shown("--request", requestId),
    shown("--level", "warn"),
    shown("--version", "$LATEST", "--exclude", "error"),
    shown("--version", "$LATEST"),
  ]);
  expect(asked).toEqual([numbered("asked", 2), errors, numbered("asked", 2), [...numbered("asked", 2), ...errors]]);
});

it("shows what the platform does: time-outs, memory, what fails and what does not load", async () => {
  const one = tail(["slow", "greedy", "broken", "failing", "--json"]);
  await one.tailing(4);
  const names = ["slow", "greedy", "broken", "failing"];
  await Promise.allSettled(names.map((name) => live.invoke(name)));
  const of = (name: string, events: readonly TailEvent[]) =>
    events.filter((each) => (each as LineEvent).function === name);
  await one.until("all ends", (each) => names.every((name) => of(name, finished(each)).length > 0));
  const texts = (name: string): string[] => (of(name, one.lines) as LineEvent[]).map(({ text }) => text);
  expect(texts("slow")).toEqual(["begins", "works"]);
  expect(of("slow", finished(one))[0]).toMatchObject({ outcome: "timeout", statusCode: 433 });
  expect(texts("greedy")).toEqual(["fills"]);
  expect(of("greedy", finished(one))[0]).toMatchObject({ outcome: "out_of_memory", memoryLimitMb: 128 });
  expect(texts("broken").filter((text) => text === "loads")).toHaveLength(1);
  expect(texts("failing").filter((text) => text === "tries")).toHaveLength(1);
  expect(of("failing", finished(one))[0]).toMatchObject({
    outcome: "error",
    result: expect.stringContaining("card refused"),
  });
});

it("shows long lines whole, bytes that are no text, and characters that came in two halves", async () => {
  const one = tail(["hostile", "--json"]);
  await one.tailing();
  await live.invoke("hostile");
  await one.until("the end", ended(1));
  expect(one.texts.slice(1, 3)).toEqual(["b\ufffd\ufffd", "€ is whole"]);
  expect(one.texts.filter((text) => text.length > 100_000)).toEqual([`${"L".repeat(1_000_000)}!`]);
  expect(one.texts).toHaveLength(4);
  expect(one.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

itOnTerminal("obeys nothing that a log says, and has colours on a terminal alone", async () => {
  const one = tail(["hostile"], { onTerminal: true });
  const plain = tail(["hostile", "orders"], { onTerminal: true, environment: { NO_COLOR: "1" } });
  await Promise.all([one.tailing(), plain.tailing(2)]);
  await live.invoke("hostile");
  await Promise.all([one, plain].map((each) => each.until("the end", ({ stdout }) => stdout.includes("END "))));
  expect(plain.stdout).toContain("\\e[31mred\\e[2J \\x9b31m \\u{202e}right \\rlone");
  expect(plain.stdout.replaceAll("\r\n", "\n")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  expect(one.stdout).toContain("\x1b[32mINFO ");
  expect(one.stdout).not.toContain("\x1b[31mred");
});

it("waits for a line, and says by its status whether it came", async () => {
  const seen = tail(["orders", "--wait-for", "ready 2$"]);
  await seen.tailing();
  await live.invoke("orders", { name: "ready", count: 4 });
  expect(await seen.ended).toBe(0);
  expect(seen.stdout).toContain("ready 2");
  const unseen = tail(["orders", "--wait-for", "never", "--timeout", "1s"]);
  expect(await unseen.ended).toBe(3);
  expect(unseen.stderr).toContain("--wait-for never was not seen in 1 s");
});

it("ends quietly when nobody reads it any more", async () => {
  const one = tail(["orders", "--since", "5m"]);
  one.child.stdout?.destroy();
  await live.invoke("orders", { count: 100 });
  expect(await one.ended).toBe(0);
  expect(one.stderr).not.toContain("Error");
});
