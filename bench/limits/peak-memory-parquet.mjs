import { contest } from "../lib/spawn.mjs";

/**
 * Peak memory of converting a file to Parquet, including Node; the second file shows that the size of the input does
 * not matter.
 */
export default ({ file, large }) =>
  [file, large]
    .filter((one) => one !== undefined)
    .map(({ mib, path }) => ({
      name: `peak memory to Parquet, ${mib} MiB`,
      value: contest("parquet", "ours", path).peakMb,
      below: 200,
      unit: "MB",
    }));
