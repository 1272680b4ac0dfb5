import { openSearcher } from "../../functions/parser/search/searcher";
import { findMiss } from "../functions/parser/search/suite";

const LOOKS = Number(process.env.LOGS_LINES ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it.each([
  ["vectors", openSearcher()],
  ["a regular expression", undefined],
])("what a condition needs is found in each line of which it holds, with %s", (engine, searcher) => {
  const tally = { looks: 0, held: 0, spared: 0 };
  findMiss(searcher, SEED, LOOKS / 2, tally);
  const { looks, held, spared } = tally;
  console.log(`${looks} lines looked at with ${engine}: ${held} fit, ${spared} need no look (LOGS_SEED=${SEED})`);
  expect(held).toBeGreaterThan(looks / 100);
});
