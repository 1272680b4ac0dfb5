import { parse as parseWithLibrary } from "csv-parse/sync";
import fc from "fast-check";
import { emptyCounts } from "../../../functions/parser/counts";
import { splitCsv } from "../../../functions/parser/csv";
import { parse, type ParseOptions } from "../../../functions/parser/parse";
import type { CsvContentSettings } from "../../../functions/settings";
import { collect, cutBytes, sourceOf } from "../support/bytes";
import { OBJECT, read } from "../support/read";

const CSV: CsvContentSettings = { type: "csv", header: true, delimiter: ",", quote: '"' };

function fieldsOf(text: string, content: Partial<CsvContentSettings> = {}) {
  return read(text, { content: { ...CSV, ...content } });
}

describe("CSV", () => {
  it("has a record for each row below the first, which names the columns", async () => {
    const { records, counts } = await fieldsOf("time,msg\n1,a\r\n\n2,\n");
    expect(records).toEqual([
      { raw: "1,a", line: 2, byte: 9, fields: { time: "1", msg: "a" } },
      { raw: "2,", line: 4, byte: 15, fields: { time: "2", msg: "" } },
    ]);
    expect(counts).toEqual({ lines: 4, records: 2, invalid: 0 });
  });

  it("has a record for each row where the columns are named", async () => {
    const { records } = await fieldsOf("1;a\n", { header: ["__proto__", "b"], delimiter: ";" });
    expect(records.map(({ fields }) => Object.entries(fields))).toEqual([
      [
        ["__proto__", "1"],
        ["b", "a"],
      ],
    ]);
  });

  it("has rows that span lines, at the place of their first line, with their bytes as they were", async () => {
    const { records, counts } = await fieldsOf('a,b\n1,"x\r\n\ny,""z"""\r\n2,"中"\n');
    expect(records).toEqual([
      { raw: '1,"x\r\n\ny,""z"""', line: 2, byte: 4, fields: { a: "1", b: 'x\r\n\ny,"z"' } },
      { raw: Buffer.from('2,"中"').toString("latin1"), line: 5, byte: 21, fields: { a: "2", b: "中" } },
    ]);
    expect(counts).toEqual({ lines: 5, records: 2, invalid: 0 });
  });

  it("may have names that span lines as well", async () => {
    const { records } = await fieldsOf('"a\nb",c\n1,2\n');
    expect(records).toMatchObject([{ line: 3, fields: { "a\nb": "1", c: "2" } }]);
  });

  it.each([
    ["too few values", "1"],
    ["too many values", "1,2,3"],
    ["text behind a quote", '"1"x,2'],
  ])("has invalid rows, which do not touch the next: %s", async (_, row) => {
    const { records, invalid, counts } = await fieldsOf(`a,b\n${row}\n3,4\n`);
    expect(invalid).toEqual([{ raw: row, line: 2, byte: 4, reason: "not a CSV record" }]);
    expect(records).toMatchObject([{ line: 3, fields: { a: "3", b: "4" } }]);
    expect(counts).toEqual({ lines: 3, records: 1, invalid: 1 });
  });

  it("takes a quote inside a value, and any where there are none, as a character", async () => {
    expect((await fieldsOf('a,b\n1"x",2\n')).records).toMatchObject([{ fields: { a: '1"x"', b: "2" } }]);
    expect((await fieldsOf('a b\n"1 2"\n', { delimiter: " ", quote: "" })).records).toMatchObject([
      { fields: { a: '"1', b: '2"' } },
    ]);
  });

  it("has an invalid record where a quote is never closed, up to the limit or the end of the input", async () => {
    const { records, invalid, counts } = await read(`a,b\n1,"x\n${"y".repeat(30)}\n3,4\n5,"z\n6,7`, {
      content: CSV,
      maxLineBytes: 30,
    });
    expect(invalid).toEqual([
      { raw: '1,"x', line: 2, byte: 4, reason: "over the line limit" },
      { raw: "y".repeat(30), line: 3, byte: 9, reason: "not a CSV record" },
      { raw: '5,"z\n6,7', line: 5, byte: 44, reason: "not a CSV record" },
    ]);
    expect(records).toMatchObject([{ line: 4, fields: { a: "3", b: "4" } }]);
    expect(counts).toEqual({ lines: 6, records: 1, invalid: 3, oversize: 1 });
  });

  it("reads the line that went over the limit of a stray quote as if there were no quote", async () => {
    const text = `a,b\n1,"x\n${"y".repeat(20)}\n3,${"4".repeat(9)}\n5,6\n`;
    const { records, invalid } = await read(text, { content: CSV, maxLineBytes: 30 });
    expect(invalid).toMatchObject([{ raw: `1,"x\n${"y".repeat(20)}`, line: 2, reason: "over the line limit" }]);
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [4, { a: "3", b: "444444444" }],
      [5, { a: "5", b: "6" }],
    ]);
  });

  it("is a permanent fault where the names of its columns cannot be read", async () => {
    for (const text of ['"a"x,b\n1,2\n', `${"a".repeat(2000)}\n`, '"a\n']) {
      expect((await fieldsOf(text)).error).toMatchObject({
        code: "CSV_HEADER",
        message: "csv must begin with the names of its columns, got something else in line 1; set columns instead",
      });
    }
  });

  it("is a permanent fault where two columns have one name", async () => {
    expect((await fieldsOf("a,b,a\n1,2,3\n")).error).toMatchObject({
      code: "CSV_HEADER",
      message: "csv must begin with the names of its columns, got a name twice in line 1; set columns instead",
    });
  });

  it("keeps and counts bytes that are not UTF-8", async () => {
    const { records, counts } = await read([Buffer.from("a\n\u00ff\n", "latin1")], { content: CSV });
    expect(records).toMatchObject([{ raw: "\u00ff", fields: { a: "\ufffd" } }]);
    expect(counts).toMatchObject({ invalidUtf8: 1 });
  });

  it("leaves out comments, which are whole lines outside of quotes", async () => {
    const { records, counts } = await fieldsOf('# "x\na,b\n#1,2\n1,#2\n3,"\n#4"\n', { comment: "#" });
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [4, { a: "1", b: "#2" }],
      [5, { a: "3", b: "\n#4" }],
    ]);
    expect(counts).toEqual({ lines: 6, records: 2, invalid: 0 });
  });

  it("leaves out the lines at its start that are to be skipped", async () => {
    const { records } = await fieldsOf('sep=;\n"\na,b\n1,2\n', { skipLines: 2 });
    expect(records).toMatchObject([{ line: 4, fields: { a: "1", b: "2" } }]);
  });

  it("is a fault where all of its lines are to be skipped", async () => {
    for (const header of [true as const, ["a", "b"]]) {
      expect((await fieldsOf("a,b\n1,2\n", { skipLines: 3, header })).error).toMatchObject({
        code: "NO_RECORDS",
        message: "csv must have lines behind the first 3, which skipLines leaves out, got 2 lines; lower it",
      });
    }
    expect((await fieldsOf("\n\n", { skipLines: 3 })).error).toBeUndefined();
  });

  it("is a fault where its header is one name that another delimiter divides", async () => {
    expect((await fieldsOf("a;b\n1;2\n")).error).toMatchObject({
      code: "CSV_HEADER",
      message: expect.stringContaining(
        'got one name that ";" divides, which is not the delimiter, in line 1',
      ) as string,
    });
    expect((await fieldsOf('"a;b"\n1\n')).records).toMatchObject([{ fields: { "a;b": "1" } }]);
  });

  it.each([
    [String.raw`1,"x\"y"`, 'x"y'],
    [String.raw`1,"x\\"`, "x\\"],
    [String.raw`1,"x\",\"y"`, 'x",\"y'.replace('\\"', '"')],
    ['1,"x\\\ny"', "x\ny"],
    [String.raw`1,x\"y`, String.raw`x\"y`],
  ])("reads %s with a backslash as its escape", async (row, value) => {
    const { records, counts } = await fieldsOf(`a,b\n${row}\n3,4\n`, { escape: "\\" });
    expect(records.map(({ fields }) => fields)).toEqual([
      { a: "1", b: value },
      { a: "3", b: "4" },
    ]);
    expect(records[1].line).toBe(2 + row.split("\n").length);
    expect(counts).toMatchObject({ records: 2, invalid: 0 });
  });

  it("has line ends that are carriage returns, and keeps those in values as they are, at the places of the file", async () => {
    const { records, counts } = await fieldsOf('a,b\r1,"x\ry\nz"\r\r3,4\n\r5,6\r\n');
    expect(records).toEqual([
      { raw: '1,"x\ry\nz"', line: 2, byte: 4, fields: { a: "1", b: "x\ry\nz" } },
      { raw: "3,4", line: 5, byte: 15, fields: { a: "3", b: "4" } },
      { raw: "5,6", line: 6, byte: 20, fields: { a: "5", b: "6" } },
    ]);
    expect(counts).toMatchObject({ records: 3, invalid: 0 });
  });

  it("is only cut into rows with the check shape", async () => {
    const { records, counts } = await read('a,b\n1,2\n"3\n4",5\n', { content: CSV, check: "shape" });
    expect(records.map(({ fields }) => fields)).toEqual([
      { a: "1", b: "2" },
      { a: "3\n4", b: "5" },
    ]);
    expect(counts).toEqual({ lines: 4, records: 2, invalid: 0 });
    const wrong = read("a,b\n1\n", { content: CSV, check: "shape" });
    await expect(wrong).rejects.toThrow(`line 2 of ${OBJECT} must hold a record, got something else; use check "json"`);
  });
});

