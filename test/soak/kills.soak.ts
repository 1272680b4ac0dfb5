import { type Handler, type Kill, KILLS, runKills, STEPS } from "../faults/support/kills";

describe.each<Handler>(["batch", "stream"])("a %s", (handler) => {
  it.each(STEPS)("killed at %s in every way loses nothing in silence", async (step) => {
    const startedAt = Date.now();
    const counts = await runKills(
      handler,
      (Object.keys(KILLS) as Kill[]).map((kill) => ({ kill, step })),
    );
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.info(`kills of a ${handler} at ${step}: ${JSON.stringify(counts)}, ${seconds} s`);
    expect(counts).toMatchObject({ listed: counts.lost, told: counts.lost });
  });
});
