import type { MemberEvent, SourceEvent } from "../../functions/consume";

/** An event of a source as a line for people; undefined if it is irrelevant. */
export function wordsOf(event: MemberEvent | SourceEvent, what: string): string | undefined {
  switch (event.kind) {
    case "joined":
      return `${what}: joined${event.isNew ? ", without a position so far" : ""}`;
    case "assigned":
      return `${event.topic.name}: reads partition ${event.partition}`;
    case "released":
      return `${event.topic.name}: hands over partition ${event.partition}`;
    case "ended":
      return `${event.topic.name}: partition ${event.partition} is read to its end`;
    case "lost":
      return (
        `LOST ${event.topic.name}: partition ${event.partition} keeps offset ${event.offset} no more: ${event.hole} offsets ` +
        `are read by nobody; it goes on at ${event.resumedAt}`
      );
    case "absent":
      return `GONE ${event.topic.name}: ${event.reason}; the other topics of its logset go on, and it is looked for`;
    case "present":
      return `${event.topic.name}: is there again`;
    case "expelled":
    case "left":
      return `${what}: ${event.reason}`;
    case "disconnected":
      return `AWAY ${what}: ${event.code}: ${event.message}; it is tried again`;
    case "reconnected":
      return `${what}: answers again after ${seconds(event.afterMs)}`;
    case "throttled":
      return `${what}: ${event.code}: too many requests; the next in ${seconds(event.waitMs)}`;
    case "changed":
      return `${what}: ${event.message}`;
    case "failed":
      return `DOWN ${event.what}: ${messageOf(event.error)}; it is tried again in ${seconds(event.againMs)}`;
    case "unhandled": {
      const { topic, partition, startOffset } = event.batch;
      const where = `${topic.name}: the batch at ${startOffset} of partition ${partition}`;
      return `${where} is not done: ${messageOf(event.error)}; it is tried again in ${seconds(event.againMs)}`;
    }
    case "handled":
      return undefined;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
