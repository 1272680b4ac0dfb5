import { publicMessage } from "../tencent/service-error";

/** Names of values in an event that grant rights to anyone who knows them. */
const SECRET_NAME = /authorization|signature|token|secret|password|passwd|credential|cookie|api-?key/i;

/** Maximum stored depth of a foreign event, and maximum members of each of its lists and objects. */
const MAX_DEPTH = 16;
const MAX_MEMBERS = 200;

/**
 * The part of an event that a note contains. For a CLS event it is the data, from which the event can be replayed. Another
 * event cannot be replayed; it is stored so that people can see what was received, without signatures, tokens and other
 * secrets in it.
 */
export function keptEvent(event: unknown): unknown {
  const data = (event as { clslogs?: { data?: unknown } | null } | null | undefined)?.clslogs?.data;
  return typeof data === "string" ? { clslogs: { data } } : masked(event, 0);
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value === "string") return publicMessage(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) return "***";
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((item) => masked(item, depth + 1));
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([name, member]) => [name, SECRET_NAME.test(name) ? "***" : masked(member, depth + 1)]),
  );
}
