import { join } from "node:path";
import type { LocalCloud } from "../../../local/cloud";
import type { Deployed, StackTest } from "../revision";

const NAME = "settings";
const MINUTE_MS = 60_000;

/** Timer, failure settings, alarm, dashboard, data transform and outputs to servers, which no example uses. */
export const SETTINGS: StackTest = {
  name: NAME,
  app: join(__dirname, "settings.ts"),
  use: { step: "timer fires", run: expectTicks(10, 2) },
  revisions: [
    {
      name: "settings change",
      make: (release) =>
        release.edit(NAME, [
          ["0 */5 * * * * *", "0 */10 * * * * *"],
          ["retryAttempts: 1", "retryAttempts: 0"],
          ["reservedConcurrencyMb: 512", "reservedConcurrencyMb: 1024"],
          ["email: [100000000001]", "email: [100000000001, 100000000002]"],
          ["enableFlag: 1", "enableFlag: 2"],
          ["intervalMinutes: 5", "intervalMinutes: 10"],
        ]),
      plan: [
        "update tencentcloud_scf_trigger(trigger_desc)",
        "update tencentcloud_scf_function_event_invoke_config(async_trigger_config)",
        "replace tencentcloud_scf_reserved_concurrency_config",
        "update tencentcloud_cls_alarm_notice(notice_receivers)",
        "update tencentcloud_cls_data_transform(enable_flag)",
        "update tencentcloud_cls_dashboard(data)",
      ],
      check: expectTicks(20, 2),
    },
    {
      name: "function made anew",
      make: (release) => release.edit(NAME, [["code: ", 'functionName: "anew",\n  code: ']]),
      plan: [
        "replace tencentcloud_scf_function",
        // SCF loses all of these with the function.
        "replace tencentcloud_scf_trigger",
        "replace tencentcloud_scf_function_event_invoke_config",
        "replace tencentcloud_scf_reserved_concurrency_config",
        ...Array<string>(3).fill("update terraform_data(input)"),
        // Looks for the function's name.
        "update tencentcloud_cls_alarm(alarm_targets)",
      ],
      check: expectTicks(20, 2),
    },
  ],
};

/** Throws unless the timer fires so often in so many minutes. */
function expectTicks(minutes: number, ticks: number): (deployed: Deployed) => Promise<void> {
  return async ({ cloud }) => {
    const results = await resultsOf(cloud, minutes);
    if (results.length === ticks && results.every((result) => result?.Message === "tick")) return;
    throw new Error(`the timer must fire ${ticks} times in ${minutes} minutes, got ${JSON.stringify(results)}`);
  };
}

async function resultsOf(cloud: LocalCloud, minutes: number): Promise<({ Message?: unknown } | undefined)[]> {
  const before = cloud.invocations.length;
  await cloud.clock.advance(minutes * MINUTE_MS);
  await cloud.settled();
  return cloud.invocations.slice(before).map(({ result }) => result as { Message?: unknown } | undefined);
}
