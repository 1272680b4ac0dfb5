import { nextTime, parseCron } from "../../../local/scf/timer";
import { closeClouds, deploy } from "../support/cloud";

afterEach(closeClouds);

const NOW = Date.UTC(2026, 0, 1, 0, 0, 0);

test.each([
  ["0 */5 * * * * *", "2026-01-01T00:05:00.000Z"],
  ["30 0 9 * * * *", "2026-01-01T01:00:30.000Z"],
  ["0 0 0 1 3 * *", "2026-02-28T16:00:00.000Z"],
  ["0 0 12 * * 1-5 *", "2026-01-01T04:00:00.000Z"],
  ["0 0 0 29 2 * *", "2028-02-28T16:00:00.000Z"],
  ["10,20 * * * * * *", "2026-01-01T00:00:10.000Z"],
])("%s comes next at %s, by the clock of Beijing", (cron, expected) => {
  expect(new Date(nextTime(parseCron(cron), NOW) ?? 0).toISOString()).toBe(expected);
});

test("a moment that never comes", () => {
  expect(nextTime(parseCron("0 0 0 30 2 * *"), NOW)).toBeUndefined();
});

test.each(["*/5 * * * *", "60 * * * * * *", "a * * * * * *", "*/0 * * * * * *"])("refuses %s", (cron) => {
  expect(() => parseCron(cron)).toThrow(`trigger_desc must be seven cron fields, got "${cron}"`);
});

test("invokes its function as often as the clock passes its moment", async () => {
  const timer = {
    type: "timer",
    trigger_name: "often",
    trigger_desc: "0 * * * * * *",
    custom_argument: "hello",
  };
  const cloud = await deploy({
    resources: {
      tencentcloud_scf_trigger: {
        Timer: { function_name: "${tencentcloud_scf_function.Function.name}", namespace: "default", ...timer },
      },
    },
  });
  await cloud.clock.advance(3 * 60_000);
  await cloud.settled();
  expect(cloud.invocations.map(({ source }) => source)).toEqual(Array(3).fill("timer://often"));
  expect(cloud.invocations[0]?.result).toMatchObject({ Type: "Timer", TriggerName: "often", Message: "hello" });
});
