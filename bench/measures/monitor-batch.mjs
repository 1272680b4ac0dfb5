import { spawnSync } from "node:child_process";
import { deliveredBatches } from "../lib/generate-batches.mjs";
import { inPython, onlyScanned, ours, parseTwice } from "../lib/monitor.mjs";

/** By the share of matching logs: one of how many, and the required ratio to parsing everything. */
const SHARES = {
  none: { every: Infinity, atLeast: 8 },
  rare: { every: 10_000, atLeast: 5, python: 12 },
  hundredth: { every: 100, atLeast: 1.5 },
};
export const logs = Object.keys(SHARES);

const CONDITIONS = [
  [
    ["status", /^59\d$/],
    ["uri", /OutOfMemory/],
  ],
];

const lacksPython = spawnSync("python3", ["--version"]).status === 0 ? undefined : "no python3";

/** Delivered and unpacked batches, with a monitor on two fields. */
export default (share) => {
  const { every, atLeast, python } = SHARES[share];
  return {
    name: `a monitor, ${every === Infinity ? "no match" : `1 match in ${every.toLocaleString("en")}`}`,
    file: deliveredBatches(every),
    judgesCpu: true,
    ours: ours(CONDITIONS),
    rivals: [
      { name: "JSON.parse twice + RegExp", atLeast, open: parseTwice(CONDITIONS) },
      ...(python
        ? [{ name: "Python, json + re", atLeast: python, missing: lacksPython, open: inPython(CONDITIONS) }]
        : []),
      { name: "bytes scanned for one letter", open: onlyScanned(CONDITIONS) },
    ],
  };
};
