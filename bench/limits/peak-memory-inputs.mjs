import { csvLog } from "../lib/generate.mjs";
import { PACKED } from "../lib/pack.mjs";
import { contest } from "../lib/spawn.mjs";

/** Each way in at its peak, Node itself included, on the file that shows that the size of the input does not matter. */
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
