import { Changes } from "../../rules";
import type { ClsLabels, Fields, FieldValue, LogRecord, OutgoingRecord, Place } from "./contracts";
import { jsonLine, LineRecord } from "./line-record";
import { changedFields, changedRecord, membersOf } from "./spliced-record";

/** Prefix of the tags that CLS flattens. */
const FLAT_TAG = "__TAG__.";

/**
 * A record for a topic. What CLS stores separately from a log's contents (source, tags, and the topic of the rule
 * language) becomes labels, so that the log has the same ones as in its original topic.
 */
export function topicRecord(place: Place, fields: Readonly<Fields>): OutgoingRecord {
  const labels = new LabelReader();
  const contents = Object.entries(fields).filter(([name, value]) => value !== undefined && !labels.take(name, value));
  return new LineRecord(jsonLine(Object.fromEntries(contents)), place, labels.labels);
}

/** The same for a record with some of its fields changed. */
export function changedTopicRecord(read: LogRecord, changes: Changes): OutgoingRecord {
  const names = membersOf(read)?.names;
  if (!names) return topicRecord(read.place, changedFields(read.fields, changes));
  const labels = new LabelReader();
  let left: Changes | undefined;
  const take = (name: string, value: FieldValue | undefined): void => {
    if (value !== undefined && labels.take(name, value)) (left ??= new Changes(changes)).set(name, undefined);
  };
  for (const name of names) if (mayBeLabel(name)) take(name, changes.has(name) ? changes.get(name) : read.get(name));
  for (let index = 0; index < changes.size; index++) {
    const name = changes.nameAt(index);
    if (mayBeLabel(name) && !read.has(name)) take(name, changes.valueAt(index));
  }
  return changedRecord(read, left ?? changes, labels.labels);
}

const UNDERSCORE = 95;

/** Whether a name can be that of a label; for most, the first two characters show that it is not. */
function mayBeLabel(name: string): boolean {
  return name.charCodeAt(0) === UNDERSCORE && name.charCodeAt(1) === UNDERSCORE;
}

/** Collects labels from fields. */
class LabelReader {
  // It has no prototype, so that `__proto__` is a name like any other.
  readonly #tags = Object.create(null) as Record<string, string>;
  readonly #labels: { topic?: string; source?: string } = {};

  /** Whether the field is a label, and so not part of the contents. */
  take(name: string, value: FieldValue): boolean {
    if (name === "__SOURCE__") this.#labels.source = textOf(value);
    else if (name === "__topic__") this.#labels.topic = textOf(value);
    else if (name === "__TAG__" && isObject(value)) {
      for (const [tag, item] of Object.entries(value)) this.#tags[tag] = textOf(item);
    } else if (name.startsWith(FLAT_TAG)) this.#tags[name.slice(FLAT_TAG.length)] = textOf(value);
    else return false;
    return true;
  }

  get labels(): ClsLabels {
    return Object.keys(this.#tags).length > 0 ? { ...this.#labels, tags: this.#tags } : this.#labels;
  }
}

function isObject(value: FieldValue): value is { [name: string]: FieldValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
