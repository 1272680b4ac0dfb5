/**
 * `npm run test:parquet`: what `LogFormat.parquet` writes, read by DuckDB and by pyarrow: the same rows, the same types, and a
 * query over partitions. Exit status 1 where they read something else, 3 where one of them is not to be had.
 */
import { deepStrictEqual } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type App, Testing } from "cdktf";
import { runPipeline } from "cdktf-tencent-logs/testing";
import { lines } from "../../examples/parquet-lake/log";
import { parquetLake } from "../../examples/parquet-lake/stack";
import { loadParquetPart, loadParquetZstdPart } from "../../functions/outputs/parquet-part";
import type { ParquetSettings } from "../../functions/settings";
import { NotRunError } from "../deploy/not-run";
import { runToSuccess } from "../deploy/process";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { pythonWith } from "./python";

const ROOT = join(__dirname, "../..");
const RECORDS = 10_000;
const DAY = "2026-08-20";

const SETTINGS = {
  schema: {
    t: "timestamp",
    n: "int64",
    big: "int64",
    part: "double",
    is: "boolean",
    text: "string",
    inner: "json",
  },
  partitionBy: "dt=%Y-%m-%d/hour=%H",
  timeField: "t",
  utcOffset: "+00:00",
  rowGroupMb: 1,
} as const satisfies Partial<ParquetSettings>;

/** A record, and what is to be read of it. */
function recordOf(n: number) {
  const ms = Date.UTC(2026, 7, 19, 20) + n * 3000;
  const hasTime = n % 100 !== 0;
  const big = 9007199254740993n + BigInt(n);
  const part = n % 3 === 0 ? null : n / 8;
  const text = n % 5 === 0 ? `one of few ${n % 3}` : `line ${n}\n中 😀`;
  const inner = `{"id": ${n}, "list": [1.0, null]}`;
  const wrong = n % 50 === 1 ? '"three"' : "true";
  const fields = [
    ...(hasTime ? [`"t":${ms}`] : []),
    `"n":${n}`,
    `"big":${big}`,
    ...(part === null ? [] : [`"part":${part}`]),
    `"is":${wrong}`,
    `"text":${JSON.stringify(text)}`,
    `"inner":${inner}`,
    ...(n % 70 === 0 ? ['"more":1.50'] : []),
  ];
  const rest = [...(wrong === "true" ? [] : ['"is":"three"']), ...(n % 70 === 0 ? ['"more":1.50'] : [])];
  const read = {
    t: hasTime ? ms : null,
    n,
    big: String(big),
    part,
    is: wrong === "true" ? true : null,
    text,
    inner,
    rest: rest.length > 0 ? `{${rest.join(",")}}` : null,
  };
  return {
    line: Buffer.from(`{${fields.join(",")}}`),
    read,
    isOfDay: hasTime && new Date(ms).toISOString().startsWith(DAY),
  };
}

const ALL = Array.from({ length: RECORDS }, (_, n) => recordOf(n));
const OF_DAY = ALL.filter(({ isOfDay }) => isOfDay).length;

