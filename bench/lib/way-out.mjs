/**
 * The built handler, which reads a file from COS on loopback and writes each record to one kind of output: `node
 * way-out.mjs KIND FILE` prints its peak memory, including Node, as `{ result, peakMb }`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openFunction, TO_CLS, TO_COS } from "./function.mjs";
import { PARQUET } from "./parquet.mjs";

const [kind, path] = process.argv.slice(2);
const SERVER = { urlSecret: "LOGS_SECRET_URL" };
const WAYS = {
  cos: { output: TO_COS.main },
  parquet: toParquet(PARQUET, 64),
  // Files as large as the row groups allow.
  "parquet-4": toParquet({ ...PARQUET, rowGroupMb: 4 }, 256),
  "parquet-16": toParquet({ ...PARQUET, rowGroupMb: 16 }, 256),
  "parquet-64": toParquet({ ...PARQUET, rowGroupMb: 64 }, 256),
  cls: { output: TO_CLS.main },
  elasticsearch: {
    output: { type: "elasticsearch", ...SERVER, index: "logs-%Y.%m.%d" },
    parts: ["out-elasticsearch.js"],
  },
  "otlp-protobuf": { output: { type: "otlp", ...SERVER, encoding: "protobuf" }, parts: ["out-otlp.js"] },
  "otlp-json": { output: { type: "otlp", ...SERVER, encoding: "json" }, parts: ["out-otlp.js"] },
};

const { output, parts = [] } = WAYS[kind];
const run = await openFunction("ours", path, {
  processor: { type: "count", check: "json" },
  outputs: { main: output },
  files: Object.fromEntries(parts.map((name) => [name, partNamed(name)])),
});
process.env.LOGS_SECRET_URL = process.env.COS_ENDPOINT;
const result = await run();
console.log(JSON.stringify({ result, peakMb: process.resourceUsage().maxRSS / 1024 }));

function toParquet(format, partMib) {
  return { output: { ...TO_COS.main, maxPartBytes: partMib * 2 ** 20, format }, parts: ["out-parquet.js"] };
}

function partNamed(name) {
  return readFileSync(fileURLToPath(new URL(`../../dist/parts/${name}`, import.meta.url)));
}
