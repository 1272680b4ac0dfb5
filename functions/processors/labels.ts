import type { ClsLabels } from "../records/contracts";

/**
 * The labels that a processor gave, checked: one that is no text would be the fault of the whole batch that it goes out in.
 *
 * @throws TypeError
 */
export function readLabels(given: unknown): ClsLabels {
  const { topic, source, tags } = object(given, "labels");
  const read = tags === undefined ? [] : Object.entries(object(tags, "labels.tags"));
  return {
    ...(topic !== undefined && { topic: text(topic, "labels.topic") }),
    ...(source !== undefined && { source: text(source, "labels.source") }),
    ...(tags !== undefined && {
      tags: Object.fromEntries(read.map(([name, value]) => [name, text(value, `labels.tags.${name}`)])),
    }),
  };
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`${path} must be an object, got ${value === null ? "null" : typeof value}`);
}

function text(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${path} must be a text, got ${value === null ? "null" : typeof value}; use String(value)`);
}
