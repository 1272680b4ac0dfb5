import fc from "fast-check";
import { compare, monitors, steps } from "./support/model-world";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.LOGS_RUNS ?? 4_000);

describe("what is told, for long", () => {
  it.each([
    [1, 1000],
    [1, 2],
    [4, 1000],
  ])("is what the model says, with %i instances and at most %i groups", async (instances, maxGroups) => {
    await fc.assert(
      fc.asyncProperty(monitors, steps, async (one, run) => {
        // Which of several groups that cross a threshold in one sweep are others, nobody says.
        const changes = maxGroups < 1000 ? { maxGroups, threshold: undefined } : { maxGroups };
        const { got, expected } = await compare({ ...one, ...changes }, run, instances);
        expect(got).toEqual(expected);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    console.info(`${RUNS} random runs as the model says, ${instances} instances (LOGS_SEED=${SEED})`);
  });
});
