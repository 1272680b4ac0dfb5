import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ACCESS_LOG_BATCH } from "./examples/access-log-batch";
import { CLS_STREAM_TO_COS } from "./examples/cls-stream-to-cos";
import { COS_ACCESS_LOG } from "./examples/cos-access-log";
import { LIVE_LOG, USE_OF_LIVE_LOG } from "./examples/live-log";
import {
  MULTI_REGION_MONITOR,
  USE_OF_MULTI_REGION_MONITOR,
  VARIABLES_OF_MULTI_REGION_MONITOR,
} from "./examples/multi-region-monitor";
import { OWN_PROCESSOR } from "./examples/own-processor";
import { PARQUET_LAKE } from "./examples/parquet-lake";
import { RULES_MIGRATION, USE_OF_RULES_MIGRATION } from "./examples/rules-migration";
import type { Revision, StackTest } from "./revision";
import { SETTINGS } from "./stacks/settings-test";

/** What becomes of each example once it is deployed, one after the other. */
const REVISIONS: Readonly<Record<string, readonly Revision[]>> = {
  "access-log-batch": ACCESS_LOG_BATCH,
  "cls-stream-to-cos": CLS_STREAM_TO_COS,
  "cos-access-log": COS_ACCESS_LOG,
  "live-log": LIVE_LOG,
  "multi-region-monitor": MULTI_REGION_MONITOR,
  "own-processor": OWN_PROCESSOR,
  "parquet-lake": PARQUET_LAKE,
  "rules-migration": RULES_MIGRATION,
};

/** What is done with an example where more than its functions' summaries tells whether its log went through. */
const USES: Readonly<Record<string, StackTest["use"]>> = {
  "live-log": USE_OF_LIVE_LOG,
  "multi-region-monitor": USE_OF_MULTI_REGION_MONITOR,
  "rules-migration": USE_OF_RULES_MIGRATION,
};

/** Values of variables that have no default. */
const VARIABLES: Readonly<Record<string, StackTest["variables"]>> = {
  "multi-region-monitor": VARIABLES_OF_MULTI_REGION_MONITOR,
};

/**
 * All examples and what none of them uses, or those of the names that are given. Throws for a name that is none, and for
 * an example that nobody has written a test for.
 */
export function findStacks(root: string, names: readonly string[]): StackTest[] {
  const entries = readdirSync(join(root, "examples"), { withFileTypes: true });
  const apps = entries.filter((entry) => entry.isDirectory() && hasApp(join(root, "examples", entry.name)));
  const examples = apps.map(({ name }): StackTest => {
    const revisions = REVISIONS[name];
    if (revisions) return { name, revisions, use: USES[name], variables: VARIABLES[name] };
    throw new Error(`test/deploy/stacks.ts must say what to change in examples/${name}, got nothing`);
  });
  const all = [...examples, SETTINGS];
  const unknown = names.find((name) => !all.some((stack) => stack.name === name));
  if (unknown !== undefined) {
    throw new Error(`stacks must be of ${all.map(({ name }) => name).join(", ")}, got ${unknown}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function hasApp(folder: string): boolean {
  return readdirSync(folder).includes("cdktf.json");
}
