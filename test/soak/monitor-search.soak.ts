import { openSearcher } from "../../functions/parser/search/searcher";
import { findDifference } from "../functions/monitor/search-suite";
import { Random } from "../functions/parser/scan/random";
import { type Planted, suiteWithFault } from "../functions/support/planted";

const RECORDS = Number(process.env.LOGS_LINES ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it.each([
  ["vectors", 0.7, openSearcher()],
  ["a regular expression", 0.3, undefined],
])("what matches is the same, searched before parsing or not, with %s", async (engine, share, searcher) => {
  const tally = { records: 0, matches: 0, none: 0, some: 0, all: 0, passed: 0 };
  await findDifference(new Random(SEED), RECORDS * share, { searcher }, tally);
  console.log(`${JSON.stringify(tally)} with ${engine} (LOGS_SEED=${SEED})`);
  expect(Math.min(tally.none, tally.some)).toBeGreaterThan(tally.all / 100);
});

const BATCH = "functions/monitor/delivered-batch.ts";
const SEARCH = "functions/monitor/batch-search.ts";
const LOGS = "functions/events/delivered-logs.ts";
const LINES = "functions/events/delivered-lines.ts";
const SCANNER = "functions/parser/scan/scanner.ts";
const WALK = "functions/parser/scan/assembly/logs.ts";

/** Each a change that has a delivery match otherwise than its records do, in a way that `npm test` must find. */
const PLANTED: Planted[] = [
  [BATCH, "if (logs.longest > SURE_BYTES)", "if (logs.longest < 0)"],
  [BATCH, "if (first < 0 && !search.isBlind)", "if (first < 0)"],
  [BATCH, "length: logs.lines,", "length: logs.lines + 1,"],
  [BATCH, "if (line === lines.length) return;", "return;"],
  [BATCH, "place = search.next(contentStart, end);", "place = search.next(contentEnd, end);"],
  [BATCH, "search.note(found, line, contentStart,", "search.note(found, line + 1, contentStart,"],
  [BATCH, "    place = search.next(contentEnd, end);", "    place = -1;"],
  [BATCH, "= this.#lines.at(index);", "= this.#lines.at(Math.max(0, index - 1));"],
  [BATCH, "return this.#lines.length;", "return this.#lines.length - 1;"],
  [BATCH, "for (const { place, raw } of invalid)", "for (const { place, raw } of invalid.slice(1))"],
  [BATCH, "one.line - other.line", "0"],
  [BATCH, "if (!(error instanceof ContentError)) throw error;", "throw error;"],
  [SEARCH, "this.isBlind = needs.includes(undefined);", "this.isBlind = false;"],
  [SEARCH, "if (known) known.monitors.push(monitor);", "if (known) known.monitors.push();"],
  [SEARCH, "[...needs.keys()].filter((one) => needs[one]?.length)", "[]"],
  [SEARCH, "literal < marks.length;", "literal < marks.length - 1;"],
  [SEARCH, "needed && []", "[]"],
  [SEARCH, "list[list.length - 1] !== index", "list.length === 0"],
  [LINES, "piece.lines === piece.count ? undefined : linesOf(piece)", "undefined"],
  [LINES, "first += piece.lines;", "first += piece.count;"],
  [LINES, "piece.contentEnd(line(number)) > place", "piece.contentStart(line(number)) > place"],
  [LINES, "logs?.[number] ?? number", "number"],
  [LINES, "start: piece.start(log),", "start: piece.contentStart(log),"],
  [LINES, "piece.contentEnd(log) > piece.contentStart(log)", "piece.contentEnd(log) >= piece.contentStart(log)"],
  [LINES, "end: piece.end(log),", "end: piece.contentEnd(log),"],
  [LOGS, "this.#lines += value.lines;", "this.#lines += value.count;"],
  [SCANNER, "longest.value < 0 ? Infinity : longest.value", "longest.value"],
  [WALK, "if (bytes > 0) filled++;", "filled++;"],
  [WALK, "isKnown ? contentEnd - content : -1", "contentEnd - content"],
];

describe("a fault planted in what finds the records of a delivery is found:", () => {
  it.each(PLANTED)("%s: %s becomes %s", async (...planted) => {
    expect(await faultWith(planted)).toBeDefined();
  });

  it("and none where none is planted", async () => {
    expect(await faultWith([BATCH, "/** Notes which lines", "/** Notes which lines"])).toBeUndefined();
  });
});

/** What `npm test` says; undefined where it finds nothing wrong. */
async function faultWith(planted: Planted): Promise<unknown> {
  const suite = suiteWithFault<typeof import("../functions/monitor/search-suite")>(
    "test/functions/monitor/search-suite",
    planted,
  );
  const tally = { records: 0, matches: 0, none: 0, some: 0, all: 0, passed: 0 };
  try {
    for (const searcher of [openSearcher(), undefined]) {
      await suite.proveLongLine({ searcher });
      await suite.proveForeignPlace({ searcher });
      await suite.findDifference(new Random(1), tally.records === 0 ? 12_000 : 6_000, { searcher }, tally);
    }
    return undefined;
  } catch (error) {
    return error;
  }
}
