import type { EdgeKind, GraphNode, NodeKind } from "./graph";

/** Characters that are shown at most. */
export const NODE_TITLE_LENGTH = 34;
export const NODE_NAME_LENGTH = 34;
export const EDGE_LABEL_LENGTH = 30;

/** A text that is cut in its middle, since names begin with what they are about and end in what makes them unique. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}

/** About the pixels that a text takes. @param wide pixels of a Latin character; others are square */
export function widthOf(text: string, wide: number): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x1100 ? wide : 1.75 * wide), 0);
}

const ALL_KEYS = "(all keys)";

/** What a prefix of a bucket is called; "" is all of it. */
export function prefixTitle(prefix: string): string {
  return prefix === "" ? ALL_KEYS : prefix;
}

/** The prefix that a node of that title stands for. */
export function prefixIn({ title }: Pick<GraphNode, "title">): string {
  return title === ALL_KEYS ? "" : title;
}

/** What people call the kinds of nodes. */
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

/** What people call the kinds of edges: FROM ... TO. */
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
