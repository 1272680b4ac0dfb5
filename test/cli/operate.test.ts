import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Gauges, metricsText } from "../../cli/operate/gauges";
import { liveness, readiness } from "../../cli/operate/health";
import { listeningOf, serve } from "../../cli/operate/server";
import { runSources } from "../../cli/operate/run-sources";
import { type GroupMember, LostPositionError, Source, type SourceState } from "../../functions/consume";
import { until } from "../functions/consume/support";

const topic = { name: 'a"b\\c', topicId: "t", region: "ap-guangzhou" };
const NOW = 1_800_000_000_000;

function source(more: Partial<SourceState> = {}, rebalancedAt = NOW - 60_000, isJoined = true): SourceState {
  const partitions = [
    { topic, partition: 1, offsets: 7, seconds: 0.5 },
    { topic, partition: 2 },
  ];
  return {
    what: "group g",
    topics: [topic],
    member: { isJoined, rebalancedAt, rebalances: 2, partitions, absent: [] },
    ...more,
  };
}

describe("the metrics of a process", () => {
  test("are Prometheus's text, with labels escaped, and those of several processes added", () => {
    const gauges = new Gauges();
    gauges.count("records_total", { source: topic.name, region: topic.region }, 5);
    gauges.delay(0.7);
    gauges.delay(-3);
    const one = { numbers: gauges.numbers(), sources: [source()] };
    const lines = metricsText([one, one]).trim().split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        'tencent_logs_records_total{source="a\\"b\\\\c",region="ap-guangzhou"} 10',
        'tencent_logs_lag_records{source="a\\"b\\\\c",region="ap-guangzhou",partition="1"} 14',
        'tencent_logs_delay_seconds_bucket{le="0.5"} 2',
        'tencent_logs_delay_seconds_bucket{le="1"} 4',
        'tencent_logs_delay_seconds_bucket{le="+Inf"} 4',
        "tencent_logs_delay_seconds_sum 1.4",
        "tencent_logs_delay_seconds_count 4",
      ]),
    );
    const samples = lines.filter((line) => !line.startsWith("#"));
    expect(samples.filter((line) => !/^[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? [\d.]+$/.test(line))).toEqual([]);
    // Each metric is described once, before its samples.
    const described = lines.filter((line) => line.startsWith("# TYPE")).map((line) => line.split(" ")[2]);
    expect(new Set(described).size).toBe(described.length);
    const base = (line: string) => line.replace(/[{ ].*/s, "").replace(/_(bucket|sum|count)$/, "");
    expect(samples.map(base).filter((metric) => !described.includes(metric))).toEqual([]);
  });
});

describe("whether a process is well", () => {
  test.each([
    ["each source has its partitions", source(), true],
    ["a rebalance is 10 s old", source({}, NOW - 10_000, false), true],
    ["a rebalance is 31 s old", source({}, NOW - 31_000, false), false],
    [
      "a source is not read",
      source({ failure: "the key is wrong", failingSince: NOW - 5_000, member: undefined }),
      false,
    ],
  ])("ready, where %s", (_what, state, isWell) => {
    const health = readiness([source(), state], NOW - 3_600_000, NOW);
    expect(health.isWell).toBe(isWell);
    expect(health.reasons).toHaveLength(isWell ? 0 : 1);
  });

  test("not ready, before anything is read", () => {
    expect(readiness([], NOW, NOW)).toEqual({ isWell: false, reasons: ["nothing is read yet"] });
  });

  test("alive, while something moves", () => {
    expect(liveness(NOW - 5_000, NOW).isWell).toBe(true);
    expect(liveness(NOW - 61_000, NOW)).toEqual({ isWell: false, reasons: ["no progress for 61 s"] });
  });
});

