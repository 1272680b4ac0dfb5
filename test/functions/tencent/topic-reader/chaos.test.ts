import fc from "fast-check";
import { HAPPENINGS, readThrough } from "../../support/topic-chaos";

/** A run that failed tells its seed. */
const SEED = process.env.LOGS_SEED === undefined ? {} : { seed: Number(process.env.LOGS_SEED) };

test("brings each log exactly once, and those of a partition in order, through uploads, splits, merges, faults and restarts", async () => {
  await fc.assert(fc.asyncProperty(HAPPENINGS, readThrough), { numRuns: 6, ...SEED });
}, 120_000);
