import { randomLog } from "../lib/generate.mjs";
import { peakOf } from "../lib/spawn.mjs";

const MIB = 512;

/**
 * The function at its peak while it writes Parquet of texts that no packing makes smaller, by the size of row groups: below what
 * `lib/outputs/output.ts` wants a function to have.
 */
export default async () => {
  const { path } = await randomLog(MIB);
  return [4, 16, 64].map((group) => ({
    name: `peak memory to Parquet, row groups of ${group} MiB, random texts`,
    value: peakOf(`parquet-${group}`, path),
    below: 128 * Math.ceil((128 + 8 * group) / 128),
    unit: "MB",
  }));
};
