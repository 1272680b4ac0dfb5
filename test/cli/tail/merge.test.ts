import type { LiveLine, LiveRecord } from "../../../functions/live/record";
import type { TailEvent } from "../../../cli/tail/events";
import { GAP_MS } from "../../../cli/tail/instance";
import { GRACE_MS, HOLD_MS, Merge } from "../../../cli/tail/merge";
import type { ScfLog } from "../../../cli/tail/scf-log";
import { REGION } from "./support/lanes";

const OF = { function: "orders", namespace: "default", version: "$LATEST" };
const NOW = 1_795_975_672_000;

/** A merge whose clock the test moves, and what it has shown. */
class Told {
  readonly merge = new Merge(0);
  readonly events: TailEvent[] = [];
  now = NOW;
  #ids = 0;

  fast(seq: number, text: string, more: Partial<LiveLine> = {}): this {
    const line = { ...OF, kind: "line" as const, instance: "4c1e0000a1b2c3d4", requestId: "r", late: false, level: "" };
    return this.record({ ...line, seq, text, time: this.now * 1000, stream: "stdout", ...more });
  }

  end(seq: number, lines: number, more: Partial<LiveRecord> = {}): this {
    const end = { ...OF, kind: "end" as const, instance: "4c1e0000a1b2c3d4", requestId: "r", late: false, lines };
    return this.record({ ...end, seq, time: this.now * 1000, ...more } as LiveRecord);
  }

  record(record: LiveRecord): this {
    this.merge.fast(record, REGION, this.now);
    return this.pass(0);
  }

