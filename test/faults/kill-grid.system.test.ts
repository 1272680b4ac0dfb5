import { type Handler, type Input, type Kill, KILLS, runKills } from "./support/kills";

jest.setTimeout(120_000);

const SEED = Number(process.env.LOGS_SEED ?? 17);

/** Each kill once, of the one handler or of the other as the seed says; and one where all records have arrived. */
function inputsOf(handler: Handler): readonly Input[] {
  const turn = (SEED + (handler === "batch" ? 0 : 1)) % 2;
  const kills = (Object.keys(KILLS) as Kill[]).filter((_, index) => index % 2 === turn);
  return [
    ...kills.map((kill) => ({ kill, step: "first" }) as const),
    { kill: turn === 0 ? "exit" : "timer", step: "end" },
  ];
}

describe.each<Handler>(["batch", "stream"])("user code that kills the process of a %s", (handler) => {
  it("loses nothing in silence: what did not arrive is listed and told, and a replay delivers it, in COS once", async () => {
    const startedAt = Date.now();
    const counts = await runKills(handler, inputsOf(handler), 1);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.info(
      `kills of a ${handler}: ${JSON.stringify(counts)}, ${seconds} s (npm run soak tries more; LOGS_SEED=${SEED})`,
    );
    expect(counts.lost).toBeGreaterThan(0);
    expect(counts).toMatchObject({ listed: counts.lost, told: counts.lost });
  });
});
