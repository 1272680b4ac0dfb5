import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import type { BufferRecord } from "../../../functions/records/buffer-record";
import type { Fields, LogRecord } from "../../../functions/records/contracts";
import { sourceOf } from "../support/bytes";
import { heapInUse } from "../support/garbage";
import { alike } from "./scan/proof";

const OPTIONS = { object: "cos://logs-1/a.gz", check: "json", maxLineBytes: 1024 * 1024 } as const;

const LINES = [
  '{"time":1787000000000,"host":"a.example.com","took":-0,"ok":true,"tag":{"pod":["p-1",{"n":0.5}]},"note":null}',
  '{"time":1787000000001,"host":"主机 \u{1f600}","took":0.30000000000000004,"ok":false,"tag":{},"note":[]}',
  '{"time":9007199254740993,"host":"say \\"x\\"\\ud800","took":1e400,"ok":1e5,"tag":{"a":1},"note":{"b":9007199254740993}}',
  '{"__proto__":{"x":1},"constructor":"c","":"empty","1":"one","0":"zero"}',
  '{"a":1,"b":2,"a":"twice","b":{"c":3}}',
  '{"\\u0061":1,"plain":2}',
  ' {"a" : [ 1 , 2 ] ,\t"b":"x"} \r',
  '{"键":"值","a":1}',
  "{}",
  `{"long":"${"x".repeat(100)}","deep":${"[".repeat(80)}1${"]".repeat(80)}}`,
];
const NAMES = ["time", "host", "took", "ok", "tag", "note", "a", "b", "", "1", "0", "long", "deep", "plain", "键"];
const OTHER_NAMES = ["__proto__", "constructor", "toString", "missing", "hos", "hostt", '"host"', "\\u0061"];

async function read(chunks: readonly Uint8Array[]): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of parse(sourceOf(chunks), OPTIONS, emptyCounts())) records.push(...batch.records);
  return records;
}

/** A record of the same line on its own, whose fields are read. */
async function fieldsOf(record: LogRecord): Promise<Fields> {
  const [alone] = await read([record.raw]);
  return alone.fields;
}

function expectNames(record: LogRecord, fields: Fields): void {
  for (const name of [...NAMES, ...OTHER_NAMES]) {
    expect(record.has(name)).toBe(Object.hasOwn(fields, name));
    const value = record.get(name);
    if (!alike(value, Object.hasOwn(fields, name) ? fields[name] : undefined)) expect([name, value]).toBe(fields[name]);
    if (!alike((record as BufferRecord).look(name), value)) expect([name, "a look"]).toBe(value);
  }
}