test("a topic that is not there is told by /ready and by a metric, once for all processes", () => {
  const gone = { what: "group g", topics: [topic], member: { isJoined: true, rebalancedAt: NOW, rebalances: 1, partitions: [], absent: [topic] } }; // prettier-ignore
  expect(readiness([gone], NOW - 1, NOW).reasons).toEqual(['topic t of a"b\\c does not exist in ap-guangzhou']);
  const told = metricsText([gone, gone].map((source) => ({ numbers: new Gauges().numbers(), sources: [source] })));
  expect(told).toContain('tencent_logs_topic_absent{source="a\\"b\\\\c",region="ap-guangzhou"} 1\n');
});

test("where it listens is an address, or nowhere", () => {
  expect(listeningOf("[::1]:9090")).toEqual({ host: "::1", port: 9090 });
  expect(listeningOf("off")).toBeUndefined();
  expect(() => listeningOf("127.0.0.1:99999")).toThrow(/--listen must be HOST:PORT/);
});

test("whatever is asked for is answered, and ends nothing", async () => {
  const well = () => ({ isWell: true, reasons: [] });
  const { url, close } = await serve({ live: well, ready: well, metrics: () => "" }, { host: "127.0.0.1", port: 0 });
  try {
    const answers = ["//", "http://[", "/live?x=1"].map((path) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      return text(socket);
    });
    expect((await Promise.all(answers)).map((answer) => answer.slice(9, 12))).toEqual(["404", "404", "200"]);
  } finally {
    close();
  }
});

test("a source that cannot go on has the others leave, and is what the process ends with", async () => {
  let hasLeft = false;
  const member = (batches: () => Promise<void>, leave: () => void): GroupMember => ({
    what: "group g",
    topics: [topic],
    async *batches() {
      await batches();
    },
    leave: () => Promise.resolve(leave()),
    state: () => ({ isJoined: true, rebalancedAt: NOW, rebalances: 1, partitions: [], absent: [] }),
  });
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const members = [
    member(() => Promise.reject(new LostPositionError("offset 7 is kept no more")), () => undefined),
    member(() => ended, () => (hasLeft = true) && end()),
  ]; // prettier-ignore
  const opened = (signal: AbortSignal) =>
    members.map(
      (one) => new Source({ open: () => one, handle: () => Promise.resolve(), tell: () => undefined, signal }),
    );
  await expect(runSources(new AbortController().signal, opened)).rejects.toThrow("offset 7 is kept no more");
  expect(hasLeft).toBe(true);
});

test("a source that failed is ready again once its next member reads, although there is nothing to handle", async () => {
  const ending = new AbortController();
  const seconds: (number | undefined)[] = [undefined];
  const broken = new AbortController();
  const members = [
    () => Promise.reject(new Error("no answer")),
    () => once(broken.signal, "abort").then(() => Promise.reject(new Error("broken"))),
    () => once(ending.signal, "abort").then(() => undefined),
  ];
  const open = (): GroupMember => {
    const batches = members.shift()!;
    return {
      what: "group g",
      topics: [topic],
      async *batches() {
        await batches();
      },
      leave: () => Promise.resolve(),
      state: () => ({
        isJoined: true,
        rebalancedAt: NOW,
        rebalances: 1,
        partitions: seconds.map((of, partition) => ({ topic, partition, offsets: 0, seconds: of })),
        absent: [],
      }),
    };
  };
  const source = new Source({ open, handle: () => Promise.resolve(), tell: () => undefined, signal: ending.signal });
  const ended = source.run();
  await until(() => source.state().failure !== undefined, "the failure");
  seconds[0] = 0;
  expect(readiness([source.state()], NOW).reasons).toEqual([expect.stringContaining("no answer")]);
  await until(() => members.length === 1, "another member");
  seconds[0] = undefined;
  expect(readiness([source.state()], NOW).isWell).toBe(false);
  seconds[0] = 0;
  expect(readiness([source.state()], NOW)).toEqual({ isWell: true, reasons: [] });

  // The next failure begins when it happens.
  const before = Date.now();
  broken.abort();
  await until(() => source.state().failure === "broken", "another failure");
  expect(source.state().failingSince).toBeGreaterThanOrEqual(before);
  await until(() => members.length === 0, "a third member");
  ending.abort();
  await ended;
});
