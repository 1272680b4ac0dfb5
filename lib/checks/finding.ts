/** Stable identifiers of the checks of {@link LogPipelineChecks}. docs/checks.md describes each. */
export const CHECK_IDS = [
  "bucket-encrypted",
  "bucket-expires",
  "bucket-private",
  "failure-alarm",
  "failure-destination",
  "least-privilege",
  "no-recursion",
  "tags",
  "topic-retention",
] as const;

/** Identifier of a check. It stays the same between versions. */
export type CheckId = (typeof CHECK_IDS)[number];

/** A finding: something in a stack that the owner of the account should know. */
export interface Finding {
  /** The check that reports it. */
  readonly id: CheckId;
  /** Path of the construct. */
  readonly path: string;
  /** What was found, and why it is a risk. */
  readonly cause: string;
  /** How to resolve it. */
  readonly remedy: string;
  /** The reason for which it was suppressed; undefined if it was not. */
  readonly suppressed?: string;
}

/** What a check finds at a resource. */
export type Found = Pick<Finding, "id" | "cause" | "remedy">;
