import fc from "fast-check";
import { HAPPENINGS, readThrough } from "../functions/support/topic-chaos";

/** A run that failed tells its seed. */
const SEED = process.env.LOGS_SEED === undefined ? {} : { seed: Number(process.env.LOGS_SEED) };

test("reads a topic through whatever happens to it, for a long time", async () => {
  await fc.assert(fc.asyncProperty(HAPPENINGS, readThrough), {
    numRuns: Number(process.env.LOGS_RUNS ?? 300),
    ...SEED,
  });
});
