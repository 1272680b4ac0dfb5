import { join } from "node:path";
import { readClsEvent } from "../../../functions/events/cls-event";
import { lineOfLog } from "../../../functions/events/log-line";
import { BatchSearch } from "../../../functions/monitor/batch-search";
import { deliveredBatch, recordsOf } from "../../../functions/monitor/delivered-batch";
import { PulledSearch } from "../../../functions/monitor/pulled-search";
import { compileMonitorRules } from "../../../functions/monitor/rules";
import type { SearchOptions } from "../../../functions/parser/search/literal-search";
import { readMessage } from "../../../functions/tencent/topic-reader/log-group";
import { type ConsumedRecord, MessageRecord, recordsOf as pulledRecordsOf } from "../../../functions/consume/record";
import {
  BatchMatcher,
  type Match,
  type MatchedBatch,
  type Monitor,
  type Pattern,
  type RecordView,
} from "../../../monitor";
import { messageOf } from "./support/log-group";
import { compileLinePattern } from "../../../rules/regex/javascript";
import {
  FIELDS,
  randomLine,
  randomPattern,
  randomQuery,
  randomText,
  writtenString,
} from "../parser/search/random-json";
import { Random } from "../parser/scan/random";

const PARTS = join(__dirname, "../../../dist/parts");
const NOW = Date.UTC(2026, 10, 29);

/** Number of batches that are tried with the same monitors. */
const BATCHES = 6;

export interface Tally {
  records: number;
  /** Number of matches of a monitor. */
  matches: number;
  /** Batches of which no record was created, only the accessed ones, and all. */
  none: number;
  some: number;
  all: number;
  /** Pulled batches of which no record was examined. */
  passed: number;
}

/** Throws if searching before parsing changes the matches of a batch, at either level. */
export async function findDifference(
  random: Random,
  records: number,
  searcher: Pick<SearchOptions, "searcher">,
  tally: Tally,
): Promise<void> {
  const end = tally.records + records;
  while (tally.records < end) {
    const isRare = random.below(2) === 0;
    const samples = Array.from({ length: 3 }, () => (isRare ? "Zebra" : "") + randomText(random)).filter(Boolean);
    const monitors = Array.from({ length: random.pick([1, 1, 2, 5]) }, (_, number) =>
      randomMonitor(random, samples, number),
    );
    const matcher = matcherOf(monitors);
    if (!matcher) continue;
    await matcher.refresh();
    const delivered = new BatchSearch(matcher.needsOf("s"), { ...searcher, level: "strings" });
    const pulled = new PulledSearch(matcher.needsOf("s"), searcher);
    for (let batch = 0; batch < BATCHES; batch++) {
      const json = randomEvent(random, samples);
      const { logs } = readClsEvent({ clslogs: { data: Buffer.from(json).toString("base64") } });
      const all = await recordsOf(logs, "cls://t");
      requireLines(json, all);
      const expected = outcomeOf(matcher, { records: all });
      const found = await deliveredBatch(logs, "cls://t", delivered);
      const outcome = outcomeOf(matcher, found);
      const what = JSON.stringify(monitors.map(({ match, rules }) => match ?? rules));
      if (found.records.length !== all.length || outcome !== expected)
        throw new Error(`${what} in ${json}: expected ${expected} of ${all.length}, got ${outcome}`);
      for (const records of [messagesOf(random, all), logsOf(random, all)]) {
        const [parsed, searched] = [undefined, pulled.mayMatch(records)].map((mayMatch) =>
          outcomeOf(matcher, { records, mayMatch }),
        );
        if (parsed !== searched) throw new Error(`${what} pulled as ${json}: expected ${parsed}, got ${searched}`);
        if (searched) tally.passed += pulled.mayMatch(records)?.every((list) => list?.length === 0) ? 1 : 0;
      }
      tally.records += all.length;
      tally.matches += JSON.parse(expected).matches.groups.length;
      tally[
        found.mayMatch?.every((list) => list?.length === 0) ? "none" : Array.isArray(found.records) ? "all" : "some"
      ]++;
    }
  }
}

/** Throws if the records of a delivery differ from its logs, in content or place. */
function requireLines(json: string, records: readonly { readonly raw: Uint8Array }[]): void {
  // An unpaired surrogate is not a character in the bytes of an event or a line.
  const { records: logs } = JSON.parse(Buffer.from(json).toString()) as { records: unknown[] };
  const lines = logs.map((log) => Buffer.from(lineOfLog(log)).toString()).filter((line) => line !== "");
  const found = records.map(({ raw }) => Buffer.from(raw).toString());
  const wrong = lines.findIndex((line, at) => line !== found[at]);
  if (wrong < 0 && found.length === lines.length) return;
  throw new Error(`record ${wrong} of ${found.length} is ${found[wrong]}, expected ${lines[wrong]} of ${lines.length}`);
}

