import { typeName } from "../runtime/checked-json";

/**
 * An event that this handler never gets from its trigger. Its contents are not examined, and the message never quotes it.
 */
export class ForeignEventError extends Error {
  override readonly name = "ForeignEventError";
  readonly code = "LOGS_EVENT";

  /** @param wanted what the handler accepts, such as `a COS trigger` */
  constructor(wanted: string, event: unknown) {
    super(`the event must be one of ${wanted}, got ${eventKind(event)}; remove the trigger, or the call, that sent it`);
  }
}

/** Kinds by a member of the event's Records. */
const RECORD_KINDS: readonly (readonly [string, string])[] = [
  ["cos", "one of a COS trigger"],
  ["CMQ", "one of a CMQ trigger"],
  ["Ckafka", "one of a CKafka trigger"],
  ["s3", "one of Amazon S3"],
];

/** Kinds by the fields that all of their events have; the first match counts. */
const KINDS: readonly (readonly [readonly string[], string])[] = [
  [["clslogs"], "one of a CLS trigger"],
  [["redeliver"], "one of a replay of a batch"],
  [["specversion"], "one of EventBridge"],
  [["TriggerName", "Type"], "one of a timer"],
  [["httpMethod"], "an HTTP request, as of an API gateway or a function URL"],
  [["requestContext"], "an HTTP request, as of an API gateway or a function URL"],
  [["cos"], "a Record of a COS event without its list"],
  [["topic_id", "records"], "the logs of a CLS event without their envelope"],
];

/** The kind of an event for errors, in words that quote nothing of its contents. */
export function eventKind(event: unknown): string {
  if (typeof event === "string") return textKind(event);
  if (Array.isArray(event))
    return event.length === 0 ? "an empty list" : `a bare list, the first item ${kindIn(event)}`;
  if (typeof event !== "object" || event === null) return event === null ? "null" : typeName(event);
  if (Object.keys(event).length === 0) return "an empty object";
  const { Records: records } = event as { Records?: unknown };
  if (Array.isArray(records)) return recordsKind(records);
  return KINDS.find(([names]) => names.every((name) => name in event))?.[1] ?? "an object of no known kind";
}

function kindIn([first]: readonly unknown[]): string {
  return typeof first === "object" && first !== null ? eventKind(first) : typeName(first);
}

function recordsKind(records: readonly unknown[]): string {
  if (records.length === 0) return "one whose list of Records is empty";
  const isIn = (name: string) => records.some((record) => typeof record === "object" && record && name in record);
  return RECORD_KINDS.find(([name]) => isIn(name))?.[1] ?? "one whose Records are of no known kind";
}

/** Text can be an event that was not parsed. */
function textKind(text: string): string {
  if (text.trim() === "") return "an empty text";
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "text that is no JSON";
  }
  return typeof parsed === "object" && parsed !== null ? `JSON text of ${eventKind(parsed)}` : "text";
}
