import fc from "fast-check";
import { TopicReader, type ReadEvent } from "../../../functions/tencent/topic-reader";
import type { ClsFault } from "../../../local/cls/faults";
import { LocalCloud } from "../../../local/cloud";
import { logs, makeTopic, numbers, readerOf, sorted, upTo } from "./topics";

/** An event in a topic while it is read. */
type Happening =
  | { readonly what: "put"; readonly count: number }
  | { readonly what: "split" | "merge"; readonly which: number }
  | { readonly what: "fault"; readonly fault: ClsFault; readonly times: number }
  | { readonly what: "restart" };

const FAULTS: readonly ClsFault[] = [
  { status: 429 },
  { status: 500 },
  { reset: 0 },
  { reset: 20 },
  { shortBody: 15 },
  { delayMs: 20 },
];

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fc.record({ what: fc.constant("put" as const), count: fc.integer({ min: 1, max: 40 }) }), weight: 5 },
  fc.record({ what: fc.constantFrom("split" as const, "merge" as const), which: fc.nat(5) }),
  fc.record({
    what: fc.constant("fault" as const),
    fault: fc.constantFrom(...FAULTS),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ what: fc.constant("restart" as const) }),
);

/** Events of one run. */
export const HAPPENINGS = fc.array(happening, { minLength: 4, maxLength: 14 });

/**
 * Reads a topic during these events; a restart is another reader that continues where the last one was. Throws unless
 * each log arrived exactly once, in order within its partition.
 */
export async function readThrough(happenings: readonly Happening[]): Promise<void> {
  const cloud = await LocalCloud.start();
  const topic = makeTopic(cloud);
  const faults: ClsFault[] = [];
  cloud.cls.faults.decide = () => faults.shift();
  let put = 0;
  let reader: TopicReader | undefined;
  const events: ReadEvent[] = [];
  const offsets: Record<number, number> = {};
  try {
    const left = [...happenings, { what: "put" as const, count: 1 }];
    while (left.length > 0 || numbers(events).length < put) {
      reader = readerOf(cloud, topic);
      for await (const event of reader.read({ from: { ...offsets }, perSecond: 100 })) {
        events.push(event);
        if (event.kind === "logs" && event.partition !== undefined && event.nextOffset !== undefined) {
          offsets[event.partition] = event.nextOffset;
        }
        if (left.length === 0 && numbers(events).length >= put) break;
        const next = left.shift();
        if (next?.what === "restart") break;
        if (next?.what === "put") await topic.put(logs(put, (put += next.count) - (put - next.count)));
        if (next?.what === "fault") for (let times = 0; times < next.times; times++) faults.push(next.fault);
        if (next?.what === "split" || next?.what === "merge") change(next.what, next.which);
      }
      reader.close();
    }
    expect(sorted(numbers(events))).toEqual(upTo(put));
    for (const { id } of topic.partitions.all()) {
      const own = events.filter((event) => event.kind === "logs" && event.partition === id);
      expect(numbers(own)).toEqual(sorted(numbers(own)));
    }
  } finally {
    reader?.close();
    await cloud.close();
  }

  function change(what: "split" | "merge", which: number): void {
    const now = cloud.clock.now();
    const open = topic.partitions.all().filter(({ isOpen }) => isOpen);
    const { id } = open[which % open.length] ?? { id: 1 };
    if (what === "split") topic.partitions.split(id, { now });
    else if (open.some(({ beginKey }) => beginKey === topic.partitions.partition(id).endKey))
      topic.partitions.merge(id, now);
  }
}
