import { Demand } from "../../../../functions/parser/scan/demand";
import { ALL, MEMBERS, PROVE } from "../../../../functions/parser/scan/tape";

/**
 * Scans whose records are in one batch of 256 KiB if their lines are long: four of 64 KiB, or more where chunks end. The
 * batch is read when all of them have run.
 */
const SCANS_PER_BATCH = 6;
const RECORDS_PER_BATCH = 250;
const SCANS = 200;

/** What each scan finds, with so many lines each, if one record in some is read as a whole; without the first batches. */
function modesOf(lines: number, recordsPerWhole: number): Set<number> {
  const demand = new Demand();
  const batch = Math.min(RECORDS_PER_BATCH, SCANS_PER_BATCH * lines);
  const modes: number[] = [];
  let read = 0;
  for (let scanned = lines; modes.length < SCANS; scanned += lines) {
    modes.push(demand.next(lines));
    for (; read + batch <= scanned; read += batch)
      for (let record = read; record < read + batch; record++) if (record % recordsPerWhole === 0) demand.askWhole();
  }
  return new Set(modes.slice(2 * SCANS_PER_BATCH));
}

describe("what a scan finds", () => {
  it.each([1, 7, 52, 170, 249, 1300])(
    "is everything if all records are read as a whole, with %i lines a scan",
    (lines) => {
      expect(modesOf(lines, 1)).toEqual(new Set([ALL]));
    },
  );

  it.each([7, 52, 170, 249, 1300])(
    "is members if one record in 40 is read as a whole, with %i lines a scan",
    (lines) => {
      expect(modesOf(lines, 40)).toEqual(new Set([MEMBERS]));
    },
  );

  it("is nothing after some scans that nobody asked for", () => {
    const demand = new Demand();
    demand.askWhole();
    const modes = Array.from({ length: 40 }, () => demand.next(100));

    expect(modes.at(-1)).toBe(PROVE);
  });
});
