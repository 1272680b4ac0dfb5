import { isObject, objectIn } from "../runtime/checked-json";
import { jsonOf } from "../runtime/deep-json";

/**
 * A log of a delivered event as a line of JSON.
 *
 * A log's `content` is the JSON text of an object, or plain text. JSON becomes the line as it is; plain text becomes
 * `__CONTENT__`, as in a full-text topic. If the content has no time, the log's time is prepended as `__TIMESTAMP__` in
 * milliseconds, the name and unit of logs that CLS ships to COS. Empty content is an empty line, and a log without
 * `content` becomes a line that is not a record.
 *
 * Most lines are drafted in place with the same result (`parser/scan/assembly/logs.ts`).
 */
export function lineOfLog(log: unknown): string {
  const { content, timestamp } = (log ?? {}) as { content?: unknown; timestamp?: unknown };
  const milliseconds = toMilliseconds(timestamp);
  if (typeof content === "string") return content === "" ? "" : lineOfText(content, milliseconds);
  if (!isObject(content)) return jsonOf([log]);
  return stamped(jsonOf(content), content, milliseconds);
}

function lineOfText(content: string, milliseconds: number | undefined): string {
  // Content that is not an object is text, whether it is JSON or not; for most of it, the first character decides.
  const fields = /^\s*\{/.test(content) ? objectIn(content) : undefined;
  if (fields === undefined) return stamped(JSON.stringify({ __CONTENT__: content }), {}, milliseconds);
  const json = content.trim();
  // Line feeds in JSON are whitespace between tokens: inside a string they are escaped.
  return stamped(json.includes("\n") ? json.replace(/\r?\n/g, " ") : json, fields, milliseconds);
}

/** Prepends the time, so that the rest of the line stays unchanged. */
function stamped(json: string, fields: object, milliseconds: number | undefined): string {
  if (milliseconds === undefined || "__TIMESTAMP__" in fields) return json;
  const rest = json.slice(1).trimStart();
  return `{"__TIMESTAMP__":${milliseconds}${rest === "}" ? "" : ","}${rest}`;
}

/** When a log was written, in epoch milliseconds, if it says so. */
export function timeOfLog(log: unknown): number | undefined {
  return toMilliseconds((log as { timestamp?: unknown } | null)?.timestamp);
}

/** From microseconds, which are a string in the documentation and a number in Tencent's own examples. */
function toMilliseconds(timestamp: unknown): number | undefined {
  const microseconds = typeof timestamp === "string" && timestamp !== "" ? Number(timestamp) : timestamp;
  if (typeof microseconds !== "number" || !Number.isFinite(microseconds)) return undefined;
  return Math.floor(microseconds / 1000);
}
