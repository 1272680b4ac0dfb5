import { COS_EVENTS, SHIPPED_FILES } from "./files";
import { ASYNC_RETRIES, DELIVERY_WAIT, LOG_LAG, REPORT_LINES, RUNTIMES } from "./functions";
import { CLAIM_RACE, LIST_LAG } from "./objects";
import type { Probe } from "./probe";
import { GROUP_OFFSETS, PULL_END, PULL_LAG, PULL_QUERY, SEARCH_LAG } from "./reading";

/** All probes, starting with those that matter most for our guarantees. */
export const PROBES: readonly Probe[] = [
  PULL_LAG,
  CLAIM_RACE,
  DELIVERY_WAIT,
  ASYNC_RETRIES,
  COS_EVENTS,
  SHIPPED_FILES,
  LOG_LAG,
  REPORT_LINES,
  PULL_END,
  PULL_QUERY,
  GROUP_OFFSETS,
  SEARCH_LAG,
  LIST_LAG,
  RUNTIMES,
];