/** All that can be seen of what an input is read as, batch by batch. */
async function batchesOf(chunks: readonly Uint8Array[], options: ParseOptions) {
  const counts = emptyCounts();
  const { items, error } = await collect(parse(sourceOf(chunks), options, counts));
  const bytesOf = (raw: Uint8Array) => Buffer.from(raw).toString("latin1");
  const batches = items.map(({ records, invalid }) => ({
    records: records.map((record) => {
      const fields = options.check === "json" ? record.fields : undefined;
      return [bytesOf(record.raw), record.place, fields];
    }),
    invalid: invalid.map(({ raw, ...line }) => [bytesOf(raw), line]),
  }));
  return { batches, counts, error: (error as Error | undefined)?.message };
}

describe("any CSV", () => {
  const value = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", " ", "中", "\r") });
  const rows = fc.array(fc.tuple(value, value), { minLength: 1 });
  const written = (row: readonly string[]) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");

  it("gives back what was written, however it is cut into chunks", async () => {
    const inputs = fc.tuple(rows, fc.constantFrom("\n", "\r\n")).map(([list, end]) => ({
      list,
      bytes: Buffer.from(`a,b\n${list.map((row) => written(row) + end).join("")}`),
    }));
    await fc.assert(
      fc.asyncProperty(
        inputs.chain(({ list, bytes }) => cutBytes(fc.constant(bytes)).map(({ chunks }) => ({ list, chunks }))),
        async ({ list, chunks }) => {
          const { records, counts } = await read(chunks, { content: CSV, maxLineBytes: 1e6 });
          expect(records.map(({ fields }) => fields)).toEqual(list.map(([a, b]) => ({ a, b })));
          expect(counts).toMatchObject({ records: list.length, invalid: 0 });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is read the same a line at a time and many at once, whatever is wrong with it", async () => {
    const unit = fc.constantFrom("a", "b", "中", '"', '""', ",", "\\", "#", " ", "\n", "\n", "\r", "\r\n", "?");
    const formats = fc.record({
      quote: fc.constantFrom('"', ""),
      escape: fc.constantFrom(undefined, "\\"),
      comment: fc.constantFrom(undefined, "#"),
      skipLines: fc.constantFrom(undefined, 2),
      header: fc.constantFrom(true as const, ["a", "b"]),
    });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        formats,
        fc.array(fc.string({ unit, maxLength: 12 }), { maxLength: 12 }),
        fc.constantFrom("json" as const, "shape" as const),
        fc.integer({ min: 4, max: 40 }),
        async ({ quote, escape, ...format }, lines, check, maxLineBytes) => {
          const content = { ...CSV, ...format, quote, escape: quote === "" ? undefined : escape };
          const bytes = Buffer.from(`a,b\n1,2\n${lines.map((line) => `x,${line}\n`).join("")}`);
          // Each of these stands for bytes that are not UTF-8.
          for (let at = bytes.indexOf("?"); at !== -1; at = bytes.indexOf("?")) bytes[at] = 0xff;
          const options = { object: OBJECT, content, check, maxLineBytes, batchLimits: { items: 3, bytes: 30 } };
          const found = await batchesOf(
            Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
            options,
          );
          expect(await batchesOf([bytes], options)).toEqual(found);
          taken += found.counts.records;
        },
      ),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it("has the records that csv-parse finds in it, however it is written", async () => {
    const unit = fc.constantFrom("a", "中", '"', "'", ",", ";", "\\", "#", " ", "\n", "\r", "\r\n");
    const marks = fc.record({
      delimiter: fc.constantFrom(",", ";"),
      quote: fc.constantFrom('"', "'"),
      escape: fc.constantFrom(undefined, "\\"),
      comment: fc.constantFrom(undefined, "#"),
      end: fc.constantFrom("\n", "\r\n", "\r"),
    });
    const table = fc.array(fc.tuple(fc.string({ unit }), fc.string({ unit })), { minLength: 1, maxLength: 6 });
    const between = fc.constantFrom("", '# a "comment', "#");
    await fc.assert(
      fc.asyncProperty(marks, table, between, fc.integer({ min: 1, max: 40 }), async (format, list, comment, size) => {
        const { delimiter, quote, escape = quote, end } = format;
        const value = (text: string) =>
          /^[a中 ]+$/.test(text)
            ? text
            : `${quote}${[...text].map((one) => (one === quote || one === escape ? escape + one : one)).join("")}${quote}`;
        const rows = list.map((row) => row.map(value).join(delimiter) + end);
        if (format.comment !== undefined && comment !== "") rows.splice(1, 0, comment + end);
        const text = `x${delimiter}y${end}${rows.join("")}`;
        const content = { ...CSV, ...format, header: true as const };
        const bytes = Buffer.from(text);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const expected: unknown[] = parseWithLibrary(text, {
          columns: true,
          delimiter,
          quote,
          escape,
          comment: format.comment ?? null,
          comment_no_infix: true,
          record_delimiter: end,
          skip_empty_lines: true,
          relax_quotes: true,
        });
        const { records, counts } = await read(chunks, { content, maxLineBytes: 1e6 });
        expect(records.map(({ fields }) => fields)).toEqual(expected);
        expect(expected).toEqual(list.map(([x, y]) => ({ x, y })));
        expect(counts).toMatchObject({ records: list.length, invalid: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it("has the values that csv-parse finds in it", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", '"', '"', ",", ",", "'", " ") });
    let compared = 0;
    fc.assert(
      fc.property(text, fc.constantFrom('"', "'"), (row, quote) => {
        const expected = withLibrary(row, quote);
        if (expected === undefined) return;
        compared++;
        expect(splitCsv(row, { delimiter: ",", quote })).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  /** Undefined for what csv-parse refuses: a quote inside a value is an error there, and a character here. */
  function withLibrary(row: string, quote: string): string[] | undefined {
    try {
      return (parseWithLibrary(row, { quote, escape: quote }) as string[][])[0];
    } catch {
      return undefined;
    }
  }
});
