import { ClsStreamPipeline, CosBatchPipeline, type BatchCatchUpProps, LogTopic } from "../../../lib";
import { Testing } from "../../../lib/framework";
import { testStack } from "../support/stack";

/** The plan of a batch pipeline, or of a stream. */
function planOf(catchUp: BatchCatchUpProps | undefined, kind: "batch" | "stream" = "batch") {
  const stack = testStack();
  const topic = new LogTopic(stack, "Access", { topicName: "access" });
  const props = { topic, appId: "1250000000", catchUp };
  if (kind === "batch") new CosBatchPipeline(stack, "Batch", props);
  else new ClsStreamPipeline(stack, "Stream", props);
  return JSON.parse(Testing.synth(stack)) as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
}

function timers(plan: ReturnType<typeof planOf>) {
  const triggers = Object.values(plan.resource.tencentcloud_scf_trigger ?? {});
  return triggers.filter(({ type }) => type === "timer");
}

describe("catchUp", () => {
  it("makes one timer that says what to do, and lets the function list and read just what it needs", () => {
    const plan = planOf({ everyMinutes: 5, lookbackHours: 48 });
    expect(timers(plan)).toMatchObject([
      { trigger_name: "catch-up", trigger_desc: "0 */5 * * * * *", custom_argument: '{"action":"catch-up"}' },
    ]);
    const text = JSON.stringify(plan);
    expect(text).toContain("name/cos:GetBucket");
    expect(text).toContain("lookbackHours");
  });

  it("of a stream sweeps nothing", () => {
    const plan = planOf({}, "stream");
    expect(timers(plan)).toMatchObject([{ trigger_desc: "0 */15 * * * * *" }]);
    expect(JSON.stringify(plan)).not.toContain("sweep");
  });

  it("adds nothing to a plan that does not ask for it", () => {
    const text = JSON.stringify(planOf(undefined));
    expect(text).not.toContain("catchUp");
    expect(text).not.toContain("GetBucket");
    expect(timers(planOf(undefined))).toEqual([]);
  });

  it.each([
    [
      { everyMinutes: 7 },
      "catchUp.everyMinutes must divide an hour, got 7; choose 1, 5, 10, 15, 20, 30 or 60 (LOGS_CATCH_UP)",
    ],
    [
      { everyMinutes: 0 },
      "catchUp.everyMinutes must be a whole number from 1 to 60 minutes, got 0; the nearest is 1 (LOGS_CATCH_UP)",
    ],
    [
      { lookbackHours: 200 },
      "catchUp.lookbackHours must be a whole number from 1 to 168 hours, got 200; the nearest is 168 (LOGS_CATCH_UP)",
    ],
    [
      { sweep: false, lookbackHours: 3 },
      "catchUp.lookbackHours must be left out beside sweep: false, got 3; nothing is looked for (LOGS_CATCH_UP)",
    ],
  ])("refuses %j", (catchUp, message) => {
    expect(() => planOf(catchUp)).toThrow(message);
  });
});
