import { killCatchUps, type Work } from "../faults/support/killed-catch-ups";
import { removeDeployed } from "../functions/support/deployed";

afterEach(removeDeployed);

it.each<Work>(["sweep", "redrive", "batch", "continuation"])(
  "a catch-up that is killed at each of its requests is made up for by the next ones, in COS once: %s",
  async (work) => {
    const kills = await killCatchUps(work, 1);
    console.info(`${kills} kills of a ${work}`);
    expect(kills).toBeGreaterThan(20);
  },
);
