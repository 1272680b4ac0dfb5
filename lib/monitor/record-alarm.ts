import { clsAlarm } from "@cdktf/provider-tencentcloud";
import { requireIndex } from "../cls/searched-index";
import { logsetIdOf, type ILogTopic } from "../cls/topic";
import type { FieldIndex, TopicIndexProps } from "../cls/topic-index";
import type { RegionalProps } from "../common-props";
import { type Construct, tfTags } from "../framework";
import { physicalName } from "../naming";
import { regionOf, requireSameRegion } from "../region";

const FIELDS: Record<string, FieldIndex> = { monitor: { type: "text" }, kind: { type: "text" } };

/** Index of a record topic that the `notice` of a `LogMonitor` needs; the topic that a monitor makes has it. */
export const ALERT_RECORD_INDEX: TopicIndexProps = {
  fields: { ...FIELDS, severity: { type: "text" }, outcome: { type: "text" } },
};

/** What people are called for: not for how many more there are, nor for what is over. */
const KINDS = ["first", "missing", "lost", "unreadable"];

/** Minutes that a look goes back: a record may come late to the index. */
const LOOK_MINUTES = 2;

/** Minutes until it calls again: a storm is one call. */
const SILENCE_MINUTES = 15;

/**
 * A CLS alarm that looks at a record topic each minute, and calls its notice where a monitor has told something since.
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
