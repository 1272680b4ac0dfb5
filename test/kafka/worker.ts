/** One process of a group: prints what it handled as lines of JSON, and leaves when it is asked to end. */
import { setTimeout as wait } from "node:timers/promises";
import { connectConsumer } from "../../parts/kafka/consumer";
import { ClsMember, KafkaMember, Source, type GroupMember } from "../../functions/consume";

/** How a worker is set up. */
export interface WorkerSettings {
  readonly kind: "kafka" | "cls";
  readonly consumer: string;
  readonly group: string;
  readonly topic: string;
  readonly brokers?: readonly string[];
  readonly username?: string;
  readonly logsetId?: string;
  readonly sessionSeconds: number;
}

const settings = JSON.parse(process.env.WORKER ?? "{}") as WorkerSettings;
const ending = new AbortController();
process.on("SIGTERM", () => ending.abort());

function open(): GroupMember {
  const { consumer, group, topic, sessionSeconds } = settings;
  const shared = {
    consumer,
    group,
    sessionSeconds,
    topics: [{ name: topic, topicId: topic, region: "ap-guangzhou" }],
    start: "begin",
    tell: (event: object) => print({ event }),
  } as const;
  const credentials = () => ({ secretId: process.env.SECRET_ID ?? "", secretKey: process.env.SECRET_KEY ?? "" });
  if (settings.kind === "cls") {
    const { logsetId = "" } = settings;
    return new ClsMember({ ...shared, credentials, region: "ap-guangzhou", logsetId, perSecond: 5 });
  }
  const { brokers = [], username } = settings;
  return new KafkaMember({ ...shared, credentials, brokers, username, part: { connectConsumer } });
}

const source = new Source({
  open,
  handle: async ({ partition, startOffset, records }) => {
    // Some work, so that a process is in the middle of a batch when something happens to it.
    await wait(20);
    print({ partition, startOffset, numbers: records.map((record) => Number(record.get("n"))) });
  },
  tell: (event) => {
    if (event.kind === "failed") print({ event: { kind: "failed", message: (event.error as Error).message } });
    if (event.kind === "unhandled") print({ event: { kind: "unhandled", message: (event.error as Error).message } });
    if (event.kind === "left") print({ event: { kind: "left", reason: event.reason } });
  },
  signal: ending.signal,
});

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

void source.run().then(() => process.exit(0));
