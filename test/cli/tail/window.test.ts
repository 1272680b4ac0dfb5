import type { LineEvent } from "../../../cli/tail/events";
import { OrderWindow } from "../../../cli/tail/window";

const OF = { region: "ap-guangzhou", namespace: "default", function: "orders", version: "$LATEST", instance: "" };
const NOW = 1_795_975_672_000;

function line(requestId: string, ms: number): LineEvent {
  const common = {
    ...OF,
    requestId,
    type: "line",
    seq: 0,
    level: "",
    stream: "stdout",
    lane: "slow",
    lagMs: 0,
  } as const;
  return { ...common, time: ms * 1000, text: `${requestId} at ${ms}` };
}

it("shows a long history of many requests in the order of its times, in time that grows with its length", () => {
  const writers = 20_000;
  const window = new OrderWindow(300);
  for (let at = 0; at < 5 * writers; at++) window.push(`r${at % writers}`, line(`r${at % writers}`, at), NOW);
  const startedAt = process.cpuUsage();
  const times = window.take(Infinity).map(({ time }) => time);
  const { user, system } = process.cpuUsage(startedAt);
  expect(times).toHaveLength(5 * writers);
  expect(times.every((time, at) => at === 0 || times[at - 1] <= time)).toBe(true);
  // Comparing each line with each request would take minutes.
  expect((user + system) / 1e6).toBeLessThan(5);
});

it("shows what two writers wrote at once in the order in which they came", () => {
  const window = new OrderWindow(300);
  for (const writer of ["b", "a", "c"]) window.push(writer, line(writer, NOW), NOW);
  expect(window.take(NOW + 300).map((event) => (event as LineEvent).requestId)).toEqual(["b", "a", "c"]);
});

it("holds back what is not due, and what one writer wrote before it is shown before", () => {
  const window = new OrderWindow(300);
  window.push("a", line("a", NOW), NOW);
  window.push("b", line("b", NOW + 200), NOW + 200);
  expect(window.take(NOW + 299)).toEqual([]);
  expect(window.take(NOW + 300).map((event) => (event as LineEvent).requestId)).toEqual(["a"]);
  expect(window.nextDue).toBe(NOW + 500);
});
