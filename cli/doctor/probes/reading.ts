import { ServiceError } from "../../../functions/tencent/service-error";
import { ReadError } from "../../../functions/tencent/topic-reader/read-error";
import { logsOf } from "../../../functions/tencent/topic-reader/log-group";
import { listIn } from "../cloud";
import { Pulling, spread, upload } from "./logs";
import { makeTopic } from "./make";
import type { Probe } from "./probe";

/** Number of logs that are waited for one by one. */
const SAMPLES = 20;

/** Delay from writing a log until it can be pulled. */
export const PULL_LAG: Probe = {
  id: "pull-lag",
  question: "How long after its upload is acknowledged can a log be pulled?",
  stated: "no figure; monitors and tails count on about a second",
  fact: "docs/design/facts/cls-reading.md#ways-to-read",
  makes: "a topic, 20 logs",
  cents: 0.1,
  seconds: 40,
  async run(account) {
    const { topicId } = await makeTopic(account);
    const pulling = new Pulling(account, topicId);
    const lags: number[] = [];
    try {
      await account.until(async () => pulling.next().catch(untilTopicIsKnown), { every: 1_000, most: 60_000 });
      for (let n = 0; n < SAMPLES; n++) {
        await upload(account, topicId, [{ n: String(n) }]);
        const sent = account.now();
        const found = await pulling.gather((logs) => logs.length > 0, { every: 50, most: 60_000 });
        if (found.length > 0) lags.push(account.now() - sent);
      }
    } finally {
      pulling.close();
    }
    return `${spread(lags)}, of ${lags.length} of ${SAMPLES} logs, asked each 50 ms`;
  },
};

/** The consumption endpoint can learn of a topic with a delay. */
function untilTopicIsKnown(error: unknown): undefined {
  if (error instanceof ReadError && error.failure === "missing") return undefined;
  throw error;
}

export const SEARCH_LAG: Probe = {
  id: "search-lag",
  question: "How long after its upload can a log be found by a search?",
  stated: "a minute at most",
  fact: "docs/design/facts/cls-reading.md#ways-to-read",
  makes: "a topic with an index, 6 logs",
  cents: 0.1,
  seconds: 120,
  async run(account) {
    const { topicId } = await makeTopic(account, { index: true });
    const lags: number[] = [];
    for (let n = 0; n < 6; n++) {
      await upload(account, topicId, [{ n: `doctor${n}` }]);
      const sent = account.now();
      const found = await account.until(
        async () => {
          const asked = {
            TopicId: topicId,
            From: sent - 60_000,
            To: sent + 600_000,
            QueryString: `doctor${n}`,
            Limit: 10,
          };
          return listIn(await account.ask("cls:SearchLog", asked), "Results").length > 0 || undefined;
        },
        { every: 250, most: 120_000 },
      );
      if (found) lags.push(account.now() - sent);
    }
    const [first = NaN, ...later] = lags;
    return `the first after ${(first / 1000).toFixed(2)} s, while the index was new; then ${spread(later)}; ${lags.length} of 6 found`;
  },
};

export const PULL_END: Probe = {
  id: "pull-end",
  question: "What does CLS answer at the end of a partition that is followed, and before an EndTime that is over?",
  stated: "the offset that was asked for; then NextOffset -1",
  fact: "docs/design/facts/cls-reading.md#pulling",
  makes: "a topic, a log",
  cents: 0.1,
  seconds: 20,
  async run(account) {
    const { topicId } = await makeTopic(account);
    await upload(account, topicId, [{ n: "1" }]);
    const pulling = new Pulling(account, topicId);
    try {
      const logs = await pulling.gather((found) => found.length > 0, { every: 200, most: 60_000 });
      const [{ id: partition }] = await pulling.client.partitions(account.signal);
      const all = await pulling.client.pull({ partition, startTime: 0 }, account.signal);
      const offset = all.nextOffset;
      const atEnd = await pulling.client.pull({ partition, offset, startTime: 0 }, account.signal);
      const over = Math.floor(account.now() / 1000) - 3_600;
      const before = await pulling.client.pull({ partition, startTime: 0, endTime: over }, account.signal);
      const told = (next: number | undefined): string =>
        next === undefined ? "-1" : next === offset ? "the same" : String(next);
      return `${logs.length} log read; at the end NextOffset is ${told(atEnd.nextOffset)}; before an EndTime of an hour ago it is ${told(before.nextOffset)}`;
    } finally {
      pulling.close();
    }
  },
};

