import type { Row } from "./row";

/** Target of a row. */
export type Destination =
  { readonly alias: string } | { readonly topicName: string; readonly logsetName: string | undefined };

/** What statements need in addition to the row. */
export interface Run {
  /** Outputs a row. */
  emit(destination: Destination, row: Row): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** Variables of the task. */
  readonly variables: ReadonlyMap<string, string>;
}
