import { Program } from "../dialect/program";
import { Refusal } from "../refusal";
import { encodeMessage } from "./log-group";
import type { Package, Partition } from "./partition";
import type { ClsRecord } from "./record";
import type { Topic } from "./topic";

/** A consumer's request. */
export interface PullQuery {
  readonly partitionId: number;
  /** -1 to begin at `startTime`. */
  readonly startOffset: number;
  /** Seconds since 1970, in CLS's time of receipt. */
  readonly startTime: number;
  /** Seconds since 1970; undefined for no end. */
  readonly endTime?: number;
  /** Statements of CLS's processing language; logs that they drop are left out. */
  readonly query?: string;
  /** Approximate bytes of logs. */
  readonly size: number;
}

/** Result for a consumer. */
export interface Pulled {
  /** -1 if everything before `endTime` was returned. */
  readonly nextOffset: number;
  readonly messages: readonly string[];
}

/** Reads from a partition. Fact: docs/design/facts/cls-reading.md#pulling. */
export function pull(topic: Topic, asked: PullQuery, { uin, now }: { uin: string; now: number }): Pulled {
  const partition = topic.partitions.partition(asked.partitionId);
  const keeps = asked.query ? filterOf(asked.query, now) : undefined;
  const messages: string[] = [];
  let offset = asked.startOffset >= 0 ? asked.startOffset : startOf(partition, asked.startTime);
  for (let bytes = 0; ; offset++) {
    const found = partition.at(offset);
    if (isPast(found, asked.endTime, now)) return { nextOffset: -1, messages };
    if (!found || (bytes > 0 && bytes + found.bytes > asked.size)) return { nextOffset: offset, messages };
    bytes += found.bytes;
    const records = keeps ? found.records.filter(keeps) : found.records;
    if (records.length === 0) continue;
    const origin = { uin, logsetId: topic.logsetId, topicId: topic.id, receivedAt: found.receivedAt };
    messages.push(encodeMessage(records, origin).toString("base64"));
  }
}

function startOf(partition: Partition, seconds: number): number {
  return Math.max(partition.beginOffset, partition.offsetAt(seconds * 1000));
}

/** Whether nothing more can arrive before a time: the next package is later, or that time has passed. */
function isPast(next: Package | undefined, endTime: number | undefined, now: number): boolean {
  if (endTime === undefined) return false;
  return next ? next.receivedAt >= endTime * 1000 : now >= endTime * 1000;
}

function filterOf(query: string, now: number): (record: ClsRecord) => boolean {
  let program: Program;
  try {
    program = new Program(query);
  } catch (error) {
    throw new Refusal("SyntaxError", (error as Error).message);
  }
  return ({ contents }) => {
    const { outputs, rest, failure } = program.run({ ...contents }, { now: () => now });
    return failure === undefined && outputs.length + rest.length > 0;
  };
}
