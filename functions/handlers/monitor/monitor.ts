import type { SweepReport } from "../../../monitor";
import { type ClsEvent, type ClsEventError, readClsEvent } from "../../events/cls-event";
import { ForeignEventError } from "../../events/event-kind";
import { Deadline, type ScfContext } from "../../invocation/deadline";
import { failureOf } from "../../invocation/failure";
import { QuarantineStore } from "../../quarantine/store";
import { logError } from "../../runtime/log";
import { deliveredBatch } from "../../monitor/delivered-batch";
import { untilAborted } from "../../runtime/until-aborted";
import { DEFAULT_RETRY } from "../../tencent/retry";
import { EventNotes, MonitorError } from "./notes";
import type { MonitorTools } from "./tools";

/** What an invocation did: one JSON line in its log, and what it returns. Of a delivery, or of a sweep. */
export interface MonitorSummary {
  readonly source?: string;
  readonly records?: number;
  /** Records that matched, in all groups of all monitors. */
  readonly matches?: number;
  readonly groups?: number;
  /** Records on which a rule text failed, by monitor: nobody knows whether they match. */
  readonly failed?: Readonly<Record<string, number>>;
  /** Events that were left to a note. */
  readonly quarantined?: number;
  readonly sweep?: SweepReport;
  /** What was told that had been kept while its receiver was away, by receiver. */
  readonly kept?: object;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/**
 * One invocation of the handler `monitor`. What CLS delivers is looked at, and whoever is to be told is told; the timer has
 * summed what was counted.
 *
 * What cannot be handled makes the invocation throw, so that SCF delivers the event again: twice, a minute apart. Its note
 * lies in quarantine until then, and for good where SCF gave up. An event that nobody can read ends there at once.
 */
export async function runMonitor(event: unknown, context: ScfContext, tools: MonitorTools): Promise<MonitorSummary> {
  const deadline = new Deadline(context);
  try {
    const done = isTimer(event) ? await sweep(tools, deadline) : await takeEvent(event, context, tools, deadline);
    const summary = { ...done, ms: deadline.elapsedMs };
    console.log(JSON.stringify(summary));
    return summary;
  } finally {
    deadline.close();
  }
}

/** Fact: docs/design/facts/runtime.md#timer. */
function isTimer(event: unknown): boolean {
  return (event as { Type?: unknown } | null)?.Type === "Timer";
}

async function sweep({ sender, tracker }: MonitorTools, { signal }: Deadline): Promise<Omit<MonitorSummary, "ms">> {
  // What was kept first: it is older than what the sweep tells.
  const kept = await untilAborted(sender.drain(), signal);
  const report = await untilAborted(tracker.sweep(), signal);
  // Of a source that is pushed, silence is all that can be known. Another sweep knows it where this one did nothing.
  if (report.number !== undefined) await sender.beat(report.missing === 0);
  return { sweep: report, kept };
}

async function takeEvent(
  event: unknown,
  context: ScfContext,
  tools: MonitorTools,
  deadline: Deadline,
): Promise<Omit<MonitorSummary, "ms">> {
  const store = new QuarantineStore(tools.cos, tools.quarantine, DEFAULT_RETRY, deadline.notesSignal);
  const notes = new EventNotes(event, context, store);
  let read: ClsEvent;
  try {
    read = readClsEvent(event);
  } catch (error) {
    if (error instanceof ForeignEventError) throw new MonitorError(error.message);
    return notes.leaveUnread(error as ClsEventError);
  }
  try {
    const done = await takeBatch(read, tools, deadline);
    // Only a batch that had to write something can have failed before.
    if (done.matches > 0) await notes.forget(read);
    return done;
  } catch (error) {
    return notes.leaveFailed(read, failureOf(error));
  }
}

async function takeBatch(read: ClsEvent, { matcher, sources, tracker }: MonitorTools, { signal, startedAt }: Deadline) {
  const delivered = sources.get(read.topicId);
  if (!delivered) {
    throw new MonitorError(
      `topic must be one of the settings' sources, ${[...sources.keys()].join(", ")}, got ${read.topicId}; ` +
        `take away the delivery that the construct did not make`,
    );
  }
  const { search, source } = delivered;
  await matcher.refresh();
  const { records, mayMatch } = await deliveredBatch(read.logs, read.topicId, search);
  // What matches nothing has no position.
  const position = mayMatch?.every((list) => list?.length === 0) ? "" : read.hash;
  const { failed, matches } = matcher.match({ source, position, arrivedAt: startedAt, records, mayMatch });
  await untilAborted(tracker.take(matches), signal);
  await untilAborted(tracker.seen(source, startedAt), signal).catch((error: unknown) =>
    logError(`that source ${source.name} was read cannot be noted: ${failureOf(error).message}`),
  );
  const found = matches.groups.reduce((sum, { count }) => sum + count, 0);
  return {
    ...{ source: source.name, records: records.length, matches: found, groups: matches.groups.length },
    ...(Object.keys(failed).length > 0 && { failed }),
  };
}