describe("a field by its name", () => {
  const input = Buffer.from(LINES.join("\n"));

  it("is what the record's fields have under it, in lines of any kind", async () => {
    const records = await read([input]);
    expect(records).toHaveLength(LINES.length);
    for (const record of records) {
      const fields = await fieldsOf(record);
      expectNames(record, fields);
      expect(alike(record.fields, fields)).toBe(true);
      expectNames(record, fields);
    }
  });

  it("is told of a record that outlives its batch, and of one whose scan is long gone", async () => {
    const many = Buffer.from(`${LINES.join("\n")}\n`.repeat(1200));
    const records = await read([many]);
    for (const record of [...records.slice(0, 10), ...records.slice(-10)]) expectNames(record, await fieldsOf(record));
  });

  it("is told where nobody asked for one for long, and where all asked for all", async () => {
    // Some forty scans, of which the first ones find members, those behind only prove, until somebody asks.
    const many = Buffer.from(`${LINES.join("\n")}\n`.repeat(2000));
    const whole = await Promise.all(LINES.map(async (line) => (await read([Buffer.from(line)]))[0].fields));
    for (const asksFrom of [0, 12_000]) {
      let line = 0;
      for await (const { records } of parse(sourceOf([many]), OPTIONS, emptyCounts())) {
        for (const record of records) {
          const fields = whole[line % LINES.length];
          if (line >= asksFrom && !alike(record.get("host"), fields.host)) expect(line).toBe("a line with that host");
          if (line >= asksFrom + 2_000 && !alike(record.fields, fields)) expect(line).toBe("a line with those fields");
          line++;
        }
      }
      expect(line).toBe(20_000);
    }
  });

  it("is told of a line with more members than the scanner has room for, where lines were only proven until then", async () => {
    const wide = {
      ...Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`k${at}`, 0])),
      host: "主机 \u{1f600}",
    };
    const unasked = Buffer.from('{"a":1}\n'.repeat(200_000));
    const found: LogRecord[] = [];
    for await (const { records } of parse(
      sourceOf([unasked, Buffer.from(`${JSON.stringify(wide)}\n{"a":2}\n`)]),
      OPTIONS,
      emptyCounts(),
    )) {
      for (const record of records) {
        if (record.raw.length < 100) continue;
        expect(record.has("host")).toBe(true);
        expect(record.get("host")).toBe(wide.host);
        expect(alike(record.fields, wide)).toBe(true);
        found.push(record);
      }
    }
    expect(found).toHaveLength(1);
  });

  it.each([
    ["a field", (record: LogRecord) => record.get("id")],
    ["the fields", (record: LogRecord) => record.fields.id],
  ])("may be kept: a value out of %s does not keep the text around it in memory", async (_, idOf) => {
    const kept: unknown[] = [];
    const padding = `,"status":200,"path":"/api/v1/items","agent":"${"x".repeat(100)}"}\n`;
    const slice = (at: number) =>
      Buffer.from(
        Array.from({ length: 320 }, (_line, line) => `{"id":"request-${at}-${line}-of-many"${padding}`).join(""),
      );
    const slices = Array.from({ length: 600 }, (_slice, at) => slice(at));
    const before = heapInUse();
    let line = 0;
    for await (const { records } of parse(sourceOf(slices), OPTIONS, emptyCounts())) {
      for (const record of records) {
        const id = idOf(record);
        if (line++ % 320 === 100) kept.push(id);
      }
    }
    const grown = heapInUse() - before;
    expect(kept).toHaveLength(600);
    expect(kept[7]).toBe("request-7-100-of-many");
    // 600 texts of 56 KB each are 33 MB.
    expect(grown).toBeLessThan(15 * 2 ** 20);
  });

  it("is told while another input is read at the same time", async () => {
    const readers = Array.from({ length: 12 }, () => parse(sourceOf([input]), OPTIONS, emptyCounts()));
    const batches = await Promise.all(readers.map((reader) => reader.next()));
    const fields = await Promise.all(LINES.map(async (line) => (await read([Buffer.from(line)]))[0].fields));
    for (const { value } of batches) {
      value?.records.forEach((record: LogRecord, index: number) => expectNames(record, fields[index]));
    }
  });

  it("is what was assigned, once fields were", async () => {
    const [record] = await read([input]);
    record.fields = { host: "other" };
    expect([record.get("host"), record.get("time"), record.has("time")]).toEqual(["other", undefined, false]);
  });

  it("is the same wherever the input is cut", async () => {
    const whole = (await read([input])).map(({ fields }) => fields);
    for (let cut = 0; cut <= input.length; cut++) {
      const records = await read([input.subarray(0, cut), input.subarray(cut)]);
      expect(records.map(({ place }) => place.line)).toEqual(LINES.map((_, index) => index + 1));
      records.forEach((record, index) => {
        expect(Buffer.from(record.raw).toString()).toBe(LINES[index].replace(/\r$/, ""));
        const names = Object.keys(whole[index]);
        if (!names.every((name) => alike(record.get(name), whole[index][name]))) expect(cut).toBe("a place to cut");
        if (!alike(record.fields, whole[index])) expect(cut).toBe("a place to cut");
      });
    }
  });
});
