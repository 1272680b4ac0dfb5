import { lookup } from "node:dns";
import { connect, isIP, type LookupFunction } from "node:net";
import { type Admin, type Consumer, type ISocketFactory, Kafka, logLevel } from "kafkajs";
import { type KafkaConsumerPart, type KafkaOffsets, NO_TOPIC } from "../../functions/consume/kafka/kafka-part";

/** Timeout in milliseconds of a connection and of a request. */
const TIMEOUT_MS = 10_000;

/** Milliseconds that a broker waits for messages: less than a session, during which heartbeats must be sent. */
const FETCH_WAIT_MS = 500;

/** A broker that restarts is back within some seconds; a longer outage is reported, and the caller starts again. */
const RETRY = { retries: 4, initialRetryTime: 200, maxRetryTime: 3_000 };

/** Bytes of one partition that are fetched at once. */
const PARTITION_BYTES = 1024 * 1024;

/** See `KafkaConsumerPart`. */
export const connectConsumer: KafkaConsumerPart["connectConsumer"] = async (options) => {
  const { brokers, clientId, credentials, group, topics, sessionMs, concurrency } = options;
  const client = new Kafka({
    clientId,
    brokers: [...brokers],
    sasl: credentials && { mechanism: "plain", ...credentials },
    ssl: false,
    socketFactory: socketsTo(options.allowAddress),
    connectionTimeout: TIMEOUT_MS,
    authenticationTimeout: TIMEOUT_MS,
    requestTimeout: TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.NOTHING,
  });
  const admin = client.admin();
  const consumer = client.consumer({
    groupId: group,
    sessionTimeout: sessionMs,
    heartbeatInterval: Math.floor(sessionMs / 3),
    // A batch in progress can delay the other members of its group by this time.
    rebalanceTimeout: Math.max(60_000, sessionMs),
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: PARTITION_BYTES,
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
  });
  listen(consumer, options);
  await plainly(admin.connect());
  await plainly(consumer.connect());
  const there = await topicsThere(admin, topics, options.absent);
  await plainly(consumer.subscribe({ topics: there, fromBeginning: true }));
  return {
    run: (handle) =>
      plainly(
        consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: concurrency,
          eachBatch: async ({ batch, heartbeat, resolveOffset }) => {
            const { topic, partition, highWatermark, messages } = batch;
            const isDone = await handle({
              topic,
              partition,
              endOffset: Number(highWatermark),
              records: messages,
              heartbeat: () => plainly(heartbeat()),
            });
            if (isDone) resolveOffset(batch.lastOffset());
            await heartbeat();
            // The client then fetches it again.
            if (!isDone) throw new Error("the batch was not handled");
          },
        }),
      ),
    commit: (topic, partition, offset) =>
      plainly(consumer.commitOffsets([{ topic, partition, offset: String(offset) }])),
    async positions(topic) {
      const [found] = await plainly(admin.fetchOffsets({ groupId: group, topics: [topic] }));
      return offsetsOf(found.partitions);
    },
    async setPositions(topic, offsets) {
      const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
      await plainly(admin.setOffsets({ groupId: group, topic, partitions }));
    },
    async bounds(topic) {
      const found = await plainly(admin.fetchTopicOffsets(topic));
      return {
        oldest: offsetsOf(found.map(({ partition, low }) => ({ partition, offset: low }))),
        end: offsetsOf(found.map(({ partition, high }) => ({ partition, offset: high }))),
      };
    },
    offsetsAt: (topic, time) => offsetsAt(admin, topic, time),
    async leave() {
      await consumer.disconnect().catch(() => undefined);
      await admin.disconnect().catch(() => undefined);
    },
  };
};

/** The client would join no group if one of the topics is missing. */
async function topicsThere(
  admin: Admin,
  topics: readonly string[],
  absent: (topic: string) => void,
): Promise<string[]> {
  const there: string[] = [];
  let fault: unknown;
  for (const topic of topics) {
    try {
      await plainly(admin.fetchTopicOffsets(topic));
      there.push(topic);
    } catch (error) {
      if ((error as Error & { code: string }).code !== NO_TOPIC) throw error;
      fault = error;
      absent(topic);
    }
  }
  if (there.length === 0) throw fault;
  return there;
}

function listen(consumer: Consumer, options: Parameters<KafkaConsumerPart["connectConsumer"]>[0]): void {
  const { GROUP_JOIN, REBALANCING, FETCH, HEARTBEAT, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => options.joined(payload.memberAssignment, payload.memberId));
  consumer.on(REBALANCING, () => options.rebalancing());
  consumer.on(FETCH, () => options.answered(false));
  consumer.on(HEARTBEAT, () => options.answered(true));
  consumer.on(CRASH, ({ payload }) => options.failed(faultOf(payload.error)));
}

async function offsetsAt(admin: Admin, topic: string, time: number): Promise<KafkaOffsets> {
  const [found, ends] = await Promise.all([
    plainly(admin.fetchTopicOffsetsByTimestamp(topic, time)),
    plainly(admin.fetchTopicOffsets(topic)),
  ]);
  const end = offsetsOf(ends);
  return new Map([...offsetsOf(found)].map(([id, offset]) => [id, offset < 0 ? (end.get(id) ?? 0) : offset]));
}

function offsetsOf(partitions: readonly { partition: number; offset: string }[]): KafkaOffsets {
  return new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}

/**
 * Creates sockets only to allowed addresses: brokers name other brokers, and a name can resolve to another address later.
 */
function socketsTo(allow: (address: string) => void): ISocketFactory {
  const guarded: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      try {
        for (const { address } of found) allow(address);
      } catch (refused) {
        return callback(refused as Error, []);
      }
      const [first] = found;
      if (options.all) callback(null, found);
      else callback(null, first?.address ?? "", first?.family);
    });
  };
  return ({ host, port, onConnect }) => {
    if (isIP(host)) allow(host);
    const socket = connect({ host, port, lookup: guarded }, onConnect);
    socket.setKeepAlive(true, 60_000);
    return socket;
  };
}

/** Reduces an error to its name: a message can repeat what was sent. */
async function plainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw faultOf(error);
  }
}

function faultOf(error: unknown): Error & { code: string } {
  let inner = error as Fault;
  while (inner.cause instanceof Error) inner = inner.cause;
  const code = inner.type ?? (typeof inner.code === "string" ? inner.code : inner.name);
  return Object.assign(new Error(code), { code });
}

/** The used properties of the client's errors; if `code` is a number, its name is in `type`. */
type Fault = Error & { readonly type?: string; readonly code?: unknown };
