import { isObject, objectIn } from "../runtime/checked-json";
import { jsonOf } from "../runtime/deep-json";

/**
 * A log of a delivered event as a line of JSON.
 *
 * A log's `content` is the JSON text of an object, or plain text. The first becomes the line as it is; the second becomes
 * `__CONTENT__`, as in a full-text topic. The log's time stands in front as `__TIMESTAMP__`, in milliseconds, where the
 * content has none: name and unit are those of logs that CLS ships to COS. An empty content is an empty line, and a log
 * without `content` becomes a line that is no record.
 *
 * Most lines are drafted as the same bytes where the log stands (`parser/scan/assembly/logs.ts`).
 */
export function lineOfLog(log: unknown): string {
  const { content, timestamp } = (log ?? {}) as { content?: unknown; timestamp?: unknown };
  const milliseconds = toMilliseconds(timestamp);
  if (typeof content === "string") return content === "" ? "" : lineOfText(content, milliseconds);
  if (!isObject(content)) return jsonOf([log]);
  return stamped(jsonOf(content), content, milliseconds);
}

function lineOfText(content: string, milliseconds: number | undefined): string {
  // What is no object is a text of its own, whether it is JSON or not; most such texts need no parser to tell.
  const fields = /^\s*\{/.test(content) ? objectIn(content) : undefined;
  if (fields === undefined) return stamped(JSON.stringify({ __CONTENT__: content }), {}, milliseconds);
  const json = content.trim();
  // JSON's line feeds are spaces between its tokens: inside a string they are escaped.
  return stamped(json.includes("\n") ? json.replace(/\r?\n/g, " ") : json, fields, milliseconds);
}

/** Puts the time in front, so that the rest of the line stays as it came. */
function stamped(json: string, fields: object, milliseconds: number | undefined): string {
  if (milliseconds === undefined || "__TIMESTAMP__" in fields) return json;
  const rest = json.slice(1).trimStart();
  return `{"__TIMESTAMP__":${milliseconds}${rest === "}" ? "" : ","}${rest}`;
}

/** When a log was written, in epoch milliseconds, where it says so. */
export function timeOfLog(log: unknown): number | undefined {
  return toMilliseconds((log as { timestamp?: unknown } | null)?.timestamp);
}

/** Of microseconds, as a string in the documentation and as a number in Tencent's own examples. */
function toMilliseconds(timestamp: unknown): number | undefined {
  const microseconds = typeof timestamp === "string" && timestamp !== "" ? Number(timestamp) : timestamp;
  if (typeof microseconds !== "number" || !Number.isFinite(microseconds)) return undefined;
  return Math.floor(microseconds / 1000);
}
