import { LOGS } from "../lib/generate.mjs";
import { missingBefore, openBefore } from "../lib/before.mjs";
import { readWithOurs } from "../lib/ours.mjs";

/** For each log: a field to count by, a field to sum, and the required ratio to the earlier version. */
const FIELDS = {
  access: ["status", "body_bytes_sent", 1.4],
  mixed: ["level", "ms", 2.5],
  nested: ["level", "attempt", 2],
  short: ["level", "n", 1.4],
};

export const logs = Object.keys(LOGS);

/** Two fields of each record: a count by one, the sum of the other. */
export default (log) => {
  const [by, of, atLeast] = FIELDS[log];
  return {
    name: `two fields, ${log}`,
    file: LOGS[log],
    judgesCpu: true,
    ours: (path) => () => {
      const sums = new Sums();
      const take = (batch) => batch.forEach((record) => sums.add(record.get(by), record.get(of)));
      return readWithOurs(path, "json", take).then(() => sums.text);
    },
    rivals: [
      { name: "our code before", atLeast, missing: missingBefore(), open: before },
      { name: "DuckDB, one thread", open: (path) => duckdb(path, 1) },
      { name: "DuckDB, two threads", open: (path) => duckdb(path, 2) },
    ],
  };

  async function before(path) {
    const read = await openBefore();
    return async () => {
      const sums = new Sums();
      await read(path, "json", (batch) => batch.forEach(({ fields }) => sums.add(fields[by], fields[of])));
      return sums.text;
    };
  }

  async function duckdb(path, threads) {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
    const connection = await instance.connect();
    // The columns are specified, so that DuckDB need not detect them.
    const columns = `columns = {"${by}": 'VARCHAR', "${of}": 'VARCHAR'}`;
    const lines = `read_json('${path}', format = 'newline_delimited', ${columns})`;
    return async () => {
      const query = `select "${by}", count(*), sum("${of}"::bigint) from ${lines} group by "${by}"`;
      const rows = (await connection.runAndReadAll(query)).getRows();
      return `${rows.length} groups, ${rows.reduce((sum, row) => sum + Number(row[2] ?? 0), 0)}`;
    };
  }
};

class Sums {
  #byValue = new Map();
  #sum = 0;

  add(value, number) {
    const key = value ?? null;
    this.#byValue.set(key, (this.#byValue.get(key) ?? 0) + 1);
    if (number !== undefined) this.#sum += Number(number);
  }

  get text() {
    return `${this.#byValue.size} groups, ${this.#sum}`;
  }
}
