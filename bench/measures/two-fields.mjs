import { readWithOurs } from "../lib/ours.mjs";

/** Two fields of each record: a count by one, the sum of the other. */
export default {
  name: "two fields",
  ours: (path) => async () => {
    const byStatus = new Map();
    let sum = 0;
    await readWithOurs(path, "json", (batch) => {
      for (const { fields } of batch) {
        byStatus.set(fields.status, (byStatus.get(fields.status) ?? 0) + 1);
        sum += Number(fields.body_bytes_sent);
      }
    });
    return `${byStatus.size} statuses, ${sum} bytes`;
  },
  rivals: [
    { name: "DuckDB, one thread", open: (path) => duckdb(path, 1) },
    { name: "DuckDB, two threads", open: (path) => duckdb(path, 2) },
  ],
};

async function duckdb(path, threads) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  // The columns are named, so that DuckDB need not look for them.
  const columns = "columns = {status: 'VARCHAR', body_bytes_sent: 'VARCHAR'}";
  const lines = `read_json('${path}', format = 'newline_delimited', ${columns})`;
  return async () => {
    const reader = await connection.runAndReadAll(
      `select status, count(*), sum(body_bytes_sent::bigint) from ${lines} group by status`,
    );
    const rows = reader.getRows();
    return `${rows.length} statuses, ${rows.reduce((sum, row) => sum + Number(row[2]), 0)} bytes`;
  };
}
