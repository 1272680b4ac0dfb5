import { jsonObject } from "../../tencent/acknowledgement";
import { publicCode, publicMessage } from "../../tencent/service-error";
import type { BulkAnswer } from "../elasticsearch-part";
import type { RecordRefusal } from "../partly-taken";

/** The members of an answer that are read: the others may be ten times as long. */
export const BULK_FILTER = "items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

const TRUE_CONFLICT = "version_conflict_engine_exception";

/**
 * Reads an answer; undefined where it is none of `_bulk`, or tells of another number of records than were sent.
 *
 * Items stand in the order of the request, each under its operation, with an HTTP status of its own; a document whose id is
 * there already is a version conflict, 409. Fact: docs/design/facts/destinations.md#answers.
 */
export function readBulkAnswer(text: string, sent: number): BulkAnswer | undefined {
  const items = jsonObject(text)?.items;
  if (!Array.isArray(items) || items.length !== sent) return undefined;
  const refused: RecordRefusal[] = [];
  const waiting: RecordRefusal[] = [];
  for (const [index, one] of items.entries()) {
    const item = objectIn(objectIn(one)?.create);
    if (typeof item?.status !== "number") return undefined;
    const { status } = item;
    const type = typeOf(item.error);
    if ((status >= 200 && status < 300) || (status === 409 && type === TRUE_CONFLICT)) continue;
    const refusal = { index, code: type ?? `HTTP_${status}`, message: reasonOf(item.error) ?? `HTTP ${status}` };
    (mayPass(status) ? waiting : refused).push(refusal);
  }
  return { refused, waiting };
}

/** Whether a request or a record that was answered this status may be taken by another try. */
export function mayPass(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 409;
}

/** What a request that was refused as a whole is told: `{ "error": { "type", "reason" } }`, or a text in place of that. */
export function readBulkRefusal(text: string): { readonly code?: string; readonly words?: string } {
  const error = jsonObject(text)?.error;
  const [code, words] = [typeOf(error), reasonOf(error, (reason) => reason)];
  return { ...(code !== undefined && { code }), ...(words !== undefined && { words }) };
}

function typeOf(error: unknown): string | undefined {
  const type = objectIn(error)?.type;
  return typeof type === "string" ? publicCode(type) : undefined;
}

/** What the service says, with the cause that it names. */
function reasonOf(error: unknown, made: (reason: string) => string = publicMessage): string | undefined {
  if (typeof error === "string") return made(error);
  const said = [objectIn(error)?.reason, objectIn(objectIn(error)?.caused_by)?.reason];
  const reasons = said.filter((reason): reason is string => typeof reason === "string" && reason !== "");
  return reasons.length > 0 ? made(reasons.join("; ")) : undefined;
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
