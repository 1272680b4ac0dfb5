import { liveRecordOf } from "../../functions/live/record";
import type { ReadLog } from "../../functions/tencent/topic-reader";
import { levelName } from "./level";
import type { LineEvent, OfFunction } from "./events";

/** Whether a log of any topic looks like one of a live topic. */
export function isLiveRecord({ contents }: ReadLog): boolean {
  if (contents.instance === undefined || contents.seq === undefined) return false;
  try {
    liveRecordOf(contents);
    return true;
  } catch {
    return false;
  }
}

/** A log of any topic as a line: its only field, or its fields as JSON. */
export function topicLineOf({ contents, time, source }: ReadLog, of: OfFunction, now: number): LineEvent {
  const fields = Object.entries(contents);
  const text = fields.length === 1 ? fields[0][1] : JSON.stringify(contents);
  return {
    type: "line",
    ...of,
    version: "",
    instance: "",
    seq: 0,
    requestId: source ?? "",
    time,
    level: levelName(contents.level ?? contents.severity ?? ""),
    stream: "",
    text,
    lane: "slow",
    lagMs: Math.round(now - time / 1000),
  };
}
