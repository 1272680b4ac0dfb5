import { expectNoneInSilence, expectPromises, WEATHERS } from "./support/promises";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.LOGS_RUNS ?? 20);

describe.each(Object.entries(WEATHERS))("the merge, where %s", (_, weather) => {
  it.each([0, 300])("shows each line once, in its instance's order, with a window of %d ms", (windowMs) => {
    for (let run = 0; run < RUNS; run++) expectPromises(SEED + run, weather, windowMs);
  });

  it("lets none of several lines that read alike go in silence", () => {
    for (let run = 0; run < RUNS; run++) expectNoneInSilence(SEED + run, weather);
  });
});
