import fc from "fast-check";
import type { FieldValue } from "../../../functions/records/contracts";
import { builtPart, builtZstd, metadataOf, rowsOf, typesOf } from "../../functions/support/parquet";
import { fileOf, filesOf, SETTINGS } from "./support";
import { runs } from "../../runs";

const at = (time: string, more = "") => `{"t":${JSON.stringify(time)}${more}}`;

describe("partitions", () => {
  const pathsOf = (lines: string[], settings = {}) => filesOf(lines, settings).map(({ partition }) => partition);

  it("are named by each record's time, and are unknown where that cannot be read", () => {
    const lines = [
      at("2026-08-20T07:59:59.999Z"),
      at("2026-08-20T08:00:00Z"),
      at("2026-08-20T07:00:00Z"),
      '{"t":"no time"}',
      "{}",
      '{"t":null}',
      '{"t":"2026-08-20T07:00:00Z","t":"2027-01-01T00:00:00Z"}',
    ];
    const files = filesOf(lines);
    expect(files.map(({ partition, number, records }) => [partition, number, records])).toEqual([
      ["dt=2026-08-20/hour=07", 0, 2],
      ["dt=2026-08-20/hour=08", 0, 1],
      ["dt=unknown/hour=unknown", 0, 3],
      ["dt=2027-01-01/hour=00", 0, 1],
    ]);
  });

  it("follow the offset, also across a day and at the ends of the calendar", () => {
    const settings = { utcOffset: "+08:00", partitionBy: "app=web/day=%Y%m%d/at=%H-%M" };
    expect(pathsOf([at("2026-08-20T16:30:00Z"), at("2026-08-20T16:30:00"), "{}"], settings)).toEqual([
      "app=web/day=20260821/at=00-30",
      "app=web/day=20260820/at=16-30",
      "app=web/day=unknown/at=unknown",
    ]);
    expect(pathsOf([at("9999-12-31T23:00:00Z"), at("9999-12-31T07:00:00Z")], { utcOffset: "+08:00" })).toEqual([
      "dt=unknown/hour=unknown",
      "dt=9999-12-31/hour=15",
    ]);
    expect(pathsOf([at("0001-01-01T00:00:00Z")], { utcOffset: "-08:00" })).toEqual(["dt=unknown/hour=unknown"]);
  });

  it("are found by a field whose name is written with escapes", () => {
    expect(pathsOf(['{"\\u65f6\\u95f4":1787209689}'], { timeField: "时间" })).toEqual(["dt=2026-08-20/hour=07"]);
  });
});

/** A row as the record that it was, `_rest` put together with the columns. */
function recordOf({ _rest, ...row }: Record<string, unknown>): Record<string, FieldValue> {
  const fields = Object.entries(row)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]): [string, FieldValue] => [
      name,
      typeof value === "bigint" ? Number(value) : (value as FieldValue),
    ]);
  return Object.fromEntries([
    ...fields,
    ...Object.entries(JSON.parse((_rest as string | null) ?? "{}") as object),
  ]) as never;
}

