import { contest } from "../lib/spawn.mjs";

/** Peak memory of a full parse, including Node; the second file shows that the size of the input does not matter. */
export default ({ file, large }) =>
  [file, large]
    .filter((one) => one !== undefined)
    .map(({ mib, path }) => ({
      name: `peak memory, ${mib} MiB`,
      value: contest("full-parse@access", "ours", path).peakMb,
      below: 150,
      unit: "MB",
    }));
