import { deflateSync, gzipSync } from "node:zlib";
import { readClsEvent } from "../../../functions/events/cls-event";

const MICROSECONDS = "1605578090000123";
const STAMP = '"__TIMESTAMP__":1605578090000';

function eventOf(body: unknown, pack: (text: string) => Buffer = gzipSync): object {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { clslogs: { data: pack(text).toString("base64") } };
}

/** The lines of the logs, as they are read where they stand; the whole suite says that they are those of each log alone. */
function linesOf(...records: unknown[]): string[] {
  return linesIn(JSON.stringify({ topic_id: "t-1", topic_name: "n", records }));
}

function linesIn(json: string): string[] {
  const lines: string[] = [];
  for (const piece of readClsEvent(eventOf(json)).logs.drafts()) {
    for (let log = 0; log < piece.count; log++) lines.push(piece.line(log).toString());
  }
  return lines;
}

function lineOf(content: unknown, timestamp: unknown = MICROSECONDS): string {
  return linesOf({ timestamp, content })[0];
}

describe("an event of CLS", () => {
  const body = { topic_id: "t-1", topic_name: "n", records: [{ timestamp: MICROSECONDS, content: "{}" }] };

  it.each<[string, (text: string) => Buffer]>([
    ["gzip", gzipSync],
    ["zlib", deflateSync],
    ["plain", Buffer.from],
  ])("is read the same, with the same hash: %s", (_, pack) => {
    const event = readClsEvent(eventOf(body, pack));
    expect(event).toMatchObject({ topicId: "t-1", hash: readClsEvent(eventOf(body)).hash });
    expect(event.hash).toMatch(/^[0-9a-f]{32}$/);
    expect(event.bytes).toBe(pack(JSON.stringify(body)).length);
  });

  it("has another hash where its logs are others", () => {
    expect(readClsEvent(eventOf({ ...body, records: [] })).hash).not.toBe(readClsEvent(eventOf(body)).hash);
  });
});

describe("a log", () => {
  it("is its content with the time in front, and else byte for byte", () => {
    expect(lineOf('{"a" : "1.0", "b":12345678901234567890}')).toBe(`{${STAMP},"a" : "1.0", "b":12345678901234567890}`);
    expect(lineOf("{ }")).toBe(`{${STAMP}}`);
  });

  it("has its time as text or as number, and keeps one of its own", () => {
    expect(lineOf('{"a":1}', Number(MICROSECONDS))).toBe(`{${STAMP},"a":1}`);
    expect(lineOf('{"__TIMESTAMP__":5}')).toBe('{"__TIMESTAMP__":5}');
    for (const none of ["", "soon", null, undefined, {}])
      expect(linesOf({ content: "{}", timestamp: none })[0]).toBe("{}");
  });

  it.each(["plain text", '"text"', "5", "[1]", '{"cut":', "two\nlines"])("that is no object is text: %j", (content) => {
    expect(JSON.parse(lineOf(content))).toEqual({ __TIMESTAMP__: 1605578090000, __CONTENT__: content });
  });

  it("is one line, whatever line ends stand between its parts", () => {
    expect(lineOf('{\r\n"a":\n"x\\ny"\n}')).toBe(`{${STAMP},"a": "x\\ny" }`);
  });

  it("may come parsed", () => {
    expect(lineOf({ a: "1" })).toBe(`{${STAMP},"a":"1"}`);
  });

  it("keeps its line where it is empty or broken, so that places tell its number", () => {
    expect(linesOf({ content: "" }, { timestamp: 1 }, null, "x", { content: "{}" })).toEqual([
      "",
      '[{"timestamp":1}]',
      "[null]",
      '["x"]',
      "{}",
    ]);
  });

  it("comes with many others in a bounded piece", () => {
    const records = Array.from({ length: 12_000 }, (_, index) => ({ content: `{"i":${index}}` }));
    const pieces = [...readClsEvent(eventOf({ topic_id: "t", records })).logs.pieces()];
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map(({ count }) => count))).toBeLessThanOrEqual(4096);
    expect(linesOf(...records)).toEqual(records.map(({ content }) => content));
  });
});