  slow(text: string, more: Partial<ScfLog> = {}, id = String(++this.#ids)): this {
    const log = { ...OF, requestId: "r", time: this.now * 1000, retry: 0, kind: "line" as const, level: "", text };
    this.merge.slow({ ...log, isPlatform: false, isCut: false, ...more } as ScfLog, id, REGION, this.now);
    return this.pass(0);
  }

  report(more: Partial<ScfLog> = {}): this {
    return this.slow("", { kind: "report", outcome: "ok", ...more } as Partial<ScfLog>);
  }

  pass(ms: number): this {
    this.now += ms;
    this.events.push(...this.merge.take(this.now));
    return this;
  }

  /** What was shown, late lines with a star, and of other events the type. */
  get shown(): string[] {
    return this.events.flatMap((event) => {
      if (event.type === "line") return [event.text];
      if (event.type === "late") return [`*${event.text}`];
      if (event.type === "lost") return [`lost ${event.reason} ${event.count}`];
      return event.type === "request_finished" ? ["finished"] : [];
    });
  }
}

it("shows what was sent again once", () => {
  expect(new Told().fast(1, "a").fast(2, "b").fast(1, "a").fast(2, "b").fast(3, "c").shown).toEqual(["a", "b", "c"]);
});

it("waits for what is missing, then tells the gap, and marks what comes of it after all", () => {
  const told = new Told().fast(1, "a").fast(4, "d");
  expect(told.shown).toEqual(["a"]);
  expect(told.pass(GAP_MS).shown).toEqual(["a", "lost gap 2", "d"]);
  expect(told.fast(3, "c").fast(3, "c").fast(5, "e").shown).toEqual(["a", "lost gap 2", "d", "*c", "e"]);
});

it("begins in the middle of an instance without a word about what was before", () => {
  expect(new Told().fast(70, "x").fast(71, "y").pass(GAP_MS).shown).toEqual(["x", "y"]);
});

it("puts the pieces of a line together, and shows what came of one that is not whole", () => {
  const piece = (number: number, of: number) => ({ piece: { number, of } });
  const told = new Told().fast(1, "aa", piece(1, 3)).fast(3, "cc", piece(3, 3)).fast(2, "bb", piece(2, 3));
  expect(told.shown).toEqual(["aabbcc"]);
  told.fast(4, "dd", piece(1, 2)).fast(6, "next").pass(GAP_MS).pass(5_000);
  expect(told.shown).toEqual(["aabbcc", "lost gap 1", "next", "*[1 of 2 pieces of this line are missing] dd"]);
});

it("adds of a request that is complete the platform's lines alone", () => {
  const told = new Told().fast(1, "a").fast(2, "a").end(3, 2).slow("a").slow("a").report();
  expect(told.shown).toEqual(["a", "a", "finished"]);
});

it("shows what a child wrote, of a request that is complete otherwise", () => {
  const told = new Told().fast(1, "a").end(2, 1).slow("child").slow("a").report();
  expect(told.shown).toEqual(["a", "*child", "finished"]);
});

it("takes lines behind a prefix that nobody knows for the same, where all of a request are", () => {
  const told = new Told().fast(1, "a").fast(2, "b").end(3, 2).slow("[x] a").slow("[x] b").report();
  expect(told.shown).toEqual(["a", "b", "finished"]);
});

it("shows what the fast lane did not bring when the request has ended, and what neither did", () => {
  const told = new Told().fast(1, "a").fast(4, "d").pass(GAP_MS).end(5, 4).slow("a").slow("b").slow("d").report();
  expect(told.pass(GRACE_MS).shown).toEqual(["a", "lost gap 2", "d", "*b", "lost neither 1", "finished"]);
});

it("shows rather twice than never, where the same text may be another line", () => {
  // Written were x, y and x again; the fast lane lost the first, the slow lane the last.
  const told = new Told().fast(2, "y").fast(3, "x").slow("x").slow("y").report();
  expect(told.pass(GRACE_MS).shown.sort()).toEqual(["*x", "*y", "finished", "x", "y"]);
});

it("does not wait longer than a while for a fast lane that brings nothing, nor shows it when that comes after all", () => {
  const told = new Told().slow("a").slow("b");
  expect(told.shown).toEqual([]);
  expect(told.pass(HOLD_MS).shown).toEqual(["a", "b"]);
  expect(told.fast(1, "a").fast(2, "b").fast(3, "c").shown.slice(0, 3)).toEqual(["a", "b", "c"]);
});

it("shows at once what a function without a reporter writes, and a repeat of the same log once", () => {
  const told = new Told();
  told.merge.setLanes({ ...OF, region: REGION }, ["slow"]);
  expect(told.slow("a", {}, "p/1").slow("a", {}, "p/1").slow("a", {}, "p/2").report().shown).toEqual([
    "a",
    "a",
    "finished",
  ]);
});

it("shows of a request whose fast lane ended in the middle only what that had not shown", () => {
  const told = new Told().fast(1, "a").fast(2, "b");
  told.merge.setLanes({ ...OF, region: REGION }, ["slow"]);
  expect(told.slow("a").slow("b").slow("c").report().shown).toEqual(["a", "b", "c", "finished"]);
});

it("knows the runs of a request that SCF tries again, by the same id, apart", () => {
  const told = new Told().fast(1, "try").end(2, 1).slow("try").report();
  told.fast(3, "try").end(4, 1).slow("try", { retry: 1 }).report({ retry: 1 });
  expect(told.shown).toEqual(["try", "finished", "try", "finished"]);
});

it("compares what was written while modules load with the request that SCF has it in", () => {
  const told = new Told().fast(1, "loads", { requestId: "" }).fast(2, "a").end(3, 1);
  expect(told.slow("loads").slow("a").report().shown).toEqual(["loads", "a", "finished"]);
});

it("says of a request which instance ran it, and which version, as far as either lane knows", () => {
  const told = new Told().fast(1, "a").end(2, 1).slow("a").report();
  const of = { requestId: "r", instance: "4c1e0000a1b2c3d4", version: "$LATEST" };
  expect(told.events).toContainEqual(expect.objectContaining({ type: "request_started", ...of }));
  expect(told.events).toContainEqual(expect.objectContaining({ type: "request_finished", ...of }));
  const alone = new Told()
    .slow("a", { version: "3" })
    .report({ version: "3" })
    .pass(GRACE_MS + HOLD_MS);
  const finished = alone.events.find(({ type }) => type === "request_finished");
  expect(finished).toMatchObject({ version: "3" });
  expect(finished).not.toHaveProperty("instance");
});

it("names levels as the slow lane does, whatever the language calls them", () => {
  const told = new Told().fast(1, "a", { level: "warning" }).fast(2, "b", { level: "critical" });
  expect(told.events).toMatchObject([{}, { text: "a", level: "warn" }, { text: "b", level: "critical" }]);
});
