import type { PullQuery } from "./pull";
import { ClsError } from "./upload";

/** Maximum bytes of a request. Fact: docs/design/facts/cls-reading.md#limits-of-reading. */
const MAX_SIZE = 10 * 1024 * 1024;

/** Parses the body of a `/pull_log` request; unknown fields are refused. Throws {@link ClsError}. */
export function readPullQuery(body: Buffer | undefined): PullQuery {
  const fields = parse(body);
  const unknown = Object.keys(fields).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw refused(`${unknown} must not be given`);
  if (fields.CompressType !== "snappy") throw refused("CompressType must be snappy here", fields.CompressType);
  const query = fields.Query ?? "";
  if (typeof query !== "string") throw refused("Query must be text", query);
  return {
    partitionId: integer(fields, "PartitionId", 0),
    startOffset: integer(fields, "StartOffset", -1),
    startTime: integer(fields, "StartTime", 0),
    ...(fields.EndTime !== undefined && { endTime: integer(fields, "EndTime", 0) }),
    ...(query !== "" && { query }),
    size: integer(fields, "Size", 1, MAX_SIZE),
  };
}

const KNOWN = ["PartitionId", "StartOffset", "StartTime", "EndTime", "Query", "Size", "CompressType"];

function parse(body: Buffer | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body?.toString() ?? "");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below.
  }
  throw refused("the body must be a JSON object");
}

function integer(fields: Record<string, unknown>, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw refused(`${name} must be an integer from ${min} to ${max}`, value);
}

function refused(rule: string, got?: unknown): ClsError {
  return new ClsError(400, "InvalidParam", got === undefined ? rule : `${rule}, got ${JSON.stringify(got)}`);
}
