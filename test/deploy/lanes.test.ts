import { setTimeout } from "node:timers/promises";
import { runInLanes } from "./lanes";

test("so many tasks run at a time, in their order", async () => {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const task = (number: number) => async () => {
    started.push(number);
    most = Math.max(most, ++running);
    await setTimeout(5);
    running--;
  };
  expect(await runInLanes(2, [0, 1, 2, 3, 4].map(task))).toEqual([]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});

test("a failure stops no other task, and is returned", async () => {
  const ended: string[] = [];
  const failures = await runInLanes(1, [
    () => Promise.reject(new Error("first")),
    async () => void ended.push("second"),
    () => Promise.reject(new Error("third")),
  ]);
  expect(ended).toEqual(["second"]);
  expect(failures.map(({ message }) => message)).toEqual(["first", "third"]);
});
