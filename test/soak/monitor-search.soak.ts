import { openSearcher } from "../../functions/parser/search/searcher";
import { findDifference } from "../functions/monitor/search-suite";
import { Random } from "../functions/parser/scan/random";
import { type Planted, suiteWithFault } from "../functions/support/planted";
import { DELIVERY_FAULTS } from "./support/planted-faults";

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

describe("a fault planted in what finds the records of a delivery is found:", () => {
  it.each(DELIVERY_FAULTS)("%s: %s becomes %s", async (...planted) => {
    expect(await faultWith(planted)).toBeDefined();
  });

  it("and none where none is planted", async () => {
    expect(
      await faultWith(["functions/monitor/delivered-batch.ts", "/** Notes which lines", "/** Notes which lines"]),
    ).toBeUndefined();
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
