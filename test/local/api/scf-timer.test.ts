import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, deploy } from "../support/cloud";

const FUNCTION = { FunctionName: "batch", Namespace: "default" };
const TIMER = { ...FUNCTION, TriggerName: "often", Type: "timer", TriggerDesc: "0 */5 * * * * *", Enable: "OPEN" };

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await deploy();
});
afterEach(closeClouds);

/** What the function returns for the events of so many minutes, in their order: invocations run at once. */
async function resultsOf(minutes: number): Promise<unknown[]> {
  const before = cloud.invocations.length;
  await cloud.clock.advance(minutes * 60_000);
  await cloud.settled();
  const results = cloud.invocations.slice(before).map(({ result }) => result as { Time: string });
  return results.sort((a, b) => a.Time.localeCompare(b.Time));
}

test("what is made through the API invokes the function by the clock", async () => {
  const made = await call(cloud, "scf:CreateTrigger", { ...TIMER, CustomArgument: "hello" });
  // The description comes back as JSON, which the provider unwraps.
  expect(made.TriggerInfo).toMatchObject({
    TriggerName: "often",
    Type: "timer",
    TriggerDesc: '{"cron":"0 */5 * * * * *"}',
  });
  expect(await resultsOf(11)).toEqual([
    { Type: "Timer", TriggerName: "often", Time: "2026-01-01T00:05:00Z", Message: "hello" },
    { Type: "Timer", TriggerName: "often", Time: "2026-01-01T00:10:00Z", Message: "hello" },
  ]);
});

test("it is listed by its name, beside the function's other triggers", async () => {
  await call(cloud, "scf:CreateTrigger", { ...TIMER, Description: "every five minutes", Qualifier: "$DEFAULT" });
  const by = (Name: string, value: string) => ({ ...FUNCTION, Filters: [{ Name, Values: [value] }] });
  for (const filter of [by("TriggerName", "often"), by("Description", "every five minutes")]) {
    expect(await call(cloud, "scf:ListTriggers", filter)).toMatchObject({
      TotalCount: 1,
      Triggers: [{ TriggerName: "often", Enable: 1, Qualifier: "$DEFAULT", CustomArgument: "" }],
    });
  }
  const all = await call(cloud, "scf:GetFunction", FUNCTION);
  expect((all.Triggers as { Type: string }[]).map(({ Type }) => Type)).toEqual(["cos", "timer"]);
});

test("it is changed in place: what a request does not give stays", async () => {
  await call(cloud, "scf:CreateTrigger", { ...TIMER, CustomArgument: "hello" });
  await call(cloud, "scf:UpdateTrigger", {
    ...FUNCTION,
    TriggerName: "often",
    Type: "timer",
    TriggerDesc: "0 * * * * * *",
  });
  expect(await resultsOf(2)).toMatchObject([{ Message: "hello" }, { Message: "hello" }]);
  await call(cloud, "scf:UpdateTrigger", { ...TIMER, Enable: "CLOSE" });
  expect(await resultsOf(30)).toEqual([]);
});

test("it ends when it is deleted, and with its function", async () => {
  await call(cloud, "scf:CreateTrigger", TIMER);
  await call(cloud, "scf:DeleteTrigger", { ...FUNCTION, TriggerName: "often", Type: "timer" });
  expect(await codeOf(call(cloud, "scf:DeleteTrigger", { ...FUNCTION, TriggerName: "often", Type: "timer" }))).toBe(
    "ResourceNotFound.Trigger",
  );
  await call(cloud, "scf:CreateTrigger", TIMER);
  await call(cloud, "scf:DeleteFunction", FUNCTION);
  expect(await resultsOf(30)).toEqual([]);
  expect(cloud.inventory().filter((entry) => entry.startsWith("timer"))).toEqual([]);
});

test.each<[string, object, string]>([
  ["five fields", { TriggerDesc: "*/5 * * * *" }, "InvalidParameterValue.TriggerDesc"],
  ["JSON for a schedule", { TriggerDesc: '{"cron":"0 * * * * * *"}' }, "InvalidParameterValue.TriggerDesc"],
  ["a name with a dot", { TriggerName: "a.b" }, "InvalidParameterValue.TriggerName"],
  ["a function that does not exist", { FunctionName: "gone" }, "ResourceNotFound.Function"],
])("is refused with %s", async (_what, change, code) => {
  expect(await codeOf(call(cloud, "scf:CreateTrigger", { ...TIMER, ...change }))).toBe(code);
});

test("a name is taken once", async () => {
  await call(cloud, "scf:CreateTrigger", TIMER);
  expect(await codeOf(call(cloud, "scf:CreateTrigger", TIMER))).toBe("ResourceInUse.Trigger");
});
