/**
 * What the live page is told: items in an order, which a page that was away asks for again, and a state, of which the last one
 * matters alone. The server sends both as server-sent events; text from logs is in them as it is, and is shown as text alone.
 */
import type { Element } from "../graph/drawing";
import type { Graph } from "../graph/graph";

/** An item, with its number among all: from 1, without gaps. */
export type NumberedItem = Item & { readonly number: number };

export type Item = LineItem | SummaryItem | AlertItem | NewsItem;

/** A line of a function's log. */
export interface LineItem {
  readonly type: "line";
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly function: string;
  readonly requestId: string;
  /** "" where it is unknown. */
  readonly level: string;
  readonly stream: string;
  /** At most {@link MAX_TEXT} characters of it. */
  readonly text: string;
  /** Whether it is shown after lines that were written later. */
  readonly isLate?: boolean;
}

/** An invocation ended. */
export interface SummaryItem {
  readonly type: "summary";
  readonly time: number;
  readonly function: string;
  readonly requestId: string;
  readonly ok: boolean;
  readonly ms?: number;
  readonly memoryMb?: number;
  /** Of a pipeline: lines, records, invalid, quarantined, and what each output wrote. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly error?: string;
}

/** People were told of something. */
export interface AlertItem {
  readonly type: "alert";
  readonly time: number;
  /** Who was told. */
  readonly to: string;
  readonly text: string;
}

/** Something to know: a deployment, what could not be read, what was lost. */
export interface NewsItem {
  readonly type: "news";
  readonly time: number;
  readonly level: "info" | "error";
  readonly text: string;
}

/** A note of quarantine. */
export interface Note {
  readonly bucket: string;
  readonly key: string;
  readonly time: number;
  readonly about: string;
  readonly reason: string;
}

/** What passed an edge or a node. */
export interface Count {
  readonly total: number;
  /** Of the last seconds. */
  readonly perSecond: number;
  /** `logs`, `lines`, `objects`. */
  readonly unit: string;
}

/** What the page shows beside its items. A field that is left out is as it was. */
export interface State {
  /** What the page is about: `tencent-logs tail orders`. */
  readonly title?: string;
  readonly picture?: { readonly graph: Graph; readonly drawing: Element };
  /** By the ids of edges and nodes: those that changed. */
  readonly counts?: Readonly<Record<string, Count>>;
  readonly notes?: readonly Note[];
  /** Notes beyond those that are listed. */
  readonly moreNotes?: number;
  /** What cannot be shown, and why. */
  readonly remarks?: Remarks;
  readonly actions?: Actions;
}

/** Sentences above what a panel shows. */
export interface Remarks {
  readonly quarantine: readonly string[];
  readonly alerts: readonly string[];
}

/** What the page can ask for. */
export interface Actions {
  readonly replay: boolean;
  /** Topics that lines can be sent into. */
  readonly feed: readonly string[];
  /** Functions through which a line can be tried. */
  readonly trials: readonly { readonly id: string; readonly title: string }[];
}

/** Characters of a line that the page is sent. */
export const MAX_TEXT = 8_192;

/** What happened to a line that was tried. */
export interface TrialReport {
  readonly steps: readonly TrialStep[];
}

export interface TrialStep {
  readonly stage: "parser" | "rules" | "code" | "output";
  readonly title: string;
  /** Of a rule text: where the statement begins. */
  readonly line?: number;
  /** The statement. */
  readonly code?: string;
  /** `+` a field that is new, `~` one that is other, `-` one that is gone; " " for what is as it was. */
  readonly changes: readonly { readonly sign: "+" | "~" | "-" | " "; readonly name: string; readonly value: string }[];
  readonly isFailure?: boolean;
  /** What is to be known besides. */
  readonly remark?: string;
}
