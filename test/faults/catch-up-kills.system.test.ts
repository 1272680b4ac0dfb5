import { removeDeployed } from "../functions/support/deployed";
import { killCatchUps, type Work } from "./support/killed-catch-ups";

jest.setTimeout(180_000);
afterEach(removeDeployed);

const SEED = Number(process.env.LOGS_SEED ?? 5);

describe("a catch-up that is killed at one of its requests", () => {
  it.each<[Work, number]>([
    ["sweep", 9],
    ["redrive", 9],
    ["batch", 9],
    ["continuation", 13],
  ])("is made up for by the next ones, in COS once: %s", async (work, step) => {
    const kills = await killCatchUps(work, step, SEED % step);
    console.info(`${kills} kills of a ${work} (npm run soak has one at each request; LOGS_SEED=${SEED})`);
    expect(kills).toBeGreaterThan(1);
  });
});
