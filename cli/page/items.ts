/**
 * Data of the live page: an ordered list of items, which a page can request again after an interruption, and a state,
 * of which only the latest version matters. The server sends both as server-sent events. They contain text from logs
 * unescaped, which must only be displayed as text.
 */
import type { Element } from "../graph/drawing";
import type { Graph } from "../graph/graph";

/** An item with its sequence number: from 1, without gaps. */
export type NumberedItem = Item & { readonly number: number };

export type Item = LineItem | SummaryItem | AlertItem | NewsItem;

/** A line of a function's log. */
export interface LineItem {
  readonly type: "line";
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly function: string;
  readonly requestId: string;
  /** "" if unknown. */
  readonly level: string;
  readonly stream: string;
  /** At most {@link MAX_TEXT} characters of the line. */
  readonly text: string;
  /** Whether it is shown after lines that were written later. */
  readonly isLate?: boolean;
}

/** The end of an invocation. */
export interface SummaryItem {
  readonly type: "summary";
  readonly time: number;
  readonly function: string;
  readonly requestId: string;
  readonly ok: boolean;
  readonly ms?: number;
  readonly memoryMb?: number;
  /** Of a pipeline: lines, records, invalid, quarantined, and the count of each output. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly error?: string;
}

/** An alert that was sent. */
export interface AlertItem {
  readonly type: "alert";
  readonly time: number;
  /** Receivers of the alert. */
  readonly to: string;
  readonly text: string;
}

/** Other information: a deployment, read errors, losses. */
export interface NewsItem {
  readonly type: "news";
  readonly time: number;
  readonly level: "info" | "error";
  readonly text: string;
}

/** A note in quarantine. */
export interface Note {
  readonly bucket: string;
  readonly key: string;
  readonly time: number;
  readonly about: string;
  readonly reason: string;
}

/** Amount that passed an edge or a node. */
export interface Count {
  readonly total: number;
  /** Average of the last seconds. */
  readonly perSecond: number;
  /** `logs`, `lines`, `objects`. */
  readonly unit: string;
}

/** State of the page in addition to its items. Omitted fields are unchanged. */
export interface State {
  /** The page's subject: `tencent-logs tail orders`. */
  readonly title?: string;
  readonly picture?: { readonly graph: Graph; readonly drawing: Element };
  /** Changed counts, by the ids of edges and nodes. */
  readonly counts?: Readonly<Record<string, Count>>;
  readonly notes?: readonly Note[];
  /** Number of notes beyond the listed ones. */
  readonly moreNotes?: number;
  /** What cannot be shown, and why. */
  readonly remarks?: Remarks;
  readonly actions?: Actions;
}

/** Sentences above the content of a panel. */
export interface Remarks {
  readonly quarantine: readonly string[];
  readonly alerts: readonly string[];
}

/** Requests that the page can send. */
export interface Actions {
  readonly replay: boolean;
  /** Topics to which lines can be sent. */
  readonly feed: readonly string[];
  /** Functions through which a line can be tried. */
  readonly trials: readonly { readonly id: string; readonly title: string }[];
}

/** Maximum characters of a line in the page. */
export const MAX_TEXT = 8_192;

/** Result of trying a line. */
export interface TrialReport {
  readonly steps: readonly TrialStep[];
}

export interface TrialStep {
  readonly stage: "parser" | "rules" | "code" | "output";
  readonly title: string;
  /** In a rule text: first line of the statement. */
  readonly line?: number;
  /** The statement. */
  readonly code?: string;
  /** `+` a new field, `~` a changed one, `-` a removed one; " " an unchanged one. */
  readonly changes: readonly { readonly sign: "+" | "~" | "-" | " "; readonly name: string; readonly value: string }[];
  readonly isFailure?: boolean;
  /** A further remark. */
  readonly remark?: string;
}
