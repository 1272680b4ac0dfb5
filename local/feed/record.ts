import type { ClsRecord } from "../cls/record";

/** Converts a line as a collector does: the fields of a JSON object as strings, anything else unchanged. */
export function toRecord(line: string, now: number): ClsRecord {
  const origin = { source: "203.0.113.10", filename: "/var/log/access.log" };
  const fields = parseObject(line);
  if (!fields) return { time: now, contents: { __CONTENT__: line }, ...origin };
  const entries = Object.entries(fields).map(([name, value]) => {
    return [name, typeof value === "string" ? value : JSON.stringify(value)] as const;
  });
  return {
    time: typeof fields.time === "number" ? fields.time : now,
    contents: Object.fromEntries(entries),
    ...origin,
  };
}

/** The time of the first line that has one, at which the simulated clock starts. */
export function firstTime(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const time = parseObject(line)?.time;
    if (typeof time === "number") return time;
  }
  return undefined;
}

/** The JSON object in a line, if there is one. */
export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
