import type { AccessKey } from "../../../local/account";
import type { LocalCloud } from "../../../local/cloud";
import type { ClsRecord } from "../../../local/cls/record";
import type { Topic } from "../../../local/cls/topic";
import { TopicReader, type ReadBatch, type ReadEvent, type TopicRead } from "../../../functions/tencent/topic-reader";
import { REGION } from "../../local/support/plan";

/** Creates a topic, by default with an index. */
export function makeTopic(cloud: LocalCloud, { partitions = 1, index = true } = {}): Topic {
  const logset = cloud.cls.createLogset("logs", REGION);
  const topic = cloud.cls.createTopic("live", logset, REGION, { partitionCount: partitions });
  if (index) topic.index = { rule: {}, enabled: true, includeInternalFields: false, metadataFlag: 0 };
  return topic;
}

/** Logs whose field `n` counts from a number on. */
export function logs(from: number, count: number, more: Partial<ClsRecord> = {}): ClsRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    time: 1_767_225_600_000 + from + index,
    micros: (from + index) % 1000,
    ...more,
    contents: { n: String(from + index), ...more.contents },
  }));
}

/** A reader of a local cloud's topic. */
export function readerOf(
  cloud: LocalCloud,
  topic: Topic,
  key: () => AccessKey = () => cloud.cam.ownerKey,
): TopicReader {
  process.env.CLS_ENDPOINT = cloud.endpoint;
  return new TopicReader({ topicId: topic.id, region: topic.region, credentials: key, timeoutMs: 300 });
}

/** Collects from a read, until `isEnough` or its end. */
export async function collect(
  reader: TopicReader,
  read: TopicRead,
  isEnough: (events: readonly ReadEvent[]) => boolean = () => false,
): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for await (const event of reader.read(read)) {
    events.push(event);
    if (isEnough(events)) break;
  }
  return events;
}

/** The numbers of the logs from {@link logs}, in order of arrival. */
export function numbers(events: readonly ReadEvent[]): number[] {
  return batches(events).flatMap((batch) => batch.logs.map(({ contents }) => Number(contents.n)));
}

export function batches(events: readonly ReadEvent[]): ReadBatch[] {
  return events.filter((event): event is ReadBatch => event.kind === "logs");
}

/** Names of the notices that arrived. */
export function notices(events: readonly ReadEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "notice" ? [event.notice] : []));
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

export const sorted = (values: readonly number[]): number[] => [...values].sort((one, other) => one - other);
