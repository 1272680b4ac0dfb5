/** Stable identifiers of what {@link LogPipelineChecks} looks for; docs/checks.md says more of each. */
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

/** Ids of the checks; they stay the same between versions. */
export type CheckId = (typeof CHECK_IDS)[number];

/** One thing that an owner of the account would want to know. */
export interface Finding {
  /** The check that found it. */
  readonly id: CheckId;
  /** Path of the construct. */
  readonly path: string;
  /** What is there, and why that is a risk. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Why it is accepted; undefined where nobody said so. */
  readonly suppressed?: string;
}

/** What a check found at a resource. */
export type Found = Pick<Finding, "id" | "cause" | "remedy">;
