import { clsAlarm } from "@cdktf/provider-tencentcloud";
import { requireIndex } from "../cls/searched-index";
import { logsetIdOf, type ILogTopic } from "../cls/topic";
import type { FieldIndex, TopicIndexProps } from "../cls/topic-index";
import type { RegionalProps } from "../common-props";
import { type Construct, tfTags } from "../framework";
import { physicalName } from "../naming";
import { regionOf, requireSameRegion } from "../region";

const FIELDS: Record<string, FieldIndex> = { monitor: { type: "text" }, kind: { type: "text" } };

/** Index that the `notice` of a `LogMonitor` needs on a record topic. A topic that the monitor creates has it. */
export const ALERT_RECORD_INDEX: TopicIndexProps = {
  fields: { ...FIELDS, severity: { type: "text" }, outcome: { type: "text" } },
};

/** Kinds of alerts that people are called for; not those that count further matches or report an end. */
const KINDS = ["first", "missing", "lost", "unreadable"];

/** Minutes of the log that a search covers, because a record can reach the index late. */
const LOOK_MINUTES = 2;

/** Minutes until the next call: a series of alerts causes one call. */
const SILENCE_MINUTES = 15;

/**
 * Creates a CLS alarm that searches a record topic every minute, and calls its notice if the monitor has sent an alert.
 *
 * @param monitor name of the monitor in its records
 * @param notice id of a CLS alarm notice
 */
export function addRecordAlarm(
  scope: Construct,
  monitor: string,
  notice: string,
  records: ILogTopic,
  props: RegionalProps,
): clsAlarm.ClsAlarm {
  const { provider, tags } = props;
  const region = regionOf(scope, props);
  requireIndex(scope, records, {
    prop: "records",
    fields: FIELDS,
    searcher: "the alarm",
    remedy: "ALERT_RECORD_INDEX",
  });
  requireSameRegion(scope, "records", records.region ?? region, "alarm", region);
  const kinds = KINDS.map((kind) => `kind:${kind}`).join(" OR ");
  return new clsAlarm.ClsAlarm(scope, "RecordAlarm", {
    name: physicalName(scope, { maxLength: 255 }),
    alarmTargets: [
      {
        topicId: records.topicId,
        logsetId: logsetIdOf(scope, "records", records),
        query: `monitor:"${monitor}" AND (${kinds}) | SELECT count(*) AS alerts`,
        number: 1,
        startTimeOffset: -LOOK_MINUTES,
        endTimeOffset: 0,
        syntaxRule: 1,
      },
    ],
    condition: "$1.alerts > 0",
    triggerCount: 1,
    monitorTime: { type: "Period", time: 1 },
    alarmLevel: 0,
    alarmPeriod: SILENCE_MINUTES,
    alarmNoticeIds: [notice],
    status: true,
    tags: tfTags(tags),
    provider,
  });
}
