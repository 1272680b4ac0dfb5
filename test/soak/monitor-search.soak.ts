import { openSearcher } from "../../functions/parser/search/searcher";
import { findDifference } from "../functions/monitor/search-suite";
import { Random } from "../functions/parser/scan/random";

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
