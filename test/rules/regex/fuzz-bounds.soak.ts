import { families, peakOfFamilies, randomPatterns } from "./bounds";

/** See `bounds.test.ts`. */
const MOST_NS = 2000;
/** All states of all automata take 16 MiB, and the ends of groups as much; the runtime itself takes 45 MB. */
const MOST_MB = 200;

it("takes time that is bounded by the length of the pattern times that of the text", () => {
  const rows = new Map<string, { searches: number; ms: number; nsEach: number }>();
  const searches = [
    families([5, 20, 60, 200, 500], [1_000, 10_000, 100_000]),
    randomPatterns(20_000, 20_000, Date.now()),
  ];
  for (const search of searches) {
    for (const { steps, length, ms, nsEach } of search) {
      if (steps * length < 100_000) continue;
      const key = `${10 ** Math.floor(Math.log10(steps))} steps or more x ${length} characters`;
      const row = rows.get(key) ?? { searches: 0, ms: 0, nsEach: 0 };
      rows.set(key, {
        searches: row.searches + 1,
        ms: Math.max(row.ms, ms),
        nsEach: Math.max(row.nsEach, nsEach),
      });
    }
  }
  console.table(Object.fromEntries(rows));
  expect(Math.max(...[...rows.values()].map(({ nsEach }) => nsEach))).toBeLessThan(MOST_NS);
});

it("takes memory that is bounded, whatever both lengths", () => {
  const sizes = [5, 60, 500];
  const lengths = [1_000, 10_000, 100_000];
  const rows = sizes.map((size) => lengths.map((length) => Math.round(peakOfFamilies(size, length))));
  console.log("peak memory in MB, families of a size by characters");
  console.table(
    Object.fromEntries(
      rows.map((row, at) => [sizes[at], Object.fromEntries(row.map((peak, column) => [lengths[column], peak]))]),
    ),
  );
  expect(Math.max(...rows.flat())).toBeLessThan(MOST_MB);
});
