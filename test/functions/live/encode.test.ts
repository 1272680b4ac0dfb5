import fc from "fast-check";
import type { Waiting } from "../../../functions/live/backlog";
import { encodeRecords } from "../../../functions/live/encode";
import { type ClsLog, clsLogOf, type LiveRecord, liveRecordOf, LiveRecordError } from "../../../functions/live/record";
import { encodeLogGroupList, LogEncoder } from "../../../functions/outputs/log-group";

const ORIGIN = { function: "orders", namespace: "default", version: "$LATEST", instance: "0123456789abcdef" };

const text = (maxLength: number) => fc.string({ unit: "binary", maxLength });
const common = {
  seq: fc.integer({ min: 1, max: 1e12 }),
  requestId: text(60),
  time: fc.integer({ min: 0, max: 2e15 }),
};
const line = fc.record({
  ...common,
  kind: fc.constant("line" as const),
  level: fc.constantFrom("info", "error", "warning", ""),
  stream: fc.constantFrom("stdout" as const, "stderr" as const),
  text: fc.oneof(text(200), text(2000), fc.constant("单".repeat(2730)), fc.constant("x".repeat(8192))),
  piece: fc.option(fc.constant({ number: 2, of: 13 }), { nil: undefined }),
});
const end = fc.record({ ...common, kind: fc.constant("end" as const), lines: fc.nat() });
const dropped = fc.record({ ...common, kind: fc.constant("dropped" as const), lines: fc.nat(), bytes: fc.nat() });
const record = fc.oneof(line, end, dropped);

/** How the backlog holds a record of run 3. */
function waiting(made: typeof record extends fc.Arbitrary<infer T> ? T : never, isLate: boolean): Waiting {
  const { requestId, kind, seq, time } = made;
  const common = { kind, seq, times: [time], texts: [], during: { requestId, run: isLate ? 1 : 3 }, bytes: 0 };
  if (made.kind === "dropped") return { ...common, lines: made.lines, droppedBytes: made.bytes };
  if (made.kind === "end") return { ...common, lines: made.lines };
  const { stream, level, text, piece } = made;
  return { ...common, stream, level, texts: [text], ...(piece && { piece: `${piece.number}/${piece.of}` }) };
}

const examples = fc.array(fc.tuple(record, fc.boolean()), { minLength: 1, maxLength: 20 });

/** As outputs encode them. */
function encoded(logs: readonly ClsLog[]): Buffer {
  const encoder = new LogEncoder();
  const stretches = logs.map(({ time, contents }) => {
    encoder.begin(time);
    for (const [key, value] of contents) encoder.text(key, value);
    return encoder.finish();
  });
  return encodeLogGroupList([{ logs: stretches }]);
}

it("encodes records as the uploads of outputs do, byte for byte", () => {
  fc.assert(
    fc.property(examples, (made) => {
      const logs = made.map(([one, isLate]) =>
        clsLogOf({ ...ORIGIN, ...one, late: isLate && one.requestId !== "" } as LiveRecord),
      );
      const got = encodeRecords(
        made.map(([one, isLate]) => waiting(one, isLate)),
        ORIGIN,
        3,
      );
      expect(got.equals(encoded(logs))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it("encodes lines that were written alike as each by itself", () => {
  const alike = fc.record({
    seq: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 1e12 })),
    lines: fc.array(fc.tuple(text(300), fc.oneof(fc.integer({ min: 0, max: 2e15 }), fc.constant(1.7e15))), {
      minLength: 1,
      maxLength: 30,
    }),
  });
  fc.assert(
    fc.property(alike, ({ seq, lines }) => {
      const shared = { kind: "line", level: "info", stream: "stdout" } as const;
      const logs = lines.map(([text, time], index) =>
        clsLogOf({ ...ORIGIN, ...shared, requestId: "r", late: false, seq: seq + index, time, text } as LiveRecord),
      );
      const [texts, times] = [lines.map(([text]) => text), lines.map(([, time]) => time)];
      const waiting: Waiting = { ...shared, seq, texts, times, bytes: 0, during: { requestId: "r", run: 3 } };
      expect(encodeRecords([waiting], ORIGIN, 3).equals(encoded(logs))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it("encodes the records of names that are long, or of other languages", () => {
  const origin = { ...ORIGIN, function: "f".repeat(60), namespace: "空间".repeat(30), version: "12" };
  const one = { kind: "end" as const, bytes: 0, seq: 1, lines: 0 };
  const expected = encoded([clsLogOf({ ...origin, ...one, time: 5, requestId: "", late: false })]);
  const waiting = { ...one, times: [5], texts: [], during: { requestId: "", run: 3 } };
  expect(encodeRecords([waiting], origin, 3).equals(expected)).toBe(true);
});

it("reads of a log the record that it was made of", () => {
  fc.assert(
    fc.property(record, fc.boolean(), (made, late) => {
      const { piece, ...rest } = { piece: undefined, ...made };
      const written = { ...ORIGIN, ...rest, late, ...(piece && { piece }) } as LiveRecord;
      const contents = Object.fromEntries(clsLogOf(written).contents);
      expect(liveRecordOf(contents)).toEqual(written);
    }),
  );
});

describe("a log that is no live record", () => {
  const good = Object.fromEntries(
    clsLogOf({ ...ORIGIN, kind: "end", seq: 7, requestId: "r", time: 5, late: false, lines: 1 }).contents,
  );

  it.each([
    [{ kind: "start" }, /kind must be line, end or dropped, got "start"/],
    [{ seq: "0" }, /seq must be 1 at least, got "0"/],
    [{ seq: "1.5" }, /seq must be a number in decimal digits, got "1.5"/],
    [{ instance: "x" }, /instance must be 16 hex digits, got "x"/],
    [{ function: "" }, /function must be a text that is not empty, got ""/],
    [{ function: undefined }, /function must be a text that is not empty, got nothing/],
    [{ time: "9".repeat(16) }, /time must be 0 at least/],
    [{ lines: "many ".repeat(20) }, /lines must be a number in decimal digits, got 100 characters/],
    [{ kind: "line", stream: "stdin" }, /stream must be stdout or stderr, got "stdin"/],
    [{ kind: "line", stream: "stdout", piece: "4/3" }, /piece must be its number and how many, as 1\/3, got "4\/3"/],
  ])("is refused: %j", (change, message) => {
    const contents = { ...good, ...change } as Record<string, string>;
    expect(() => liveRecordOf(contents)).toThrow(LiveRecordError);
    expect(() => liveRecordOf(contents)).toThrow(message);
  });

  it("is refused where its fields are those of every object", () => {
    expect(() => liveRecordOf({})).toThrow(/function must be/);
  });
});
