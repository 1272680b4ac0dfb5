import fc from "fast-check";
import { compare, monitors, steps } from "./support/model-world";

const SEED = Number(process.env.LOGS_SEED ?? 16);

describe("what is told", () => {
  it.each([1, 3])(
    "is what the model says, with %i instances",
    async (instances) => {
      await fc.assert(
        fc.asyncProperty(monitors, steps, async (one, run) => {
          const { got, expected } = await compare(one, run, instances);
          expect(got).toEqual(expected);
        }),
        { seed: SEED, numRuns: 40 },
      );
    },
    60_000,
  );

  it("is what the model says where groups are more than may be open", async () => {
    await fc.assert(
      fc.asyncProperty(monitors, steps, async (one, run) => {
        const { got, expected } = await compare({ ...one, threshold: undefined, maxGroups: 2 }, run, 1);
        expect(got).toEqual(expected);
      }),
      { seed: SEED, numRuns: 40 },
    );
  }, 60_000);
});
