import type { MemberEvent, SourceEvent } from "../../functions/consume";

/** An event of a source as a line for people; undefined if it is irrelevant. */
export function wordsOf(event: MemberEvent | SourceEvent, what: string): string | undefined {
  switch (event.kind) {
    case "joined":
      return `${what}: joined${event.isNew ? ", no position committed yet" : ""}`;
    case "assigned":
      return `${event.topic.name}: reading partition ${event.partition}`;
    case "released":
      return `${event.topic.name}: releasing partition ${event.partition}`;
    case "ended":
      return `${event.topic.name}: read partition ${event.partition} to its end`;
    case "lost":
      return (
        `LOST ${event.topic.name}: partition ${event.partition} no longer retains offset ${event.offset}: ${event.hole} offsets ` +
        `were not read; resuming at ${event.resumedAt}`
      );
    case "absent":
      return `GONE ${event.topic.name}: ${event.reason}; looking for it again, the other topics of its logset are still read`;
    case "present":
      return `${event.topic.name}: found again`;
    case "expelled":
    case "left":
      return `${what}: ${event.reason}`;
    case "disconnected":
      return `AWAY ${what}: ${event.code}: ${event.message}; retrying`;
    case "reconnected":
      return `${what}: answers again after ${seconds(event.afterMs)}`;
    case "throttled":
      return `${what}: ${event.code}: throttled; next request in ${seconds(event.waitMs)}`;
    case "changed":
      return `${what}: ${event.message}`;
    case "failed":
      return `DOWN ${event.what}: ${messageOf(event.error)}; retrying in ${seconds(event.againMs)}`;
    case "unhandled": {
      const { topic, partition, startOffset } = event.batch;
      const where = `${topic.name}: the batch at offset ${startOffset} of partition ${partition}`;
      return `${where} failed: ${messageOf(event.error)}; retrying in ${seconds(event.againMs)}`;
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
