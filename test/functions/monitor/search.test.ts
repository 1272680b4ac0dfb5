import { openSearcher } from "../../../functions/parser/search/searcher";
import { scanner } from "../../../functions/parser/scan/scanner";
import { Random } from "../parser/scan/random";
import { findDifference, proveForeignPlace, proveLongLine } from "./search-suite";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

describe.each([
  ["vectors", openSearcher()],
  ["a regular expression", undefined],
])("with %s", (_, searcher) => {
  it("a log whose line is over the limit matches as the text that is left of it", () => proveLongLine({ searcher }));

  it("a log matches by its content, be what is looked for in front of it as well", () =>
    proveForeignPlace({ searcher }));

  it("what matches is the same, searched before parsing or not; npm run soak tries ten million records", async () => {
    const tally = { records: 0, matches: 0, none: 0, some: 0, all: 0, passed: 0 };
    await findDifference(new Random(SEED), 4_000, { searcher }, tally);
    console.log(`${JSON.stringify(tally)} (LOGS_SEED=${SEED})`);
    expect(tally.matches).toBeGreaterThan(tally.records / 100);
    // Without a scanner nothing tells where logs stand, and each is read.
    if (scanner()) expect(Math.min(tally.none, tally.some)).toBeGreaterThan(tally.all / 100);
    expect(tally.all).toBeGreaterThan(0);
    expect(tally.passed).toBeGreaterThan(tally.none);
  });
});
