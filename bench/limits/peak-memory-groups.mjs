import { randomLog } from "../lib/generate.mjs";
import { peakOf } from "../lib/spawn.mjs";

const MIB = 512;

/**
 * Peak memory of the function while it writes Parquet with incompressible texts, by row group size: below the function
 * memory that `lib/outputs/output.ts` requires.
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
