import type { ClsLabels, Fields, FieldValue, OutgoingRecord, Place } from "./contracts";
import { jsonLine, LineRecord } from "./line-record";

/** How CLS spells a tag where it flattens them. */
const FLAT_TAG = "__TAG__.";

/**
 * A record on its way to a topic: what CLS keeps apart from a log's contents (source, tags, and the topic of the rule
 * language) goes as labels, so that the log has them as it had them where it came from.
 */
export function topicRecord(place: Place, fields: Readonly<Fields>): OutgoingRecord {
  // Without a prototype, so that `__proto__` is a name like any other.
  const contents = Object.create(null) as Fields;
  const tags = Object.create(null) as Record<string, string>;
  const labels: { topic?: string; source?: string } = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (name === "__SOURCE__") labels.source = textOf(value);
    else if (name === "__topic__") labels.topic = textOf(value);
    else if (name === "__TAG__" && isObject(value)) {
      for (const [tag, item] of Object.entries(value)) tags[tag] = textOf(item);
    } else if (name.startsWith(FLAT_TAG)) tags[name.slice(FLAT_TAG.length)] = textOf(value);
    else contents[name] = value;
  }
  const all: ClsLabels = { ...labels, ...(Object.keys(tags).length > 0 && { tags }) };
  return new LineRecord(jsonLine(contents), place, all);
}

function isObject(value: FieldValue): value is { [name: string]: FieldValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
