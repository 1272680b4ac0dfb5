import { writeFileSync } from "node:fs";
import { Fuzzer } from "./fuzzer";
import { readSeeds, SEEDS, textOfSeeds } from "./seeds";
import { openCountingScanner } from "./states";

/** How long it looks, unless LOGS_FUZZ_MINUTES says otherwise. */
const MINUTES = Number(process.env.LOGS_FUZZ_MINUTES ?? 5);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const ROUND = 20_000;

/** Set to write what was kept over the seeds, from which the next run starts. */
const KEEPS_SEEDS = process.env.LOGS_KEEP_SEEDS === "1";

it("no input that its states lead to makes the scanner tell another thing than JSON.parse", () => {
  const target = openCountingScanner();
  const fuzzer = new Fuzzer(target, SEED);
  for (const seed of readSeeds()) fuzzer.try(seed);
  const before = fuzzer.states;
  for (const end = Date.now() + MINUTES * 60_000; Date.now() < end;) {
    fuzzer.run(ROUND);
    const { tried, states, tally } = fuzzer;
    process.stdout.write(`${tried} tried, ${tally.lines} lines, ${tally.proven} proven, ${states} states\n`);
    if (KEEPS_SEEDS) writeFileSync(SEEDS, textOfSeeds(fuzzer.seeds));
  }
  const { tried, states, seeds } = fuzzer;
  console.log(
    `${tried} inputs, ${states} states of ${target.branches} branches, ${before} of them of the seeds; ` +
      `${seeds.length} inputs bring them all (LOGS_SEED=${SEED})`,
  );
  expect(states).toBeGreaterThan(0);
});