/**
 * Throws if a log that cannot be searched matches differently from its record: its line is over the limit, or it is not
 * text.
 */
export async function proveLongLine(searcher: Pick<SearchOptions, "searcher">): Promise<void> {
  const match: Match = { field: "status", pattern: { source: "^503$", flags: "" } };
  const matcher = new BatchMatcher({
    monitors: [{ ...randomMonitor(new Random(1), ["x"], 0), sources: ["s"], match }],
  });
  const long = JSON.stringify({ status: "503", message: "x".repeat(1_100_000) });
  const others = Array.from({ length: 20 }, (_, number) => ({ content: JSON.stringify({ number }) }));
  for (const log of [{ content: long }, { content: { status: "503" } }]) {
    const json = JSON.stringify({ topic_id: "t", records: [...others, log, ...others] });
    const { logs } = readClsEvent({ clslogs: { data: Buffer.from(json).toString("base64") } });
    const expected = outcomeOf(matcher, { records: await recordsOf(logs, "cls://t") });
    const search = new BatchSearch(matcher.needsOf("s"), { ...searcher, level: "strings" });
    const found = outcomeOf(matcher, await deliveredBatch(logs, "cls://t", search));
    if (found !== expected) throw new Error(`${json.slice(0, 700)}: expected ${expected}, got ${found}`);
  }
}

/** Throws if a log matches differently because the literal also occurs before its content. */
export async function proveForeignPlace(searcher: Pick<SearchOptions, "searcher">): Promise<void> {
  const match: Match = { field: "message", pattern: { source: "OutOfMemory", flags: "" } };
  const matcher = new BatchMatcher({
    monitors: [{ ...randomMonitor(new Random(1), ["x"], 0), sources: ["s"], match }],
  });
  const logs = Array.from({ length: 20 }, (_, number) => ({
    ...(number % 3 === 0 && { pod: "OutOfMemory" }),
    content: JSON.stringify({ number, message: number % 5 === 0 ? "OutOfMemory" : "fine" }),
  }));
  const json = JSON.stringify({ topic_id: "OutOfMemory", records: logs });
  const delivered = readClsEvent({ clslogs: { data: Buffer.from(json).toString("base64") } }).logs;
  const search = new BatchSearch(matcher.needsOf("s"), { ...searcher, level: "strings" });
  const expected = outcomeOf(matcher, { records: await recordsOf(delivered, "cls://t") });
  const found = outcomeOf(matcher, await deliveredBatch(delivered, "cls://t", search));
  if (!expected.includes('"count":4') || found !== expected)
    throw new Error(`four of ${json} must match: expected ${expected}, got ${found}`);
}

function outcomeOf(matcher: BatchMatcher, batch: Pick<MatchedBatch, "records" | "mayMatch">): string {
  const source = { name: "s", topic: "t", region: "ap-guangzhou" };
  return JSON.stringify(matcher.match({ source, position: "p", arrivedAt: NOW, ...batch }));
}

/** Records as Kafka messages, in shared or separate bytes. */
function messagesOf(random: Random, records: readonly RecordView[]): ConsumedRecord[] {
  const gap = random.pick([0, 7, 400]);
  const bytes = Buffer.concat(records.flatMap(({ raw }) => [Buffer.alloc(gap, "panic 503 Zebra"), raw]));
  let at = 0;
  return records.map(({ raw }) => {
    at += gap + raw.length;
    const isAlone = random.below(50) === 0;
    const value = isAlone ? Buffer.from(raw) : bytes.subarray(at - raw.length, at);
    return new MessageRecord({ value, timestamp: String(NOW) });
  });
}

/** Records as pulled logs, whose fields are all strings. */
function logsOf(random: Random, records: readonly RecordView[]): ConsumedRecord[] {
  const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const pairs = records.map(({ fields }) =>
    Object.entries(fields).map(([key, value]) => [key, textOf(value)] as const),
  );
  return pulledRecordsOf(readMessage(messageOf(random, pairs)).logs);
}

