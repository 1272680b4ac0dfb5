import type { EdgeKind, GraphNode, NodeKind } from "./graph";

/** Maximum characters to show. */
export const NODE_TITLE_LENGTH = 34;
export const NODE_NAME_LENGTH = 34;
export const EDGE_LABEL_LENGTH = 30;

/** Truncates a text in its middle, because names begin with their subject and end with a unique part. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}

/** Approximate width of a text in pixels. @param wide pixels of a Latin character; others are square */
export function widthOf(text: string, wide: number): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x1100 ? wide : 1.75 * wide), 0);
}

const ALL_KEYS = "(all keys)";

/** Title of a bucket's prefix; "" is the whole bucket. */
export function prefixTitle(prefix: string): string {
  return prefix === "" ? ALL_KEYS : prefix;
}

/** The prefix of a node with that title. */
export function prefixIn({ title }: Pick<GraphNode, "title">): string {
  return title === ALL_KEYS ? "" : title;
}

/** Names of the kinds of nodes. */
export const NODE_WORDS: Readonly<Record<NodeKind, string>> = {
  topic: "CLS topic",
  prefix: "COS prefix",
  function: "function",
  timer: "timer",
  url: "function URL",
  source: "event source",
  webhook: "webhook",
  server: "server",
  ckafka: "CKafka topic",
  receiver: "receiver of alerts",
  alarm: "CLS alarm",
  notice: "notice",
  role: "role",
};

/** Names of the kinds of edges: FROM ... TO. */
export const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  ships: "ships to",
  delivers: "is delivered to",
  consumed: "is consumed instead of delivered to",
  transforms: "is processed into",
  triggers: "invokes",
  within: "contains keys of",
  writes: "writes to",
  quarantine: "quarantines in",
  state: "stores its state in",
  pulls: "is read by",
  records: "records each alert in",
  alerts: "alerts",
  logs: "logs to",
  live: "live logs of",
  watches: "is searched by",
  notifies: "notifies",
  may: "may use",
  names: "names",
};
