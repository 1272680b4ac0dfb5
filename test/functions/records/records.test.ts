import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CsvFields } from "../../../functions/parser/csv-fields";
import { readJson } from "../../../functions/parser/read-json";
import { BufferRecord } from "../../../functions/records/buffer-record";
import { OneLine } from "../../../functions/records/record-lines";
import { emptyCounts } from "../../../functions/parser/counts";
import { openContent } from "../../../functions/parser/open-content";
import type { Fields, LogRecord, OutgoingRecord } from "../../../functions/records/contracts";
import { invalidRecord } from "../../../functions/records/invalid-record";
import { JsonRecord } from "../../../functions/records/json-record";
import { lineOf, LineRecord } from "../../../functions/records/line-record";
import { MadeRecord } from "../../../functions/records/made-record";
import { membersOf, SplicedRecord } from "../../../functions/records/spliced-record";
import { topicRecord } from "../../../functions/records/topic-record";
import { Changes } from "../../../rules";

const OBJECT = "cos://logs-1250000000/a.gz";
const PLACE = { object: OBJECT, line: 3, byte: 20 };
const FIELDS = { a: "1", b: "é" };
const LINE = '{"a":"1","b":"é"}';

/** A record that was read from the middle of a buffer. */
function readFrom(text: string, readFields: (buffer: Buffer, start: number, end: number) => Fields | undefined) {
  const buffer = Buffer.from(`before\n${text}\nafter`);
  const origin = { object: OBJECT, readFields };
  return new BufferRecord(new OneLine(origin, buffer, 7, 7 + Buffer.byteLength(text), 3, 20), 0);
}

function csvRecord(): BufferRecord {
  return readFrom('1,"é"', new CsvFields({ delimiter: ",", quote: '"' }, ["a", "b"]).read);
}

/** Made of a record that its scan told of, as rules make it. */
function splicedRecord(): OutgoingRecord {
  const counts = emptyCounts();
  const { reader, sink } = openContent({ object: OBJECT, check: "json", maxLineBytes: 1024 }, counts);
  const lines = Buffer.from('{}\n\n{"a":"1","gone":2,"b":"e"}\n');
  reader.takeRun?.(lines, 0, lines.length, 16);
  reader.flush();
  const [, record] = sink.allBatches().flatMap(({ records }) => records);
  const members = membersOf(record);
  const changes = new Changes([
    ["b", "é"],
    ["gone", undefined],
  ]);
  if (!members) throw new Error("the scanner must tell where members stand, got nothing");
  return new SplicedRecord(record, members, changes);
}

/** Each class whose records the user's code may get. They keep the contract `LogRecord`. */
const ASSIGNABLE: [name: string, make: () => LogRecord, keepsRaw: boolean][] = [
  ["BufferRecord", () => readFrom(LINE, readJson), true],
  ["JsonRecord", () => new JsonRecord(csvRecord()), true],
  ["MadeRecord", () => new MadeRecord(PLACE, FIELDS), false],
];

/** Each class whose records only outputs get. They keep the contract `OutgoingRecord`, which has no setter. */
const SETTLED: [name: string, make: () => OutgoingRecord][] = [
  ["LineRecord", () => new LineRecord(Buffer.from(LINE), PLACE)],
  ["SplicedRecord", splicedRecord],
];

const ALL = [...ASSIGNABLE.map(([name, make]) => [name, make] as const), ...SETTLED];

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

it("every class of record is held to its contract here", () => {
  const folder = join(__dirname, "../../../functions/records");
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const classes = texts.flatMap((text) => [...text.matchAll(/^export class (\w+Record)\b/gm)].map(([, name]) => name));
  expect(classes.sort()).toEqual(ALL.map(([name]) => name).sort());
});

