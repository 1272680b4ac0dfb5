import { readClsEvent } from "../../../functions/events/cls-event";
import { BatchSearch } from "../../../functions/monitor/batch-search";
import { deliveredBatch, type DeliveredBatch } from "../../../functions/monitor/delivered-batch";
import { BatchMatcher, type Match, type Monitor } from "../../../monitor";

const SOURCE = { name: "s", topic: "t", region: "ap-guangzhou" };

function monitor(name: string, given: Partial<Monitor>): Monitor {
  return {
    ...{ name, sources: ["s"], group: [], windowMs: 600_000, maxGroups: 1, severity: "info", labels: {}, routes: [] },
    ...{ quiet: [], mute: [], sample: { around: 0, redact: [] }, ...given },
  };
}

const field = (name: string, source: string): Match => ({ field: name, pattern: { source, flags: "" } });

async function batchOf(matcher: BatchMatcher, logs: readonly object[]): Promise<DeliveredBatch> {
  const body = JSON.stringify({ topic_id: "t", records: logs });
  const { logs: delivered } = readClsEvent({ clslogs: { data: Buffer.from(body).toString("base64") } });
  return deliveredBatch(delivered, "cls://t", new BatchSearch(matcher.needsOf("s"), { level: "strings" }));
}

/** Thirty logs, of which one differs. */
function logsWith(content: object, at = 20): object[] {
  return Array.from({ length: 30 }, (_, number) => ({
    timestamp: "1764374400123456",
    content: JSON.stringify(number === at ? content : { number, status: "200", path: "/503" }),
  }));
}

describe("a delivered batch", () => {
  const errors = monitor("Errors", { match: field("status", "^5\\d\\d$"), sample: { around: 2, redact: [] } });
  const panics = monitor("Panics", { match: { text: { source: "panic", flags: "i" } } });

  it("in which nothing may match has its number of records, and makes none", async () => {
    const matcher = new BatchMatcher({
      monitors: [errors, panics, monitor("Silence", { missing: { forMs: 60_000 } })],
    });
    const { mayMatch, records } = await batchOf(matcher, [...logsWith({}), { content: "" }, { content: "text" }]);
    expect(records).toHaveLength(31);
    expect(mayMatch).toEqual([[], [], []]);
    expect(records.at(20)).toBeUndefined();
  });

  it("is looked at where one of its monitors may match, with what stands before", async () => {
    const matcher = new BatchMatcher({ monitors: [errors, panics] });
    const batch = await batchOf(matcher, [{ content: "" }, ...logsWith({ status: 503, path: "/pay" })]);
    expect(batch.mayMatch).toEqual([[20], []]);
    const { matches } = matcher.match({ source: SOURCE, position: "p", arrivedAt: Date.now(), ...batch });
    expect(matches.groups).toMatchObject([{ monitor: "Errors", count: 1, firstAt: 1764374400123 }]);
    expect(matches.groups[0].sample.around.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual([
      18, 19,
    ]);
  });

  it.each<[string, Match, object, number]>([
    ["null, whose text is null", field("status", "^nul"), { status: null }, 20],
    ["a text in capitals", { text: { source: "PANIC", flags: "i" } }, { m: "Panic" }, 20],
    ["nothing in another field", field("m", "^pan"), { n: "panic" }, -1],
  ])("finds %s", async (_, match, content, expected) => {
    const matcher = new BatchMatcher({ monitors: [monitor("M", { match })] });
    const batch = await batchOf(matcher, logsWith(content));
    const { matches } = matcher.match({ source: SOURCE, position: "p", arrivedAt: Date.now(), ...batch });
    expect(matches.groups).toHaveLength(expected < 0 ? 0 : 1);
  });

  it("is looked at in all pieces of its JSON, be there empty logs between", async () => {
    const matcher = new BatchMatcher({ monitors: [errors] });
    const logs = Array.from({ length: 9_000 }, (_, number) => ({
      content: number % 3 === 0 ? "" : JSON.stringify({ number, status: number % 1_000 === 1 ? "503" : "200" }),
    }));
    const lines = logs.filter(({ content }) => content !== "");
    const { mayMatch, records } = await batchOf(matcher, logs);
    const expected = lines.flatMap(({ content }, line) => (content.includes('"503"') ? [line] : []));
    expect(expected).toHaveLength(6);
    expect(mayMatch).toEqual([expected]);
    expect(records).toHaveLength(lines.length);
    for (const line of [0, 4_000, ...expected, lines.length - 1]) {
      expect(records.at(line)?.get("number")).toBe((JSON.parse(lines[line].content) as { number: number }).number);
    }
  });

  it("without a log matches nothing, whatever its topic's name holds", async () => {
    const matcher = new BatchMatcher({
      monitors: [monitor("M", { match: { text: { source: "topic_id", flags: "" } } })],
    });
    const { mayMatch, records } = await batchOf(matcher, []);
    expect(mayMatch).toEqual([[]]);
    expect(records).toHaveLength(0);
  });

  it.each<[string, Match]>([
    ["not", { not: field("status", "^200$") }],
    ["a comparison", { field: "status", compare: "=", value: 503 }],
    ["a pattern of any text", field("status", ".")],
  ])("is read where nothing is known of %s", async (_, match) => {
    const matcher = new BatchMatcher({ monitors: [monitor("M", { match }), panics] });
    const { mayMatch, records } = await batchOf(matcher, logsWith({ status: "panic" }));
    expect(records).toHaveLength(30);
    expect(records.at(0)?.get("path")).toBe("/503");
    expect(mayMatch?.[0] === undefined || mayMatch[0].length === 30).toBe(true);
    expect(mayMatch?.[1]).toEqual([20]);
  });

  it.each<[string, object]>([
    ["a content that is no text", { content: { status: 503 } }],
    ["no content", { other: "status" }],
    ["a long content", { content: JSON.stringify({ status: 503, m: "x".repeat(100_000) }) }],
  ])("is read as a whole where it has %s", async (_, log) => {
    const matcher = new BatchMatcher({ monitors: [errors] });
    const { mayMatch, records } = await batchOf(matcher, [...logsWith({}), log, ...logsWith({})]);
    expect(mayMatch).toBeUndefined();
    expect(records).toHaveLength(61);
  });
});
