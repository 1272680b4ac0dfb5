import { jsonObject } from "../../tencent/acknowledgement";
import { publicCode, publicMessage } from "../../tencent/service-error";
import type { BulkAnswer } from "../elasticsearch-part";
import type { RecordRefusal } from "../partly-taken";

/** The members of an answer that are read; the others can be ten times as long. */
export const BULK_FILTER = "items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

const TRUE_CONFLICT = "version_conflict_engine_exception";

/**
 * Reads an answer; undefined if it is not a `_bulk` answer, or has another number of records than were sent.
 *
 * Items are in the order of the request, each under its operation, with its own HTTP status. An existing document with the
 * same id is a version conflict, 409. Fact: docs/design/facts/destinations.md#answers.
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

/** Whether a request or record with this status can succeed in a retry. */
export function mayPass(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 409;
}

/** Details of a request that was refused as a whole: `{ "error": { "type", "reason" } }`, or a text in its place. */
export function readBulkRefusal(text: string): { readonly code?: string; readonly words?: string } {
  const error = jsonObject(text)?.error;
  const [code, words] = [typeOf(error), reasonOf(error, (reason) => reason)];
  return { ...(code !== undefined && { code }), ...(words !== undefined && { words }) };
}

function typeOf(error: unknown): string | undefined {
  const type = objectIn(error)?.type;
  return typeof type === "string" ? publicCode(type) : undefined;
}

/** The service's reason, with the cause that it names. */
function reasonOf(error: unknown, made: (reason: string) => string = publicMessage): string | undefined {
  if (typeof error === "string") return made(error);
  const said = [objectIn(error)?.reason, objectIn(objectIn(error)?.caused_by)?.reason];
  const reasons = said.filter((reason): reason is string => typeof reason === "string" && reason !== "");
  return reasons.length > 0 ? made(reasons.join("; ")) : undefined;
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
