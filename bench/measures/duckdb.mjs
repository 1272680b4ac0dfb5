import { DuckDBInstance } from "@duckdb/node-api";

/** The columns are named, so that DuckDB need not look for them. */
const COLUMNS = "columns = {status: 'VARCHAR', body_bytes_sent: 'VARCHAR'}";

/** Two fields of each record: a count by one, the sum of the other. */
const twoFields = (threads) => async (path) => {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  return async () => {
    const lines = `read_json('${path}', format = 'newline_delimited', ${COLUMNS})`;
    const reader = await connection.runAndReadAll(
      `select status, count(*), sum(body_bytes_sent::bigint) from ${lines} group by status`,
    );
    const rows = reader.getRows();
    return `${rows.length} statuses, ${rows.reduce((sum, row) => sum + Number(row[2]), 0)} bytes`;
  };
};

export const twoFieldsOneThread = twoFields(1);
export const twoFieldsTwoThreads = twoFields(2);