describe("what is read back", () => {
  // Nested values, of which the reader gives the text, have names of their own.
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const field = fc.tuple(fc.constantFrom("a", "b", "c", "é", "long name"), scalar);
  const nested = fc.tuple(
    fc.constantFrom("x", "y"),
    fc.oneof(fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.string(), scalar, { maxKeys: 3 })),
  );
  const record = fc
    .tuple(fc.array(field, { maxLength: 5 }), fc.array(nested, { maxLength: 2 }))
    .map(([fields, inner]) => Object.fromEntries<unknown>([...fields, ...inner]));

  it(
    "is what was written, whatever the records are",
    async () => {
      let tried = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), async (records) => {
          const lines = records.map((one) => JSON.stringify(one));
          const rows = await rowsOf(fileOf(lines, { timeField: "none" }));
          const read = rows.map(({ x, y, ...row }) => {
            const inner = Object.entries({ x, y }).filter(([, text]) => typeof text === "string");
            return {
              ...recordOf(row),
              ...Object.fromEntries(inner.map(([name, text]) => [name, JSON.parse(text as string) as unknown])),
            };
          });
          // JSON has no -0 but as a text: what is parsed tells it.
          expect(read).toEqual(lines.map((line) => JSON.parse(line) as unknown));
          tried++;
        }),
        { numRuns: runs(20) },
      );
      expect(tried).toBe(runs(20));
    },
    runs(30_000),
  );

  it("is whole beyond the first row group, whose columns are the file's", async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) =>
      JSON.stringify({
        n,
        id: `${n}-${"x".repeat(n % 90)}`,
        kind: `kind ${n % 7}`,
        ...(n > 25_000 && { late: n }),
        f: n > 25_000 ? n + 0.5 : n,
      }),
    );
    const body = fileOf(lines, { rowGroupMb: 1, timeField: "none" });
    const { num_rows, row_groups } = metadataOf(body);
    expect(Number(num_rows)).toBe(lines.length);
    expect(row_groups.length).toBeGreaterThan(1);
    expect(typesOf(body)).toEqual({ n: "INT64", id: "UTF8", kind: "UTF8", f: "INT64", _rest: "JSON" });
    const rows = await rowsOf(body);
    expect(rows.map(recordOf)).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  });

  it("is whole where a column is too varied for a dictionary at once, or later", async () => {
    const late = (n: number) => (n < 70_000 ? `few ${n % 3}` : `many ${n}`);
    const lines = Array.from(
      { length: 104_000 },
      (_, n) => `{"id":"${n}","late":"${late(n)}","n":${n % 3 === 0 ? n : 7}}`,
    );
    const body = fileOf(lines, { timeField: "none" });
    const [{ columns }] = metadataOf(body).row_groups;
    const encodings = Object.fromEntries(
      columns.map(({ meta_data }) => [meta_data.path_in_schema[0], meta_data.encodings]),
    );
    expect(encodings.id).not.toContain("RLE_DICTIONARY");
    expect(encodings.late).toContain("RLE_DICTIONARY");
    expect((await rowsOf(body)).map(recordOf)).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  });

  it("is whole where values are larger than pages, and booleans many", async () => {
    const lines = Array.from({ length: 20 }, (_, n) =>
      JSON.stringify({
        text: String.fromCharCode(97 + n).repeat(400_000 * (n % 4)),
        is: n % 3 === 0,
        ...(n % 2 === 0 && { odd: [n] }),
      }),
    );
    const rows = await rowsOf(fileOf(lines, { timeField: "none" }));
    expect(
      rows.map(({ odd, ...row }) => ({
        ...recordOf(row),
        ...(odd !== null && odd !== undefined && { odd: JSON.parse(odd as string) as unknown }),
      })),
    ).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  });

  it("is the same with zstd", async () => {
    const { openZstd } = builtZstd();
    const { openParquet } = builtPart();
    const files = openParquet({ ...SETTINGS, compression: "zstd" }, "x", await openZstd());
    const lines = Array.from({ length: 500 }, (_, n) => Buffer.from(`{"n":${n},"s":"value ${n % 10}"}`));
    for (const line of lines) files.add(line, 0, line.length, true);
    const [file] = [...files.end()];
    expect(metadataOf(file.body).row_groups[0].columns[0].meta_data).toMatchObject({ codec: "ZSTD" });
    expect((await rowsOf(file.body)).map(recordOf)).toEqual(
      lines.map((line) => JSON.parse(line.toString()) as unknown),
    );
  });
});

describe("memory", () => {
  /** Lines of a day, or of many, whose texts do not repeat. */
  const lines = (count: number, days: number) =>
    Array.from({ length: count }, (_, n) => {
      const day = new Date(Date.UTC(2026, 0, 1 + ((n * 7919) % days))).toISOString();
      return `{"t":"${day}","id":"${(n * 2654435761) % 4294967296}-${n}","text":"${"abcdefgh".repeat(n % 9)}${n}"}`;
    });

  it("is bounded however many partitions there are: the largest files end first, and each record is in one", async () => {
    const files = filesOf(lines(6_000, 300), { rowGroupMb: 1, partitionBy: "dt=%Y-%m-%d" });
    expect(files.length).toBeGreaterThan(300);
    expect(files.reduce((sum, { records }) => sum + records, 0)).toBe(6_000);
    expect(new Set(files.map(({ partition, number }) => `${partition}/${number}`)).size).toBe(files.length);
    const numbers = files.filter(({ partition }) => partition === files[0].partition).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    const read = await Promise.all(files.slice(0, 20).map(({ body }) => rowsOf(body)));
    expect(read.map(({ length }) => length)).toEqual(files.slice(0, 20).map(({ records }) => records));
  }, 30_000);

  it("cuts the same records in the same places", () => {
    const shapes = () => filesOf(lines(6_000, 40), { rowGroupMb: 1 });
    expect(
      shapes().map(({ partition, number, body }) => [partition, number, Buffer.from(body).toString("base64")]),
    ).toEqual(shapes().map(({ partition, number, body }) => [partition, number, Buffer.from(body).toString("base64")]));
  });
});