/** Undefined if one of the patterns is invalid, such as \b{2}. */
function matcherOf(monitors: readonly Monitor[]): BatchMatcher | undefined {
  try {
    return new BatchMatcher({ monitors }, (text) => compileMonitorRules(text, PARTS));
  } catch (error) {
    if (["RegexError", "SyntaxError", "RulesError"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

function randomMonitor(random: Random, samples: readonly string[], number: number): Monitor {
  const kind = random.below(12);
  const condition = { match: randomMatch(random, samples, 0) };
  const quoted = JSON.stringify(randomQuery(random, samples));
  return {
    ...{
      name: `M${number}`,
      sources: [random.below(8) === 0 ? "other" : "s"],
      labels: {},
      routes: [],
      quiet: [],
      mute: [],
    },
    ...(kind === 0 ? {} : kind < 3 ? { rules: `e_keep(e_search(${quoted}))` } : condition),
    ...{ group: random.pick([[], ["status"], ["a", "message"]]), windowMs: 600_000, maxGroups: 1000, severity: "info" },
    threshold: { count: 1, withinMs: 1000 },
    sample: { around: random.pick([0, 0, 2]), redact: random.pick([[], ["a"]]) },
  };
}

function randomMatch(random: Random, samples: readonly string[], depth: number): Match {
  const some = (): Match[] =>
    Array.from({ length: random.pick([1, 2, 2, 3]) }, () => randomMatch(random, samples, depth + 1));
  const kind = isRare(samples) ? random.pick([0, 3, 3, 8, depth > 0 ? 0 : 11]) : random.below(depth > 2 ? 8 : 12);
  if (kind < 3) return { text: randomPatternOf(random, samples) };
  if (kind < 7) return { field: random.pick(FIELDS), pattern: randomPatternOf(random, samples) };
  if (kind === 7 || depth > 2)
    return { field: random.pick(FIELDS), compare: random.pick(["=", ">=", "!="]), value: 500 };
  if (kind < 10) return { any: some() };
  return kind === 10 ? { all: some() } : { not: randomMatch(random, samples, depth + 1) };
}

/** A JavaScript pattern; invalid ones are replaced. */
function randomPatternOf(random: Random, samples: readonly string[]): Pattern {
  for (;;) {
    const source = isRare(samples) && random.below(20) > 0 ? rareSource(random, samples) : anySource(random, samples);
    const flags = random.pick(["", "", "i", "u"]);
    try {
      compileLinePattern(source, flags);
      return { source, flags };
    } catch {
      continue;
    }
  }
}

function isRare(samples: readonly string[]): boolean {
  return samples.some((text) => text.startsWith("Zebra"));
}

function rareSource(random: Random, samples: readonly string[]): string {
  const units = random.pick(samples).split("");
  const text = units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const part = text.slice(0, random.pick([5, 7, 99])).join("");
  return `${random.pick(["", "^"])}${part}${random.pick(["", "$", ".*", "|Zebrb"])}`;
}

function anySource(random: Random, samples: readonly string[]): string {
  const python = random.pick([randomPattern(random, samples), random.pick(["^null$", "nul", "^5\\d\\d$", "tru"])]);
  return python.replace(/^\(\?\w+\)/, "").replace(/\\Z/g, "$");
}

/** A line without anything to escape. */
function plainLine(random: Random): string {
  const text = () => random.pick(["ok", "GET /api", "Zebr", "timeout", "", "503"]);
  return JSON.stringify({
    status: random.pick([200, "503", null]),
    a: text(),
    [random.pick(FIELDS.slice(0, 3))]: text(),
  });
}

/** The JSON of an event, with its logs in any valid notation. */
function randomEvent(random: Random, samples: readonly string[]): string {
  const escapes = random.pick([undefined, undefined, undefined, 0, 20]);
  const isOdd = random.below(4) === 0;
  const log = (): string => {
    const kind = random.below(isOdd ? 16 : 10);
    const stamp = random.pick(['"timestamp":"1764374400123456",', '"timestamp":1764374400123456,', ""]);
    // As most writers do, or with an escape wherever one is allowed.
    const text = (content: string) =>
      escapes === undefined ? JSON.stringify(content) : writtenString(random, content, escapes);
    if (random.below(15) === 0) {
      const sample = random.pick(samples) ?? "x";
      return `{${stamp}"content":${text(random.pick([sample, `{"status":1,"${random.pick(["a", "message"])}":${text(sample)}}`]))}}`;
    }
    if (isRare(samples) && random.below(40) > 0) return `{${stamp}"content":${text(plainLine(random))}}`;
    if (kind < 8) return `{${stamp}"content":${text(randomLine(random))}}`;
    if (kind === 8)
      return `{${stamp}"content":${text(random.pick([randomText(random), random.pick(samples) ?? "x"]))}}`;
    if (kind === 9) return `{${stamp}"content":${text(randomLine(random).replace(/[}"]$/, ""))}}`;
    if (kind === 10) return `{${stamp}"content":${randomLine(random)}}`;
    if (kind === 11) return `{${stamp}"content":""}`;
    if (kind === 12)
      return `{${stamp}"content":"x","c\\u006fntent":${random.pick([text(randomLine(random)), randomLine(random)])}}`;
    if (kind === 13) return `{"content":${text(randomText(random))}, "content" : ${text(randomLine(random))} }`;
    if (kind === 14) return random.pick(["{}", "null", "[5]", '{"other":"panic"}']);
    return `{"content":${text(randomLine(random))},"timestamp":"${random.pick(["", "x", "5e20"])}"}`;
  };
  const logs = Array.from({ length: random.pick([1, 5, 60]) }, log);
  return `{"topic_id":"t","records":[${logs.join(random.pick([",", " ,\n"]))}]}`;
}