describe("an event that would take too much memory", () => {
  const large = (records: unknown[]) => () => readClsEvent(eventOf({ topic_id: "t", records }));
  const letters = "A".repeat(1024 * 1024);

  it("is refused by what it unpacks to, before it is unpacked", () => {
    expect(large(Array<object>(20).fill({ content: letters }))).toThrow(
      /^clslogs.data must unpack to at most 16777216 bytes, got more; let CLS deliver fewer logs at a time$/,
    );
    const plain = eventOf({ topic_id: "t", records: Array<object>(17).fill({ content: letters }) }, Buffer.from);
    expect(() => readClsEvent(plain)).toThrow(/at most 16777216 bytes, got \d+;/);
  });

  it("is refused by how many objects and lists it holds", () => {
    for (const value of [{}, []]) {
      expect(large(Array<unknown>(1_200_000).fill(value))).toThrow(
        "must hold at most 1000000 objects and lists, got 1200002;",
      );
    }
    expect(large(Array<unknown>(900_000).fill({}))().topicId).toBe("t");
  });

  it("is none below that, and comes in pieces of bounded bytes", () => {
    const pieces = [...large(Array<object>(15).fill({ content: letters }))().logs.drafts()];
    expect(pieces).toHaveLength(15);
  });
});

describe("a log nested thousands of levels deep", () => {
  const DEPTH = 100_000;

  it.each([
    ["lists", "[".repeat(DEPTH) + "]".repeat(DEPTH)],
    ["objects", '{"a":'.repeat(DEPTH) + "1" + "}".repeat(DEPTH)],
    ["both", '[{"a":[1,"\\n",null,{}],"b":'.repeat(DEPTH / 5) + "[]" + "}]".repeat(DEPTH / 5)],
  ])("is its line like any other, as text, parsed, or with no content: %s", (_, json) => {
    const line = (record: string) =>
      `${linesIn(`{"topic_id":"t","records":[${record},{"content":"{}"}]}`).join("\n")}\n`;
    expect(line(`{"content":{"deep":${json}}}`) === `{"deep":${json}}\n{}\n`).toBe(true);
    expect(line(`{"content":${JSON.stringify(`{"deep":${json}}`)}}`) === `{"deep":${json}}\n{}\n`).toBe(true);
    expect(line(`{"other":${json}}`) === `[{"other":${json}}]\n{}\n`).toBe(true);
  });
});

describe("what CLS did not send", () => {
  const secret = "password-in-a-log";

  it.each<[string, unknown]>([
    ["the event must be one of a CLS trigger, got null", null],
    ["the event must be one of a CLS trigger, got one whose Records are of no known kind", { Records: [secret] }],
    ["clslogs must be an object, got undefined", { clslogs: undefined }],
    ["clslogs.data must be a non-empty string, got number", { clslogs: { data: 1 } }],
    ["clslogs.data must be base64 of JSON", eventOf(secret)],
    [
      "clslogs.data must unpack to JSON, got Z_",
      { clslogs: { data: Buffer.from("\x1f\x8bxx", "latin1").toString("base64") } },
    ],
    ["clslogs.data must be an object, got a list", eventOf([secret])],
    ["topic_id must be the id of a topic, got undefined", eventOf({ records: [secret] })],
    ["topic_id must be the id of a topic, got string", eventOf({ topic_id: "../x", records: [] })],
    ["records must be a list, got string", eventOf({ topic_id: "t", records: secret })],
  ])("is an error that does not quote it: %s", (message, event) => {
    const read = () => readClsEvent(event);
    expect(read).toThrow(message);
    expect(read).not.toThrow(secret);
  });
});
