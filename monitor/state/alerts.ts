import type { Alert } from "../alert/alert";
import type { Labels, Monitor, MonitorFile } from "../definition/types";
import type { Sample, SourceRef } from "../match/matches";

/** Milliseconds between a record's own time and its alert from which the alert is marked as late. */
export const LATE_MS = 60_000;

/** Common parts of a group's alerts. */
export interface Subject {
  readonly monitor: Monitor;
  readonly key: string;
  readonly group: readonly string[];
  readonly isOthers: boolean;
  readonly epoch: number;
  /**
   * When the epoch began, in milliseconds. It distinguishes epochs, since their numbers start again when a group is
   * forgotten.
   */
  readonly openedAt: number;
  readonly labels: Labels;
}

/** Content of an alert. */
export interface Told {
  readonly count: number;
  readonly regions: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly arrivedAt: number;
  readonly source?: SourceRef;
  readonly sample?: Sample;
  readonly words?: string;
  readonly isLate: boolean;
}

export function groupAlert(
  kind: "first" | "more" | "recovered",
  { monitor, key, group, isOthers, epoch, openedAt, labels }: Subject,
  { count, regions, firstAt, lastAt, arrivedAt, source, sample, words, isLate }: Told,
  sweep?: number,
): Alert {
  return {
    id: `${key}/${epoch}-${openedAt}/${kind}${kind === "more" ? `/${sweep}` : ""}`,
    kind,
    monitor: monitor.name,
    severity: monitor.severity,
    labels,
    group: isOthers ? [] : monitor.group.map((name, at) => [name, group[at] ?? ""] as const),
    isOthers,
    ...(source && { source }),
    count,
    regions,
    firstAt,
    lastAt,
    arrivedAt,
    windowMs: monitor.windowMs,
    ...(sample && { sample }),
    ...(words !== undefined && { words }),
    marks: isLate ? ["late"] : [],
  };
}

/**
 * An alert on a source that has gone silent, or has records again.
 * @param since when its last record arrived, in milliseconds
 */
export function sourceAlert(
  kind: "missing" | "returned",
  monitor: Monitor,
  source: SourceRef,
  since: number,
  { at, labels, words }: { readonly at: number; readonly labels: Labels; readonly words: string },
): Alert {
  return {
    id: `${monitor.name}/${source.name}/${since}/${kind}`,
    kind,
    monitor: monitor.name,
    severity: monitor.severity,
    labels,
    group: [],
    isOthers: false,
    source,
    count: 0,
    regions: [source.region],
    firstAt: since,
    lastAt: since,
    arrivedAt: at,
    windowMs: monitor.missing?.forMs ?? monitor.windowMs,
    words,
    marks: [],
  };
}

/** The same, marked as possibly sent before. */
export function again(alert: Alert): Alert {
  return alert.marks.includes("again") ? alert : { ...alert, marks: [...alert.marks, "again"] };
}

/** Labels of alerts on records of a source: the monitor's, the source's, its name and its region. */
export function labelsOf(file: MonitorFile, monitor: Monitor, source: Pick<SourceRef, "name" | "region">): Labels {
  return { ...file.sources[source.name]?.labels, ...monitor.labels, source: source.name, region: source.region };
}
