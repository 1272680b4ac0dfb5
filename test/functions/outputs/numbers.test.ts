import * as fc from "fast-check";
import { inflateRawSync } from "node:zlib";
import { ClsOutput } from "../../../functions/outputs/cls-output";
import { packRecords, unpackRecords } from "../../../functions/outputs/kept-records";
import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import { readJson } from "../../../functions/parser/read-json";
import { scanner } from "../../../functions/parser/scan/scanner";
import { BufferRecord } from "../../../functions/records/buffer-record";
import { OneLine } from "../../../functions/records/record-lines";
import type { FieldValue, LogRecord, OutgoingRecord } from "../../../functions/records/contracts";
import { lineOf } from "../../../functions/records/line-record";
import { changedRecord, SplicedRecord } from "../../../functions/records/spliced-record";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { sourceOf } from "../support/bytes";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf } from "../support/outputs";
import { Changes } from "../../../rules";

withCosServer();
let cls: TestServer;
beforeEach(async () => {
  cls = await TestServer.start();
  process.env.CLS_ENDPOINT = cls.url;
});
afterEach(async () => {
  await closeContexts();
  await cls.stop();
});

/** Numbers as they are written: with as many digits, fractions and exponents as one likes. */
const digits = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(/^\d{0,24}$/)).map(([a, b]) => `${a}${b}`);
const number = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(fc.constant("0"), digits, fc.constantFrom("9007199254740991", "9007199254740993")),
    fc.oneof(
      fc.constant(""),
      fc.constant(".0"),
      fc.stringMatching(/^\d{1,20}$/).map((fraction) => `.${fraction}`),
    ),
    fc.oneof(
      fc.constant(""),
      fc.constant(""),
      fc.tuple(fc.constantFrom("e", "E+", "e-"), fc.nat({ max: 330 })).map((e) => e.join("")),
    ),
  )
  .map((pieces) => pieces.join(""));
const value = fc.oneof(
  number,
  fc.array(number, { maxLength: 3 }).map((list) => `[${list.join()}]`),
  number.map((one) => `{"b":{"c":${one}}}`),
  fc.tuple(number, number).map(([one, other]) => `{"b":${one},"b":${other}}`),
);
const line = fc.tuple(value, value).map(([one, other]) => `{"a":${one},"n":${other},"t":"x"}`);
/** What rules set, computed, as no reading makes it. */
const set: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constant("pass"),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 1000 }).map((power) => ({ list: [2 ** 53 + power * 2 ** 40, 1.5e17, 1e21] })),
);

/** What the record is, its way of being read aside; `moment` ends its scan when it is called. */
type Read = (bytes: Buffer, ready: (record: LogRecord) => OutgoingRecord) => Promise<OutgoingRecord>;

const WAYS: readonly (readonly [string, Read])[] = [
  ["as long as its scan lives", async (bytes, ready) => ready(await read(bytes))],
  [
    "when its scan is gone before it is changed",
    async (bytes, ready) => {
      const record = await read(bytes);
      scanner()?.clear();
      return ready(record);
    },
  ],
  [
    "when its scan is gone before it is written",
    async (bytes, ready) => {
      const outgoing = ready(await read(bytes));
      scanner()?.clear();
      return outgoing;
    },
  ],
  [
    "by JSON.parse alone",
    (bytes, ready) => {
      const origin = { object: "o", readFields: readJson };
      return Promise.resolve(ready(new BufferRecord(new OneLine(origin, bytes, 0, bytes.length, 1, 0), 0)));
    },
  ],
  [
    "when it comes back from quarantine",
    async (bytes, ready) => {
      const kept = [{ id: "1", record: ready(await read(bytes)) }];
      return unpackRecords(packRecords(kept), "o")[0].record;
    },
  ],
];

const LINE_FEED = Buffer.from("\n");

/** By a scan: a line that ends with the input is read alone. */
async function read(bytes: Buffer): Promise<LogRecord> {
  const options = { object: "o", check: "json", maxLineBytes: 1e6 } as const;
  for await (const { records } of parse(sourceOf([Buffer.concat([bytes, LINE_FEED])]), options, emptyCounts())) {
    return records[0];
  }
  throw new Error(`must hold a record, got ${bytes.toString()}`);
}

/** What outputs make of records: logs in CLS, and what is read of their lines. */
async function written(records: readonly OutgoingRecord[]): Promise<unknown> {
  cls.requests.length = 0;
  const output = new ClsOutput({ type: "cls", onFailure: "fail", topicId: "t", region: "r" }, contextOf({}));
  await output.write(records);
  await output.flush();
  const logs = cls.requests.flatMap(({ body }) => decodeLogGroupList(inflateRawSync(body)).flat());
  const lines = records.map((record) => Buffer.from(lineOf(record)));
  return {
    contents: logs.map(({ contents }) => contents),
    fields: lines.map((line) => readJson(line, 0, line.length)),
  };
}

/** The records of lines as outputs get them, each read by itself. */
async function readAll(lines: readonly string[], read: Read, changes: Changes | undefined): Promise<OutgoingRecord[]> {
  const records: OutgoingRecord[] = [];
  for (const line of lines) {
    records.push(await read(Buffer.from(line), (record) => (changes ? changedRecord(record, changes) : record)));
  }
  return records;
}

it("writes any number the same, however the record is read, be it changed or not", async () => {
  const cases = fc.tuple(
    fc.array(line, { minLength: 1, maxLength: 5 }),
    fc.option(set, { nil: undefined }),
    fc.constantFrom("t", "new"),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([lines, given, name]) => {
      const changes: Changes | undefined = given === undefined ? undefined : new Changes([[name, given]]);
      const all: [string, unknown][] = [];
      for (const [way, read] of WAYS) all.push([way, await written(await readAll(lines, read, changes))]);
      const [[, expected]] = all;
      for (const [way, result] of all) expect([way, result]).toEqual([way, expected]);
    }),
    { numRuns: 40 },
  );
}, 30_000);

it("reads by a scan, as long as that lives", async () => {
  const record = await read(Buffer.from('{"a":1.5,"t":"y"}'));
  expect(changedRecord(record, new Changes([["t", "x"]]))).toBeInstanceOf(SplicedRecord);
  scanner()?.clear();
  expect(changedRecord(record, new Changes([["t", "x"]]))).not.toBeInstanceOf(SplicedRecord);
});

it("writes a fraction and a power beyond 2^53 as what their line is read as", async () => {
  const line = '{"a":{"b":12345678901234567.5,"c":1e20,"d":1.5e3,"e":12345678901234567890},"t":"y"}';
  for (const [, read] of WAYS) {
    expect(await written(await readAll([line], read, new Changes([["t", "x"]])))).toMatchObject({
      fields: [
        { a: { b: "12345678901234568", c: "100000000000000000000", d: 1500, e: "12345678901234567890" }, t: "x" },
      ],
    });
  }
});
