import { publicMessage } from "../tencent/service-error";

/** Names of what gives rights to whoever knows it, wherever it stands in an event. */
const SECRET_NAME = /authorization|signature|token|secret|password|passwd|credential|cookie|api-?key/i;

/** Deepest level of a foreign event that is kept, and most members of one of its lists and objects. */
const MAX_DEPTH = 16;
const MAX_MEMBERS = 200;

/**
 * What a note keeps of an event. Of one of CLS, what replays it: its data. A foreign one cannot be replayed, and is kept
 * for people to see what came, without signatures, tokens and other secrets that came along.
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
