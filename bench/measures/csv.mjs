import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { readWithOurs } from "../lib/ours.mjs";
import { CSV } from "../lib/pack.mjs";

const CONTENT = { type: "csv", header: true, delimiter: ",", quote: '"' };

export const logs = Object.keys(CSV);

/**
 * Parses each row to an object, as a stream. Most rows of the access log have a quoted value, those of the plain log
 * have none.
 */
export default (log) => ({
  name: `CSV, ${log}`,
  file: CSV[log],
  judgesCpu: true,
  ours: (path) => () => readWithOurs(path, "json", makeAll, CONTENT),
  rivals: [
    { name: "csv-parse", atLeast: 3, open: csvParse },
    { name: "papaparse", atLeast: 2, open: papaparse },
  ],
});

function makeAll(batch) {
  for (const { fields } of batch) if (!fields) throw new Error("a record must have fields");
}

async function csvParse(path) {
  const { parse } = await import("csv-parse");
  return () => countRecords(path, parse({ columns: true }));
}

function papaparse(path) {
  const Papa = createRequire(import.meta.url)("papaparse");
  return () => countRecords(path, Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }));
}

/**
 * Number of objects that a transform creates from the file. Users of it listen to `data`, which is faster than
 * iterating.
 */
function countRecords(path, parser) {
  return new Promise((resolve, reject) => {
    let records = 0;
    createReadStream(path, { highWaterMark: 512 * 1024 })
      .pipe(parser)
      .on("data", (record) => {
        if (record) records++;
      })
      .on("error", reject)
      .on("end", () => resolve(`${records} records`));
  });
}
