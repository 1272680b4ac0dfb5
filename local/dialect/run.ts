import type { Row } from "./row";

/** Where a row goes. */
export type Destination =
  { readonly alias: string } | { readonly topicName: string; readonly logsetName: string | undefined };

/** What the statements of a text need beside the row. */
export interface Run {
  /** Takes a row that leaves. */
  emit(destination: Destination, row: Row): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** Variables of the task. */
  readonly variables: ReadonlyMap<string, string>;
}
