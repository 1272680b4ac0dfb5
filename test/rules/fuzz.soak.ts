import { fuzz } from "./fuzz";

/** How many texts are tried: ten million unless FUZZ_COUNT says otherwise. */
const COUNT = Number(process.env.FUZZ_COUNT ?? 10_000_000);
const ROUND = 100_000;

it("no rule text and no query crashes or hangs the reader", () => {
  let worst = { ms: 0, text: "" };
  for (let tried = 0; tried < COUNT; tried += ROUND) {
    const { slowest } = fuzz(Math.min(ROUND, COUNT - tried), 1 + tried / ROUND);
    if (slowest.ms > worst.ms) worst = slowest;
    process.stdout.write(`${Math.min(COUNT, tried + ROUND)} tried, the slowest took ${worst.ms.toFixed(0)} ms\n`);
  }
  expect(worst.ms).toBeLessThan(2000);
});
