import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fate, Journal } from "../../../cli/backfill/journal";
import { type Engine, type Input, Runner } from "../../../cli/backfill/runner";
import { seeded } from "../../faults/support/random";
import { SimulatedSlots } from "./support/slots";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "runner-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function journal(name = "a.jsonl"): Journal {
  const header = { version: 1, run: "r", asked: "a", began: "2026-01-01T00:00:00.000Z", selection: {} } as const;
  return Journal.open(join(folder, name), header);
}

async function* inputs(count: number, from = 0): AsyncGenerator<Input> {
  for (let n = from; n < count; n++) yield inputOf(n);
}

function inputOf(n: number): Input {
  return { id: `o${n}`, name: `o${n}`, position: n, event: () => ({ n }) };
}

describe("the runner", () => {
  it("never runs more than it may, and lets go of what waits to be tried again", async () => {
    const clock = new SimulatedSlots({ seed: 1, failing: (n) => n % 10 === 0 });
    const book = journal();
    const runner = new Runner({ engine: clock, journal: book, timing: clock.timing, concurrency: 8 }, clock.tell);
    const done = runner.run([], inputs(200), new AbortController().signal);
    await clock.runUntil(done);
    expect(book.totals).toEqual({ done: 180, quarantined: 20, failed: 0, records: 360, withBatches: 0 });
    expect(clock.most).toBeLessThanOrEqual(8 + 1);
    book.close();
  });

  it("leaves an invocation the time to end, where SCF would refuse another one", async () => {
    const clock = new SimulatedSlots({ seed: 2 });
    const ends: number[] = [];
    const begins: number[] = [];
    const engine: Engine = {
      invoke: (event) => (begins.push(clock.clock.now()), clock.invoke(event)),
      look: (id) => clock.look(id),
      giveUp: () => clock.giveUp(),
    };
    const tell = { ...clock.tell, ended: () => void ends.push(clock.clock.now()) };
    const book = journal();
    const timing = { ...clock.timing, settleMs: 500 };
    const runner = new Runner({ engine, journal: book, timing, concurrency: 1 }, tell);
    await clock.runUntil(runner.run([], inputs(20), new AbortController().signal));
    expect(book.totals).toMatchObject({ done: 20 });
    expect(begins.slice(1).map((time, at) => time - ends[at] >= 500)).toEqual(Array(19).fill(true));
    book.close();
  });

  it("is the same after any number of kills: nothing is left out, nothing counted twice", async () => {
    const random = seeded(7);
    let position = 0;
    const asked = new Map<number, number>();
    for (let life = 0; ; life++) {
      const clock = new SimulatedSlots({ seed: life, known: asked });
      const book = journal();
      const open = book.open.map(({ position: n }) => inputOf(n as number));
      position = book.position === undefined ? 0 : (book.position as number) + 1;
      const runner = new Runner({ engine: clock, journal: book, timing: clock.timing, concurrency: 16 }, clock.tell);
      const stop = new AbortController();
      const done = runner.run(open, inputs(500, position), stop.signal);
      const isLast = life === 4;
      await clock.runUntil(done, isLast ? Infinity : 40 + Math.floor(random() * 60), () =>
        stop.abort(new Error("killed")),
      );
      if (isLast) {
        expect(book.totals).toMatchObject({ done: 500, records: 1000, failed: 0 });
        book.close();
        break;
      }
      book.close();
    }
    expect(asked.size).toBe(500);
  });

  it("looks at an input twice at most as a rule, and keeps slots busy two thirds of their time", async () => {
    const clock = new SimulatedSlots({ seed: 3 });
    let looks = 0;
    const engine: Engine = {
      invoke: (event) => clock.invoke(event),
      look: (id) => (looks++, clock.look(id)),
      giveUp: () => clock.giveUp(),
    };
    const book = journal();
    const runner = new Runner({ engine, journal: book, timing: clock.timing, concurrency: 50 }, clock.tell);
    const began = clock.clock.now();
    await clock.runUntil(runner.run([], inputs(3000), new AbortController().signal));
    // Inputs take 1.1 s on average.
    const busy = (3000 * 1100) / 50 / (clock.clock.now() - began);
    expect([busy > 0.65, looks / 3000 < 2]).toEqual([true, true]);
    book.close();
  });

  it("waits on where something is still to come of an input", async () => {
    const clock = new SimulatedSlots({ seed: 4, failing: (n) => n === 3 });
    let asked = 0;
    const engine: Engine = {
      invoke: (event) => clock.invoke(event),
      look: (id) => clock.look(id),
      giveUp: () => Promise.resolve(++asked < 3 ? undefined : fate),
    };
    const book = journal();
    const runner = new Runner({ engine, journal: book, timing: clock.timing, concurrency: 4 }, clock.tell);
    const began = clock.clock.now();
    await clock.runUntil(runner.run([], inputs(10), new AbortController().signal));
    expect(book.totals).toMatchObject({ done: 10, records: 9 * 2 + 3 });
    expect(clock.clock.now() - began).toBeGreaterThan(3 * clock.timing.patienceMs);
    book.close();
  });

  it("breaks off where nothing is heard of the first ones: nothing would be of the others", async () => {
    const clock = new SimulatedSlots({ seed: 5, failing: () => true });
    const engine: Engine = {
      invoke: (event) => clock.invoke(event),
      look: (id) => clock.look(id),
      giveUp: () => Promise.resolve({ outcome: "failed", records: 0, reason: "no word of it" }),
    };
    const book = journal();
    const runner = new Runner({ engine, journal: book, timing: clock.timing, concurrency: 4 }, clock.tell);
    await expect(clock.runUntil(runner.run([], inputs(1000), new AbortController().signal))).rejects.toThrow(
      "the function must write a receipt for each input, got none for the first 20; deploy it with this release",
    );
    book.close();
  });

  it("rejects with what the engine cannot do, after what was under way has ended", async () => {
    const clock = new SimulatedSlots({ seed: 3 });
    let looks = 0;
    const engine: Engine = {
      invoke: (event) => clock.invoke(event),
      look: (id) => (++looks > 20 ? Promise.reject(new Error("no right")) : clock.look(id)),
      giveUp: () => clock.giveUp(),
    };
    const book = journal();
    const runner = new Runner({ engine, journal: book, timing: clock.timing, concurrency: 4 }, clock.tell);
    await expect(clock.runUntil(runner.run([], inputs(100), new AbortController().signal))).rejects.toThrow("no right");
    book.close();
  });
});