export const PULL_QUERY: Probe = {
  id: "pull-query",
  question: "Does Query of /pull_log filter, and does what it leaves out move NextOffset?",
  stated: "it does both, by the vendor's consumer",
  fact: "docs/design/facts/cls-reading.md#pulling",
  makes: "a topic, 10 logs",
  cents: 0.1,
  seconds: 20,
  async run(account) {
    const { topicId } = await makeTopic(account);
    for (let n = 0; n < 10; n++) {
      await upload(account, topicId, [{ n: String(n), level: n % 5 === 0 ? "ERROR" : "INFO" }]);
    }
    const pulling = new Pulling(account, topicId);
    try {
      const all = await pulling.gather((logs) => logs.length >= 10, { every: 200, most: 60_000 });
      const [{ id: partition }] = await pulling.client.partitions(account.signal);
      const query = 'log_keep(op_eq(v("level"), "ERROR"))';
      const [whole, kept] = [
        await pulling.client.pull({ partition, startTime: 0 }, account.signal),
        await pulling.client.pull({ partition, startTime: 0, query }, account.signal),
      ];
      const levels = logsOf(kept.messages).map(({ contents }) => contents.level);
      const right = levels.filter((level) => level === "ERROR").length;
      const moved =
        kept.nextOffset === whole.nextOffset ? "behind all of them" : `${kept.nextOffset}, not ${whole.nextOffset}`;
      return `of ${all.length} logs, 2 of which match, ${levels.length} came, ${right} of them right; NextOffset is ${moved}`;
    } finally {
      pulling.close();
    }
  },
};

export const GROUP_OFFSETS: Probe = {
  id: "group-offsets",
  question:
    "May a member commit where nobody holds the partition, and does OffsetType 1 tell the offset of a time, not the group's?",
  stated: "both assumed",
  fact: "docs/design/facts/cls-reading.md#consumer-groups",
  makes: "a topic, 5 logs, a consumer group",
  cents: 0.1,
  seconds: 30,
  async run(account) {
    const { topicId, logsetId } = await makeTopic(account);
    for (let n = 0; n < 5; n++) await upload(account, topicId, [{ n: String(n) }]);
    const pulling = new Pulling(account, topicId);
    await pulling.gather((logs) => logs.length >= 5, { every: 200, most: 60_000 });
    const [{ id: partition }] = await pulling.client.partitions(account.signal);
    pulling.close();

    const group = account.name().replaceAll("-", "_");
    const of = { LogsetId: logsetId, ConsumerGroup: group };
    account.cleanUp.willMake(`consumer group ${group} of logset ${logsetId}`, () =>
      account.clean("cls:DeleteConsumerGroup", of),
    );
    await account.make("cls:CreateConsumerGroup", { ...of, Timeout: 30, Topics: [topicId] });
    const commit = {
      ...of,
      Consumer: "one",
      TopicPartitionOffsetsInfo: [{ TopicID: topicId, PartitionOffsets: [{ PartitionId: partition, Offset: 2 }] }],
    };
    const committed = await tried(() => account.ask("cls:CommitConsumerOffsets", commit));
    const offset = (more: object) =>
      tried(async () =>
        JSON.stringify(await account.ask("cls:DescribeConsumerOffsets", { ...of, From: "begin", ...more })),
      );
    const [kept, listed] = [await offset({}), await offset({ OffsetType: 1 })];
    return `a commit of offset 2 without a heartbeat is ${committed === "" ? "taken" : committed}; asked for begin, the group's offset is ${offsetIn(kept)}, with OffsetType 1 it is ${offsetIn(listed)}`;
  },
};

/** The code of a refusal, or the answer. */
async function tried(ask: () => Promise<unknown>): Promise<string> {
  try {
    const answer = await ask();
    return typeof answer === "string" ? answer : "";
  } catch (error) {
    if (error instanceof ServiceError && !error.transient) return `refused with ${error.code}`;
    throw error;
  }
}

function offsetIn(answer: string): string {
  return /"Offset":(-?\d+)/.exec(answer)?.[1] ?? answer;
}
