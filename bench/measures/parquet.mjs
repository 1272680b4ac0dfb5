import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeParquet } from "../lib/parquet.mjs";

const DUCKDB = fileURLToPath(new URL("../node_modules/@duckdb/node-api", import.meta.url));

async function openDuckDb(path) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const folder = mkdtempSync(join(tmpdir(), "cdktf-tencent-logs-bench-parquet-"));
  const file = join(folder, "all.parquet");
  return async () => {
    const lines = `read_json('${path}', format = 'newline_delimited', compression = 'gzip')`;
    await connection.run(`copy (select * from ${lines}) to '${file}' (format parquet, compression snappy)`);
    const read = await connection.runAndReadAll(`select num_rows::int from parquet_file_metadata('${file}')`);
    rmSync(folder, { recursive: true });
    return `${read.getRows()[0][0]} records`;
  };
}

/** Converts gzip JSON lines to Parquet files, compressed with snappy. */
export default {
  name: "gzip JSON lines to Parquet",
  ours: (path) => () => writeParquet(path),
  rivals: [
    {
      name: "DuckDB COPY, one thread",
      missing: existsSync(DUCKDB) ? undefined : "@duckdb/node-api is not installed",
      // Reported without a limit; the aim is half of its speed.
      open: openDuckDb,
    },
  ],
};
