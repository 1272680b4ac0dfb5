import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { emptyCounts } from "../../../functions/parser/counts";
import { readJson } from "../../../functions/parser/read-json";
import { parse } from "../../../functions/parser/parse";
import { createRulesProcessor } from "../../../functions/processors/rules";
import type { Batch, Fields, FieldValue, OutgoingRecord, Routed } from "../../../functions/records/contracts";
import { LineBlock } from "../../../functions/records/line-block";
import { writeLine } from "../../../functions/records/line-record";
import { spliceOf } from "../../../functions/records/splice";
import { changedFields, changedRecord, membersOf, SplicedRecord } from "../../../functions/records/spliced-record";
import { topicRecord } from "../../../functions/records/topic-record";
import type { OutputsSettings } from "../../../functions/settings";
import { Changes, compileRules, type Event, TopicEvent } from "../../../rules";
import { alike } from "../parser/scan/proof";
import { sourceOf } from "../support/bytes";
import { runs } from "../../runs";

const folder = mkdtempSync(join(tmpdir(), "spliced-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Names that are each something else to JSON, to JavaScript or to CLS. */
const NAMES = [
  "a",
  "b",
  "c",
  "键",
  "",
  "__proto__",
  "constructor",
  "10",
  "2",
  "__SOURCE__",
  "__TIMESTAMP__",
  "__topic__",
];
const TAGS = ["__TAG__", "__TAG__.pod", "x y", 'say "x"'];

/** Values as they may stand in a line, which is not always as they would be written. */
const VALUES = [
  '"x"',
  '""',
  '"中文 \u{1f600}"',
  '"a\\n\\u00e9\\"\\/"',
  '"\\ud800"',
  '"\u2028\u007f"',
  "0",
  "12.50",
  "1E3",
  "1e-7",
  "0.30000000000000004000",
  "null",
  "true",
  "[ 1 , {} ]",
  '{"pod" :"p", "2":1,"1":2}',
  '"1700000000123"',
  "1700000000123",
];
/** Such as are other ones once they were read and written. */
const NUMBERS = [
  "-0",
  "-0.0e1",
  "[-0]",
  "9007199254740993",
  "-12345678901234567890",
  '{"deep":[9007199254740993]}',
  "1e400",
  "-1e-400",
];

const space = fc.constantFrom("", "", "", " ", "\t ");
const member = fc
  .tuple(
    fc.constantFrom(...NAMES, ...NAMES, ...TAGS),
    fc.constantFrom(...VALUES, ...VALUES, ...NUMBERS),
    space,
    space,
    space,
    fc.boolean(),
  )
  .map(([name, value, before, middle, behind, isEscaped]) => {
    const key = isEscaped && name === "a" ? '"\\u0061"' : JSON.stringify(name);
    return `${before}${key}${middle}:${middle}${value}${behind}`;
  });
const line = fc
  .tuple(space, fc.array(member, { maxLength: 9 }), space)
  .map(([a, all, b]) => `${a}{${all.join(",")}}${b}`);

const text = fc.constantFrom("v", "", "中", 'q"\\', "\u0001", "\u{1f600}", "x".repeat(300));
const target = fc.constantFrom(
  ...NAMES.filter((name) => name !== "__TIMESTAMP__"),
  "new",
  "7",
  "__tag__:pod",
  "__source__",
);
const call = (name: string, ...values: string[]) =>
  `${name}(${values.map((value) => JSON.stringify(value)).join(", ")})`;
const statement = fc.oneof(
  fc.tuple(target, text).map(([name, value]) => call("e_set", name, value)),
  fc.tuple(target, target).map((names) => call("e_drop_fields", ...names)),
  fc.tuple(target, target).map(([from, to]) => call("e_rename", from, to || "to")),
  target.map((name) => `e_if(e_has(${JSON.stringify(name)}), e_set("found", v(${JSON.stringify(name)})))`),
  fc.constant('e_if(e_search("a: x"), DROP)'),
  fc.constant('e_keep_fields("a", "b", "键", "10")'),
  fc.constant('e_coutput("other")'),
  fc.constant('e_set("fits", op_add(v("2"), 1))'),
);

type Kind = "cos" | "cls";

function settingsOf(type: Kind): OutputsSettings {
  const one = { type } as OutputsSettings["outputs"][string];
  return { outputs: { main: one, other: one }, defaultOutput: "main" };
}

async function batchesOf(lines: readonly string[]): Promise<Batch[]> {
  const options = { object: "cos://logs-1/a.gz", check: "json", maxLineBytes: 1024 * 1024 } as const;
  const batches: Batch[] = [];
  for await (const { records } of parse(sourceOf([Buffer.from(lines.join("\n"))]), options, emptyCounts())) {
    batches.push(records);
  }
  return batches;
}

/** What leaves the rules by way of whole fields, as it did before records were read by name. */
function expectedOf(rulesText: string, records: Batch, type: Kind): Map<string, OutgoingRecord[]> {
  const rules = compileRules(rulesText, { parts: { load: () => undefined }, environment: {} });
  const expected = new Map<string, OutgoingRecord[]>();
  for (const { raw, place } of records) {
    const fields = readJson(Buffer.from(raw), 0, raw.length) as Fields;
    for (const { event, output } of rules.run(new TopicEvent(fields)).emitted) {
      const name = output ?? "main";
      const record = type === "cls" ? topicRecord(place, event.fields) : serialized(raw, place, event);
      expected.set(name, [...(expected.get(name) ?? []), record]);
    }
  }
  return expected;
}

function serialized(raw: Uint8Array, place: OutgoingRecord["place"], event: Event): OutgoingRecord {
  const bytes = event.changed ? Buffer.from(JSON.stringify(event.fields)) : raw;
  return { raw: bytes, place, changed: event.changed } as OutgoingRecord;
}

function expectAlike({ raw, labels, place }: OutgoingRecord, expected: OutgoingRecord, isChanged: boolean): void {
  expect(place).toEqual(expected.place);
  expect(labels).toEqual(expected.labels);
  const [got, wanted] = [raw, expected.raw].map((bytes) => Buffer.from(bytes).toString());
  if (!isChanged) expect(got).toBe(wanted);
  if (!alike(JSON.parse(got) as Fields, JSON.parse(wanted) as Fields)) expect(got).toBe(wanted);
}

/** The line as the record writes it into a block, where it does. */
function lineWritten(record: OutgoingRecord): Buffer | undefined {
  const block = new LineBlock(Buffer.alloc(64 * 1024, "?"));
  block.latin1("before");
  if (!writeLine(record, block)) return undefined;
  written++;
  expect(block.bytes.toString("latin1", 0, "before".length)).toBe("before");
  return block.bytes.subarray("before".length, block.used);
}

let spliced = 0;
let written = 0;

async function compare(lines: readonly string[], statements: readonly string[], type: Kind, isLate: boolean) {
  const rulesText = `${statements.join("\n")}\n`;
  const own = mkdtempSync(join(folder, "rules-"));
  writeFileSync(join(own, "rules.sls"), rulesText);
  const processor = createRulesProcessor(
    { type: "rules", regexEngine: "linear", onError: "drop" },
    settingsOf(type),
    own,
  );
  const routed: Routed[] = [];
  const batches = await batchesOf(lines);
  for (const batch of batches) routed.push(...(await processor.process(batch, new AbortController().signal)).routed);
  // Scans that push those of the records out of the scanner's memory, before anything is written.
  if (isLate) for (let scan = 0; scan < 9; scan++) await batchesOf(["{}"]);
  const expected = expectedOf(rulesText, batches.flat(), type);
  expect(routed.map(({ output }) => output).sort()).toEqual([...expected.keys()].sort());
  for (const { output, records } of routed) {
    expect(records).toHaveLength(expected.get(output)?.length ?? 0);
    records.forEach((record, index) => {
      const wanted = expected.get(output)![index];
      const written = lineWritten(record);
      if (record instanceof SplicedRecord) spliced++;
      expectAlike(record, wanted, type === "cls" || wanted.changed);
      expect(alike(record.fields, readJson(Buffer.from(record.raw), 0, record.raw.length))).toBe(true);
      expect(written ?? Buffer.from(record.raw)).toEqual(Buffer.from(record.raw));
    });
  }
}

describe.each<[string, Kind, boolean]>([
  ["a line of JSON", "cos", false],
  ["a log of a topic", "cls", false],
  ["a line of JSON, when the parser has gone on", "cos", true],
  ["a log of a topic, when the parser has gone on", "cls", true],
])("what rules make of a record, written as %s", (_name, type, isLate) => {
  it("is what its fields would be written as, in their order; unchanged it is its bytes", async () => {
    spliced = written = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.array(statement, { minLength: 1, maxLength: 6 }),
        (lines, statements) => compare(lines, statements, type, isLate),
      ),
      { numRuns: runs(90) },
    );
    // Else nothing of this was looked at.
    expect(spliced).toBeGreaterThan(5);
    if (!isLate) expect(written).toBeGreaterThan(spliced / 2);
  });
});

