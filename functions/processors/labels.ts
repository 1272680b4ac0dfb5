import type { ClsLabels } from "../records/contracts";
import { CheckedObject, kindOf } from "../runtime/checked-json";

/**
 * Checks the labels that a processor set: one that is not text would fail the whole batch in which it is sent.
 *
 * @throws TypeError
 */
export function readLabels(given: unknown): ClsLabels {
  const labels = new CheckedObject(given, "labels", wrong);
  const [topic, source, tags] = [labelIn(labels, "topic"), labelIn(labels, "source"), tagsIn(labels)];
  return { ...(topic !== undefined && { topic }), ...(source !== undefined && { source }), ...(tags && { tags }) };
}

function tagsIn(labels: CheckedObject): Record<string, string> | undefined {
  if (labels.value("tags") === undefined) return undefined;
  const tags = labels.object("tags");
  return Object.fromEntries(tags.names().map((name) => [name, labelIn(tags, name) ?? tags.refuse(name, "a text")]));
}

/** The text of that name; it can be empty. */
function labelIn(labels: CheckedObject, name: string): string | undefined {
  const value = labels.value(name);
  return value === undefined || typeof value === "string" ? value : labels.refuse(name, "a text");
}

function wrong(path: string, what: string, value: unknown): TypeError {
  const remedy = what === "a text" ? "; use String(value)" : "";
  return new TypeError(`${path} must be ${what}, got ${kindOf(value)}${remedy}`);
}
