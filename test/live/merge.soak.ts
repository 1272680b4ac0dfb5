import { expectPromises, WEATHERS } from "../cli/tail/support/promises";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.LOGS_RUNS ?? 5_000);

it.each(Object.entries(WEATHERS))(`the merge keeps its promises in ${RUNS} lives, where %s`, (_, weather) => {
  for (let run = 0; run < RUNS; run++) expectPromises(SEED + run, weather, run % 2 === 0 ? 0 : 300);
});
