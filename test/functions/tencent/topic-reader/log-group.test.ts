import fc from "fast-check";
import { logsOf, MessageError, readMessage } from "../../../../functions/tencent/topic-reader/log-group";
import { encodeMessage } from "../../../../local/cls/log-group";

const ORIGIN = {
  uin: "100000000001",
  logsetId: "l".repeat(36),
  topicId: "t".repeat(36),
  receivedAt: 1_767_225_600_000,
};

const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constant("__proto__"),
  fc.constant("constructor"),
);
const record = fc.record({
  time: fc.integer({ min: 1e12, max: 4e12 }),
  micros: fc.integer({ min: 0, max: 999 }),
  contents: fc
    .array(fc.tuple(name, fc.string({ unit: "binary", maxLength: 50 })), { maxLength: 6 })
    .map(Object.fromEntries<string>),
});

test("reads whatever the local cloud writes, under whatever names", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
      const message = readMessage(encodeMessage(records, ORIGIN));
      const { receivedAt } = message;
      const logs = logsOf([message]);
      expect(receivedAt).toBe(ORIGIN.receivedAt);
      expect(logs.map(({ time }) => time)).toEqual(records.map(({ time, micros }) => time * 1000 + micros));
      expect(logs.map(({ contents }) => Object.entries(contents))).toEqual(
        records.map(({ contents }) => Object.entries(contents)),
      );
    }),
  );
});

test("what is hostile is refused, or read, and never anything else", () => {
  const sound = encodeMessage([{ time: 1e12, contents: { a: "b", text: "x".repeat(300) } }], ORIGIN);
  const changes = fc.array(fc.tuple(fc.integer({ min: 96, max: sound.length - 1 }), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(changes, (all) => {
      const message = Buffer.from(sound);
      for (const [at, value] of all) message[at] = value;
      try {
        logsOf([readMessage(message)]);
      } catch (error) {
        expect(error).toBeInstanceOf(MessageError);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["too short for a head", (message: Buffer) => message.subarray(0, 90), "must have 96 bytes, got 90"],
  ["of another version", (message: Buffer) => (message.writeInt32BE(131, 0), message), "version must be 130, got 131"],
  ["cut", (message: Buffer) => message.subarray(0, -1), "as its head says"],
])("refuses a message that is %s", (_name, spoil, told) => {
  const message = encodeMessage([{ time: 1, contents: { a: "b" } }], ORIGIN);
  expect(() => readMessage(spoil(message))).toThrow(told);
});
