import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The settings that `LogFormat.parquet` passes to the handler, with one partition. */
export const PARQUET = {
  type: "parquet",
  partitionBy: "dt=%Y",
  timeField: "__TIMESTAMP__",
  utcOffset: "+00:00",
  rowGroupMb: 16,
  compression: "snappy",
};

/** Bytes of the input in one file of a partition, as by default. */
const PART_BYTES = 64 * 1024 * 1024;

function addCopied(files, raw) {
  return files.add(raw, 0, raw.length, false);
}

/** Reads a gzip file with our parser, like the handler, and converts it to Parquet; the files are discarded. */
export async function writeParquet(path) {
  const [{ decompress }, { parse }] = ["decompress", "parse"].map((name) =>
    require(`../../dist/functions/parser/${name}.js`),
  );
  const { openParquet } = require("../../dist/parts/out-parquet.js");
  const files = openParquet(PARQUET, path);
  const counts = { lines: 0, records: 0, invalid: 0 };
  const options = { object: path, check: "json", maxLineBytes: 1024 * 1024 };
  let written = 0;
  let stretch = 0;
  const take = (done) => {
    for (const { records } of done) written += records;
  };
  for await (const { records } of parse(decompress(createReadStream(path)), options, counts)) {
    for (const record of records) {
      const next = Math.floor(record.place.byte / PART_BYTES);
      if (next !== stretch) take(files.end());
      stretch = next;
      const { provenIn } = record;
      // A line that spans two chunks is separate, and not marked as validated.
      take(
        provenIn ? files.add(provenIn, record.start, record.end, true, record.members) : addCopied(files, record.raw),
      );
    }
  }
  take(files.end());
  return `${written} records`;
}
