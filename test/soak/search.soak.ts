import { openSearcher } from "../../functions/parser/search/searcher";
import { findMiss } from "../functions/parser/search/suite";
import { findBusy } from "../functions/processors/idle-suite";

const LINES = Number(process.env.LOGS_LINES ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it.each([
  ["vectors", openSearcher()],
  ["a regular expression", undefined],
])("what a condition needs is found in each line of which it holds, with %s", (engine, searcher) => {
  const tally = { looks: 0, held: 0, spared: 0 };
  findMiss(searcher, SEED, LINES / 4, tally);
  const { looks, held, spared } = tally;
  console.log(`${looks} lines looked at with ${engine}: ${held} fit, ${spared} need no look (LOGS_SEED=${SEED})`);
  expect(held).toBeGreaterThan(looks / 100);
});

it("rules do nothing to records that are said to be left alone", async () => {
  const tally = { texts: 0, told: 0, records: 0, idle: 0 };
  await findBusy(SEED, LINES / 2, tally);
  const { texts, told, records, idle } = tally;
  console.log(`${told} of ${texts} rule texts, ${idle} of ${records} records idle (LOGS_SEED=${SEED})`);
  expect(idle).toBeGreaterThan(records / 20);
});
