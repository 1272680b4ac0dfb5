import { type Handler, type Input, type Kill, KILLS, runKills } from "./support/kills";

jest.setTimeout(120_000);

/** Each kill once, and two of them where all records have arrived. */
const INPUTS: readonly Input[] = [
  ...(Object.keys(KILLS) as Kill[]).map((kill) => ({ kill, step: "first" }) as const),
  { kill: "exit", step: "end" },
  { kill: "timer", step: "end" },
];

describe.each<Handler>(["batch", "stream"])("user code that kills the process of a %s", (handler) => {
  it("loses nothing in silence: what did not arrive is listed and told, and a replay delivers it, in COS once", async () => {
    const startedAt = Date.now();
    const counts = await runKills(handler, INPUTS, 1);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.info(`kills of a ${handler}: ${JSON.stringify(counts)}, ${seconds} s (npm run soak tries more)`);
    expect(counts.lost).toBeGreaterThan(0);
    expect(counts).toMatchObject({ listed: counts.lost, told: counts.lost });
  });
});
