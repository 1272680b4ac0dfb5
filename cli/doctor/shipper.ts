import { type Answer, type Cloud, listIn } from "./cloud";
import type { Check, Finding } from "./finding";

/** Milliseconds in the past whose files are checked. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** `TaskStatus`. Fact: docs/design/facts/runtime.md#state-of-shippers-and-deliveries. */
const STOPPED = 0;
const ABNORMAL = 2;

/** Checks whether a shipper is enabled, and whether its last file reached the bucket. */
export async function lookAtShipper(
  check: Check,
  what: string,
  { ShipperId: id, Status: isOn, TaskStatus: task, Bucket: bucket }: Answer,
  { cloud, region }: { readonly cloud: Cloud; readonly region: string },
): Promise<Finding> {
  if (isOn === false || task === STOPPED) {
    const seen = "is stopped: nothing is shipped, and new logs stay in the topic";
    return check.wrong(what, seen, "enable it in the console, or deploy the stack again");
  }
  const now = Date.now() + (cloud.aheadMs ?? 0);
  const asked = { ShipperId: id, StartTime: now - LOOK_BACK_MS, EndTime: now + 1000 };
  const files = listIn(await cloud.ask("cls:DescribeShipperTasks", asked, region), "Tasks");
  const ended = files.filter(({ Status }) => Status !== "running").sort((one, other) => startOf(one) - startOf(other));
  const last = ended.at(-1);
  const failed = ended.filter(({ Status }) => Status === "failed").length;
  if (last?.Status === "failed" || task === ABNORMAL) {
    const why = last?.Status === "failed" ? `: ${String(last.Message)}` : "";
    const seen = `CLS cannot write to ${String(bucket)}: ${failed} of ${ended.length} files of the last day failed, the latest${why}`;
    return check.wrong(what, seen, "check that CLS_QcsRole and the bucket exist, then retry the files in the console");
  }
  const seen =
    ended.length === 0
      ? "is enabled; no file was due in the last day"
      : `is enabled; ${ended.length} files in the last day`;
  return check.ok(what, failed === 0 ? seen : `${seen}, of which ${failed} failed before the latest`);
}

function startOf({ StartTime: time }: Answer): number {
  return typeof time === "number" ? time : 0;
}
