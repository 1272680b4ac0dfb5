import { Intake } from "../../../functions/live/intake";

/** What an intake hands on, with a clock and room that a test sets. */
function open() {
  const seen: unknown[][] = [];
  const state = { now: 100, isFull: false };
  const intake = new Intake({
    now: () => state.now,
    line: ({ level, stream }, time, text) => void seen.push([stream, level, time, text]),
    lines: ({ level, stream }, { texts, times }) =>
      texts.forEach((text, index) => void seen.push([stream, level, times[index], text])),
    isFull: () => state.isFull,
    count: (lines, bytes, time) => void seen.push(["counted", lines, bytes, time]),
  });
  const write = (text: string, stream: "stdout" | "stderr" = "stdout"): boolean =>
    intake.write(stream, text, undefined);
  return { intake, seen, state, write };
}

it("holds what is written, and cuts it with the times of its writing", () => {
  const { intake, seen, state, write } = open();
  expect(write("a\nb")).toBe(true);
  state.now = 101;
  expect(write("c\n", "stderr")).toBe(false);
  intake.setLevel("warn");
  expect(write("d\n")).toBe(false);
  expect(seen).toEqual([]);
  intake.cut();
  expect(seen).toEqual([
    ["stdout", "info", 100, "a"],
    ["stderr", "error", 101, "c"],
    ["stdout", "warn", 101, "bd"],
  ]);
});

describe("when there is no more room of five seconds", () => {
  function full() {
    const opened = open();
    opened.write("first\n");
    opened.state.isFull = true;
    opened.intake.cut();
    opened.seen.length = 0;
    return opened;
  }

  it("counts what is written, of each stream by itself, and of how many bytes it was", () => {
    const { intake, seen, write } = full();
    expect([write("one\ntwo\nbe"), write("gun\n"), write("error\n", "stderr")]).toEqual([true, false, true]);
    intake.cut();
    expect(seen).toEqual([
      ["counted", 3, 11, 100],
      ["counted", 1, 5, 100],
    ]);
  });

  it("counts bytes and a line that both make", () => {
    const { intake, seen, write } = full();
    write("be");
    intake.write("stdout", Buffer.from("gun\n"), undefined);
    intake.cut();
    expect(seen).toEqual([["counted", 1, 5, 100]]);
  });

  it("keeps again what is written once the five seconds are over", () => {
    const { intake, seen, state, write } = full();
    Object.assign(state, { isFull: false, now: 200 });
    write("kept\n");
    state.now = 300;
    write("too\n", "stderr");
    intake.cut();
    expect(seen).toEqual([
      ["stdout", "info", 200, "kept"],
      ["stderr", "error", 300, "too"],
    ]);
  });

  it("loses nothing of what is held while they end", () => {
    const { intake, seen, state, write } = full();
    write("before\n");
    Object.assign(state, { isFull: false, now: 200 });
    write("after\n");
    intake.cut();
    expect(seen).toEqual([
      ["stdout", "info", 200, "before"],
      ["stdout", "info", 200, "after"],
    ]);
  });

  it("tells how many lines it lets go", () => {
    const { intake, seen, write } = full();
    write("one\ntwo\n");
    write("three\n", "stderr");
    expect(intake.letGo()).toBe(3);
    intake.cut();
    expect(seen).toEqual([]);
  });

  it("holds no more than 1,000 writes, or 64 KiB of them", () => {
    const { seen, write } = full();
    for (let n = 0; n < 1_000; n++) write("x\n");
    expect(seen).toEqual([["counted", 1_000, 1_000, 100]]);
    write(`${"y".repeat(70_000)}\n`);
    expect(seen).toHaveLength(2);
  });
});