describe.each(ALL)("a %s", (_name, make) => {
  it("has the line, the place and the fields of what it was made of, and is unchanged", () => {
    const record = make();
    expect(textOf(record.raw)).toBe(LINE);
    expect(record.place).toEqual(PLACE);
    expect(record.fields).toEqual(FIELDS);
    expect(record.changed).toBe(false);
    expect(textOf(lineOf(record))).toBe(LINE);
  });

  it("tells of one field what its fields hold, before these are read and after", () => {
    for (const record of [make(), make()]) {
      for (const name of ["b", "a", "__proto__", "constructor", "", "c"]) {
        expect(record.get(name)).toBe((FIELDS as Fields)[name === "b" || name === "a" ? name : "none"]);
        expect(record.has(name)).toBe(name === "a" || name === "b");
      }
      expect(record.fields).toEqual(FIELDS);
      expect([record.get("a"), record.has("a"), record.has("c")]).toEqual(["1", true, false]);
    }
  });

  it("reads its fields once", () => {
    const record = make();
    expect(record.fields).toBe(record.fields);
  });
});

describe.each(ASSIGNABLE)("a %s to which fields are assigned", (_name, make, keepsRaw) => {
  const assigned = { c: [1, { d: null }] };
  const json = '{"c":[1,{"d":null}]}';

  it("has them, and is written as them", () => {
    const record = make();
    record.fields = assigned;
    expect(record.fields).toEqual(assigned);
    expect(textOf(lineOf(record))).toBe(json);
    expect(record.place).toEqual(PLACE);
  });

  it(`${keepsRaw ? "keeps the line that was read, and is changed" : "has the line of these, and is what it is"}`, () => {
    const record = make();
    record.fields = assigned;
    expect([textOf(record.raw), record.changed]).toEqual(keepsRaw ? [LINE, true] : [json, false]);
  });

  it("tells of one field what was assigned", () => {
    const record = make();
    expect(record.get("a")).toBe("1");
    record.fields = assigned;
    expect([record.get("c"), record.has("c")]).toEqual([[1, { d: null }], true]);
    expect([record.get("a"), record.has("a")]).toEqual([undefined, false]);
  });

  it("takes others after them", () => {
    const record = make();
    record.fields = assigned;
    record.fields = { ...record.fields, e: 2 };
    expect(textOf(lineOf(record))).toBe('{"c":[1,{"d":null}],"e":2}');
  });
});

describe.each(SETTLED)("a %s", (_name, make) => {
  it("takes no other fields", () => {
    const record = make() as LogRecord;
    expect(() => (record.fields = {})).toThrow(TypeError);
    expect(textOf(lineOf(record))).toBe(LINE);
  });
});

describe("a BufferRecord of other content than JSON", () => {
  it("has the bytes of its own content as its line", () => {
    expect(textOf(csvRecord().raw)).toBe('1,"é"');
  });
});

describe("a MadeRecord", () => {
  it.each<[string, unknown]>([
    ["a text", "text"],
    ["a list", [1]],
    ["nothing", undefined],
    ["null", null],
  ])("is not made of %s, nor assigned it", (_what, fields) => {
    const record = new MadeRecord(PLACE, FIELDS);
    expect(() => new MadeRecord(PLACE, fields as Fields)).toThrow("fields must be an object that JSON can hold, got");
    expect(() => (record.fields = fields as Fields)).toThrow(TypeError);
    expect(textOf(record.raw)).toBe(LINE);
  });

  it("shows no field that JSON leaves out", () => {
    const fields = { ...FIELDS, gone: undefined, call: () => 1 } as unknown as Fields;
    expect(Object.keys(new MadeRecord(PLACE, fields).fields)).toEqual(["a", "b"]);
  });
});

describe("what outputs get of", () => {
  it("a line that is no record: its place, its text and the reason", () => {
    const record = invalidRecord({ raw: Buffer.from("x\u0000"), place: PLACE, reason: "not a JSON object" });
    expect(record.fields).toEqual({ reason: "not a JSON object", ...PLACE, text: "x\u0000" });
    expect(record.place).toBe(PLACE);
  });

  it("a log on its way to a topic: its contents, and as labels what CLS keeps apart", () => {
    const record = topicRecord(PLACE, {
      a: 1,
      gone: undefined as never,
      __SOURCE__: "10.0.0.1",
      __topic__: "t",
      __TAG__: { pod: "p" },
      "__TAG__.flat": 2,
    });
    expect(textOf(record.raw)).toBe('{"a":1}');
    expect(record.labels).toEqual({ source: "10.0.0.1", topic: "t", tags: { pod: "p", flat: "2" } });
  });

  it("a log without any of these: no label", () => {
    expect(topicRecord(PLACE, { a: 1 }).labels).toEqual({});
  });
});
