import { FUNCTIONS } from "../../rules/functions";
import { largeCalls, swept, type Swept } from "./sweep";

const CALLS = 6;
const SEED = 20261129;
/** Milliseconds of CPU that one call may take. */
const MOST_MS = 30_000;
/** The heap of 256 MB, and what stands beside it: the runtime, and bytes. */
const MOST_MB = 500;

const available = [...FUNCTIONS].filter(([name, definition]) => !("refused" in definition) && !name.startsWith("res_"));

let slowest: Swept | undefined;
let largest: Swept | undefined;
let count = 0;

it.each(available)("%s takes texts, lists and dicts as large as they may be", async (name, definition) => {
  const all = await swept(largeCalls(name, definition, CALLS, SEED));
  count += all.length;
  for (const one of all) {
    if (one.ms > (slowest?.ms ?? 0)) slowest = one;
    if (one.mb > (largest?.mb ?? 0)) largest = one;
  }
  // A fault of ours comes under its class's name, and so does a process that ended.
  const faults = all.filter(({ told }) => /^(?:CRASHED|HANGS|THROWN|TOO LONG)|^line \d+: \w*Error: /.test(told));
  expect(faults).toEqual([]);
  expect(all.filter(({ ms, mb }) => ms > MOST_MS || mb > MOST_MB)).toEqual([]);
});

afterAll(() => console.log(`${count} calls; the slowest and the largest:`, slowest, largest));
