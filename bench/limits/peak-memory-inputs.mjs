import { csvLog } from "../lib/generate.mjs";
import { PACKED } from "../lib/pack.mjs";
import { contest } from "../lib/spawn.mjs";

/** Peak memory of each kind of input, including Node, on a file large enough to show that the size does not matter. */
const WAYS = {
  CSV: ["csv@access", csvLog],
  "a list of JSON": ["json-list@access"],
  zstd: ["unpack@zstd", PACKED.zstd],
  "snappy, framed": ["unpack@snappy, framed", PACKED["snappy, framed"]],
  GBK: ["gbk", PACKED.gbk],
};

export default async ({ large }) => {
  const limits = [];
  for (const [name, [measure, file]] of Object.entries(large ? WAYS : {})) {
    const { path } = (await file?.(large.mib)) ?? large;
    const value = contest(measure, "ours", path).peakMb;
    limits.push({ name: `peak memory of ${name}, ${large.mib} MiB`, value, below: 200, unit: "MB" });
  }
  return limits;
};
