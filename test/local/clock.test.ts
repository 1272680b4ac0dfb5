import { SimulatedClock } from "../../local/clock";

describe("SimulatedClock", () => {
  test("stands still until it is advanced", async () => {
    const clock = new SimulatedClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(500);
    expect(clock.now()).toBe(1500);
  });

  test("runs timers in the order of their time, each at its own time", async () => {
    const clock = new SimulatedClock(0);
    const seen: [string, number][] = [];
    clock.setTimer(300, () => void seen.push(["late", clock.now()]));
    clock.setTimer(100, () => void seen.push(["early", clock.now()]));
    await clock.advance(1000);
    expect(seen).toEqual([
      ["early", 100],
      ["late", 300],
    ]);
  });

  test("awaits a timer before the next, and runs those that it sets", async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    clock.setTimer(100, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push("first");
      clock.setTimer(50, () => void seen.push("set by the first"));
    });
    clock.setTimer(120, () => void seen.push("second"));
    await clock.advance(200);
    expect(seen).toEqual(["first", "second", "set by the first"]);
  });

  test("leaves timers alone that are not due or were cancelled", async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    clock.setTimer(100, () => void seen.push("cancelled")).cancel();
    clock.setTimer(101, () => void seen.push("not due"));
    await clock.advance(100);
    expect(seen).toEqual([]);
  });

  test("never goes back", async () => {
    const clock = new SimulatedClock(1000);
    await clock.advanceTo(10);
    expect(clock.now()).toBe(1000);
  });
});
