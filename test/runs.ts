/**
 * How much of what holds for every input is tried: a sample by a seed in `npm test`, all of it, and many times as much of what is
 * random, in `npm run soak` (test/soak/properties.soak.ts). `LOGS_RUNS` says how many times as much, `LOGS_SEED` repeats a run.
 */
import { seeded } from "./faults/support/random";

export const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

const TIMES = process.env.LOGS_RUNS === undefined ? undefined : Number(process.env.LOGS_RUNS);
const random = seeded(SEED);

/** Runs of a property. @param few those of `npm test` */
export function runs(few: number): number {
  return few * (TIMES ?? 1);
}

/** Some of a list, in its order; all of it in a soak. */
export function sample<One>(all: readonly One[], count: number): readonly One[] {
  if (TIMES !== undefined || count >= all.length) return all;
  const left = all.map((_, at) => at);
  const chosen = Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
  return chosen.sort((one, other) => one - other).map((at) => all[at]);
}

/** What a test says of how much it tried. */
export function told(what: string): string {
  return `${what} (npm run soak tries more; LOGS_SEED=${SEED})`;
}