describe("rules that read a record by name", () => {
  it("make nothing of it but what they read", async () => {
    const [[record]] = await batchesOf(['{"status":"200","other":{"a":[1]}}']);
    const asked: string[] = [];
    const watched = {
      get fields(): never {
        throw new Error("rules must not ask for all fields");
      },
      get: (name: string) => (asked.push(name), record.get(name)),
      has: (name: string) => (asked.push(name), record.has(name)),
    };
    const rules = compileRules('e_if(e_search("status: 200"), e_set("kind", "ok"))\ne_drop_fields("gone")\n', {
      parts: { load: () => undefined },
      environment: {},
    });
    const { emitted, failure } = rules.run(new TopicEvent(undefined, watched));
    expect(failure).toBeUndefined();
    expect(asked).toEqual(["status", "gone"]);
    expect([...emitted[0].event.changes]).toEqual([["kind", "ok"]]);
  });

  it("leave a record whose members cannot be told to its fields", async () => {
    const lines = ['{"a":1,"a":2}', '{"n":9007199254740993}', '{"\\u0061":1}', '{"n":-0}'];
    const [records] = await batchesOf(lines);
    expect(records.map((record) => membersOf(record))).toEqual(lines.map(() => undefined));
  });

  it("are written whatever was changed of others with the same names, and however long the new names are", async () => {
    const [[record]] = await batchesOf(['{"a":1, "b":"x"}']);
    const names = Array.from({ length: 40 }, (_, at) => `n${at}`.padEnd(at === 7 ? 5000 : 0, "x"));
    for (const name of [...names, ...names]) {
      const changes = new Changes([
        [name, "中"],
        ["a", undefined],
      ]);
      expect(Buffer.from(changedRecord(record, changes).raw).toString()).toBe(`{"b":"x","${name}":"中"}`);
    }
  });

  it("have room for any value in a block that has what is reckoned for it, and are not written into a smaller one", async () => {
    const [[record, empty]] = await batchesOf(['{ "a":1 , "键":"中" }', " {} ", ""]);
    const unit = fc.constantFrom(
      "\ud800",
      "\udc00",
      "\u0000",
      '"',
      "\\",
      "\u007f",
      "\u2028",
      "中",
      "é",
      "\u{1f600}",
      "x",
    );
    const value = fc.oneof(
      fc.string({ unit, maxLength: 20 }),
      fc.constantFrom(undefined, null, true, false, -1.7976931348623157e308, -5e-324, 0.1 + 0.2, -0, NaN, -Infinity),
      fc.jsonValue().map((json) => json as FieldValue),
    );
    const name = fc.oneof(fc.constantFrom("a", "键", "", "__proto__", 'q"'), fc.string({ unit, maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.constantFrom(record, empty),
        fc.array(fc.tuple(name, value), { maxLength: 12 }),
        (one, entries) => {
          const changes = new Changes(entries);
          const changed = new SplicedRecord(one, membersOf(one)!, changes);
          const most = spliceOf(membersOf(one)!, changes).mostBytes(membersOf(one)!, changes);
          expect(writeLine(changed, new LineBlock(Buffer.alloc(most)))).toBe(false);
          const block = new LineBlock(Buffer.alloc(most + 1));
          expect(writeLine(changed, block)).toBe(true);
          expect(block.room).toBeGreaterThan(0);
          const line = block.bytes.toString("utf8", 0, block.used);
          expect(line).toBe(Buffer.from(changed.raw).toString());
          const fields = JSON.parse(line) as Fields;
          expect(fields).toEqual(JSON.parse(JSON.stringify(changedFields(one.fields, changes))));
          expect(Object.keys(fields)).toEqual(Object.keys(changed.fields));
        },
      ),
      { numRuns: runs(200) },
    );
  });
});
