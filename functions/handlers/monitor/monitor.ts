import type { SweepReport } from "../../../monitor";
import { type ClsEvent, type ClsEventError, readClsEvent } from "../../events/cls-event";
import { ForeignEventError } from "../../events/event-kind";
import { Deadline, type ScfContext } from "../../invocation/deadline";
import { failureOf } from "../../invocation/failure";
import { QuarantineStore } from "../../quarantine/store";
import type { MatchReport } from "../../monitor/opened";
import { untilAborted } from "../../runtime/until-aborted";
import { DEFAULT_RETRY } from "../../tencent/retry";
import { EventNotes, MonitorError } from "./notes";
import type { MonitorTools } from "./tools";

/** Summary of an invocation, for a delivery or a sweep: logged as one JSON line, and returned. */
export interface MonitorSummary extends Partial<MatchReport> {
  readonly source?: string;
  readonly records?: number;
  /** Number of events for which a note was written. */
  readonly quarantined?: number;
  readonly sweep?: SweepReport;
  /** Alerts that were kept while their receiver was unreachable and are sent now, by receiver. */
  readonly kept?: object;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/**
 * One invocation of the handler `monitor`. It searches the records that CLS delivers and sends alerts; on the timer, it
 * runs a sweep over the counts.
 *
 * If something cannot be handled, the invocation throws, so that SCF delivers the event again: twice, a minute apart. Until
 * then, and for good if SCF gave up, its note is in quarantine. An event that cannot be read is not delivered again.
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

async function sweep({ monitor }: MonitorTools, { signal }: Deadline): Promise<Omit<MonitorSummary, "ms">> {
  const { sender, tracker } = monitor;
  // Kept alerts first: they are older than those of the sweep.
  const kept = await untilAborted(sender.drain(), signal);
  const report = await untilAborted(tracker.sweep(), signal);
  // For a pushed source, only silence can be detected. If this sweep did nothing, another one reports it.
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
    const { monitor } = tools;
    const matched = await monitor.match(read, deadline.startedAt);
    const told = await monitor.tell(matched, deadline.signal);
    const done = { source: matched.source.name, records: matched.records, ...told };
    // Only a batch that had to write something can have failed before.
    if (done.matches > 0) await notes.forget(read);
    return done;
  } catch (error) {
    return notes.leaveFailed(read, failureOf(error));
  }
}
