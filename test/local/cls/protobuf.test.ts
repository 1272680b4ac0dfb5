import fc from "fast-check";
import { decodeLogGroupList, ProtobufError } from "../../../local/cls/protobuf";
import { encodeLogGroupList } from "../../../local/feed/cls-client";

/** Written by hand after the schema: one group, one log at time 150, `k` = `v`, file `f`, source `s`, tag `a` = `b`. */
const MESSAGE = Buffer.from(
  "0a1d" + // group, 29 bytes
    "0a0b" + // log, 11 bytes
    "089601" + // time: 150 as a varint
    "1206" + // content
    "0a016b" + // key k
    "120176" + // value v
    "1a0166" + // file name
    "220173" + // source
    "2a06" + // tag
    "0a0161120162" +
    "3200", // a field that the schema does not have
  "hex",
);

test("decodes a message that was written by hand", () => {
  expect(decodeLogGroupList(MESSAGE)).toEqual([
    [{ time: 150_000, contents: { k: "v" }, filename: "f", source: "s", tags: { a: "b" } }],
  ]);
});

test("decodes what the feeding client encodes", () => {
  const contents = fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), fc.string({ unit: "grapheme" }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(
      fc.array(fc.record({ time: fc.integer({ min: 1e12, max: 2e12 }), contents }), { minLength: 1 }),
      (records) => {
        const decoded = decodeLogGroupList(encodeLogGroupList(records));
        expect(decoded).toEqual([records.map((record) => ({ ...record, tags: {} }))]);
      },
    ),
  );
});

test("never takes a message that was cut, other than as a shorter list", () => {
  for (let length = 1; length < MESSAGE.length; length++) {
    expect(() => decodeLogGroupList(MESSAGE.subarray(0, length))).toThrow(ProtobufError);
  }
  expect(decodeLogGroupList(Buffer.alloc(0))).toEqual([]);
});

test.each([
  ["a log without a time", "0a040a020a00"],
  ["a content without a value", "0a090a0708011203" + "0a016b"],
  ["a value that is no UTF-8", "0a0c0a0a08011206" + "0a016b" + "1201ff"],
  ["a group where a number stands", "0801"],
])("refuses %s", (_what, hex) => {
  expect(() => decodeLogGroupList(Buffer.from(hex, "hex"))).toThrow(ProtobufError);
});