const fate: Fate = { outcome: "done", records: 3 };

describe("the journal", () => {
  const path = () => join(folder, "a.jsonl");
  const HEADER = '{"version":1,"run":"r","asked":"a","began":"","selection":{}}';

  it.each([
    ["of another version", '{"version":2,"run":"r","selection":{}}\n', "--journal must be of version 1, got 2 in "],
    [
      "of other flags",
      `${HEADER.replace('"a"', '"b"')}\n`,
      "--journal must be of a backfill with the same flags, got ",
    ],
    [
      "broken in the middle",
      `${HEADER}\n{"asked":"a","at":0}\n\0\0\n{"queued":"a"}\n`,
      "object of JSON in line 3, got ",
    ],
    ["something else, without a line end", "hello", "--journal must be a journal of tencent-logs backfill, got "],
  ])("is refused, and stays as it is, where it is %s", (_, text, message) => {
    writeFileSync(path(), text);
    expect(() => journal()).toThrow(message);
    expect(() => journal()).toThrow(message);
    expect(readFileSync(path(), "utf8")).toBe(text);
  });

  it("begins anew where not even its first line was written whole", () => {
    writeFileSync(path(), HEADER.slice(0, 20));
    const book = journal();
    expect([book.position, book.open]).toEqual([undefined, []]);
    book.close();
  });

  it("forgets half a line, which a machine that failed has left", () => {
    const first = journal();
    first.asked("a", 0);
    first.queued("a", "q");
    first.ended("a", fate);
    first.asked("b", 1);
    first.close();
    const path = join(folder, "a.jsonl");
    writeFileSync(path, `${readFileSync(path, "utf8")}{"asked":"c","a`);
    const second = journal();
    expect([second.totals.records, second.position, second.open]).toEqual([3, 1, [{ id: "b", position: 1 }]]);
    second.ended("b", fate);
    second.close();
    expect(journal().open).toEqual([]);
  });

  it("counts an end once, however often it is told", () => {
    const book = journal();
    book.asked("a", 0);
    book.ended("a", fate);
    book.ended("a", fate);
    expect(book.totals).toMatchObject({ done: 1, records: 3 });
    book.close();
  });
});