async function write(folder: string, compression: ParquetSettings["compression"]): Promise<void> {
  const parts = join(ROOT, "dist/parts");
  const zstd = compression === "zstd" ? await loadParquetZstdPart(parts).openZstd() : undefined;
  const files = loadParquetPart(parts).openParquet({ ...SETTINGS, compression }, "cos://logs/a.gz", zstd);
  const full = ALL.flatMap(({ line }) => files.add(line, 0, line.length, true));
  for (const { partition, number, body } of [...full, ...files.end()]) {
    const path = join(folder, partition, `a-${number}.parquet`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }
}

async function openDuckDb() {
  const module = join(ROOT, "bench/node_modules/@duckdb/node-api");
  if (!existsSync(module)) throw new NotRunError("no DuckDB. To run these tests, npm install --prefix bench");
  const { DuckDBInstance } = createRequire(__filename)(module) as typeof import("./duckdb");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJson();
}

async function byDuckDb(folder: string): Promise<void> {
  const ask = await openDuckDb();
  const files = `read_parquet('${folder}/**/*.parquet', hive_partitioning = true)`;
  const columns = `epoch_ms(t) as t, n::int as n, big::varchar as big, part, "is", text, "inner"::varchar as "inner", _rest::varchar as rest`;
  const rows = await ask(`select ${columns} from ${files} order by n`);
  const read = rows.map(({ t, ...row }) => ({ t: t === null ? null : Number(t), ...row }));
  deepStrictEqual(
    read,
    ALL.map(({ read: row }) => row),
  );
  const types = await ask(`select column_name as name, column_type as type from (describe select * from ${files})`);
  deepStrictEqual(Object.fromEntries(types.map(({ name, type }) => [name, type])), {
    t: "TIMESTAMP WITH TIME ZONE",
    n: "BIGINT",
    big: "BIGINT",
    part: "DOUBLE",
    is: "BOOLEAN",
    text: "VARCHAR",
    inner: "JSON",
    _rest: "JSON",
    dt: "VARCHAR",
    hour: "VARCHAR",
  });
  const [{ count }] = await ask(`select count(*)::int as count from ${files} where dt = '${DAY}'`);
  deepStrictEqual(count, OF_DAY);
}

/** The queries of the example's README, on what the example makes of its log. */
async function byQueriesOfExample(folder: string): Promise<void> {
  const { objects } = await runPipeline(parquetLake(Testing.app() as App), {
    objects: { "2026/01/15/a.gz": [...lines()].join("\n") },
  });
  for (const [key, bytes] of Object.entries(objects.lake)) {
    const file = join(folder, "access", key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  const readme = readFileSync(join(ROOT, "examples/parquet-lake/README.md"), "utf8");
  const [, queries = ""] = /```sql\n([^]*?)```/.exec(readme) ?? [];
  const ask = await openDuckDb();
  const answers = [];
  for (const query of queries.split(";")) {
    if (query.trim() !== "") answers.push(await ask(query.replaceAll("'access/", `'${folder}/access/`)));
  }
  const [byHour, byAgent] = answers;
  deepStrictEqual(new Set(byHour.map(({ hour }) => hour)), new Set(["16", "17"]));
  deepStrictEqual(
    byHour.reduce((sum, { requests }) => sum + Number(requests), 0),
    3992,
  );
  deepStrictEqual(new Set(byAgent.map(({ agent }) => agent)), new Set(["curl/8.5.0", "okhttp/4.12.0"]));
}

async function byPyArrow(python: string, folder: string, codec: string): Promise<void> {
  const args = [join(__dirname, "parquet.py"), folder, DAY];
  const told = JSON.parse(await runToSuccess({ program: python, args, cwd: ROOT, env: process.env })) as {
    types: object;
    rows: Record<string, unknown>[];
    picked: number;
    codecs: string[];
  };
  const read = told.rows.map(({ t, big: _, dt: _dt, hour: _hour, _rest, ...row }) => ({
    ...row,
    t: t === null ? null : Date.parse(String(t)),
    rest: _rest,
  }));
  // JavaScript cannot read its large integers; DuckDB has told them.
  deepStrictEqual(
    read,
    ALL.map(({ read: { big: _, ...row } }) => ({ ...row })),
  );
  deepStrictEqual(told.types, {
    t: "timestamp[us, tz=UTC]",
    n: "int64",
    big: "int64",
    part: "double",
    is: "bool",
    text: "string",
    inner: "string",
    _rest: "string",
    dt: "string",
    hour: "string",
  });
  deepStrictEqual([told.picked, told.codecs], [OF_DAY, [codec]]);
}

async function main(folder: string): Promise<number> {
  const report = new Report();
  try {
    for (const compression of ["snappy", "zstd"] as const) {
      const files = join(folder, compression);
      await write(files, compression);
      await report.step("DuckDB", `reads what is packed with ${compression}`, () => byDuckDb(files));
      const python = await pythonWith("pyarrow", "pyarrow.dataset");
      await report.step("pyarrow", `reads what is packed with ${compression}`, () =>
        byPyArrow(python, files, compression.toUpperCase()),
      );
    }
    await report.step("DuckDB", "answers the queries of the example", () => byQueriesOfExample(folder));
    return 0;
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`${(error as Error).stack?.slice(0, 4000)}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

void runSuite("tests of Parquet's readers", main);
