import { execFileSync } from "node:child_process";
import { openFunction } from "../lib/function.mjs";
import { mixedLog } from "../lib/generate.mjs";

/**
 * The built function reads mixed lines from COS on loopback, validates and counts them, compared with tools that run on
 * the local file. With `--size 1024`, this is the README's figure.
 */
export default {
  name: "count from COS, mixed",
  file: mixedLog,
  judgesCpu: true,
  ours: async (path) => {
    const run = await openFunction("ours", path, {
      processor: { type: "count", check: "json" },
      outputs: {},
      files: {},
    });
    return async () => `${/(\d+) records/.exec(await run())[1]} lines`;
  },
  rivals: [
    { name: "zcat | wc -l", open: (path) => () => zcat(path) },
    { name: "DuckDB, one thread", open: duckdb },
  ],
};

/** The shell prints the times of its child processes on its last line: `0m1.234s 0m0.056s`. */
function zcat(path) {
  const startedAt = performance.now();
  const told = execFileSync("bash", ["-c", 'zcat "$0" | wc -l; times', path], { encoding: "utf8" });
  const ms = performance.now() - startedAt;
  const [count, , children] = told.trim().split("\n");
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => minutes * 60 + Number(rest));
  return { ms, cpuMs: (seconds[0] + seconds[1]) * 1000, result: `${Number(count)} lines` };
}

async function duckdb(path) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  // With only a count, it would not read the lines.
  const query = `select count(*), count(level) from read_json('${path}', format = 'newline_delimited', columns = {level: 'VARCHAR'})`;
  return async () => `${Number((await connection.runAndReadAll(query)).getRows()[0][0])} lines`;
}
