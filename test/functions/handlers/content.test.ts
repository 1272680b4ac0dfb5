import { gzipSync } from "node:zlib";
import type { ContentSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { environmentOf } from "../support/cos-server";
import { cosEvent, cosRecord } from "../support/events";
import { textsUnder } from "../support/outputs";
import { Instance } from "../../faults/support/instance";

jest.setTimeout(20_000);

const server = withCosServer();
const BUCKET = "logs-1250000000";
const OUT = "out-1250000000";
const SETTINGS = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "code" },
  outputs: { main: { type: "cos", bucket: OUT, region: "ap-guangzhou", prefix: "main/", onFailure: "fail" } },
  defaultOutput: "main",
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
};

/** Writes what it reads as JSON, whatever the content was. */
const PROCESSOR = "exports.default = { record: (record) => ((record.fields = { ...record.fields }), record) };";

let instance: Instance | undefined;
afterEach(() => instance?.kill());

/** What the built handler makes of an object of this content: its summary, and the fields that it wrote. */
async function handled(object: Buffer, settings: object) {
  instance = new Instance(environmentOf(server()), { ...SETTINGS, ...settings }, { "processor.js": PROCESSOR });
  server().objects.set(`${BUCKET}/a.gz`, object);
  const { summary } = await instance.invoke(cosEvent(cosRecord(BUCKET, "a.gz")));
  const written = Object.values(textsUnder(server(), `${OUT}/main/`)).join("");
  const note = server().objects.get(`${BUCKET}/quarantine/${BUCKET}/a.gz.json`);
  const fields =
    written === ""
      ? []
      : written
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown);
  return { summary, fields, note: note && (JSON.parse(note.toString()) as { reason: { message: string } }) };
}

const KINDS: [string, ContentSettings | undefined, string, unknown[], object][] = [
  [
    "JSON lines, as CLS ships them",
    undefined,
    '{"__TIMESTAMP__":1640005601188,"__TAG__":{"pod":"a"},"status":"500","body":"{\\"b\\":1}"}\n{"__CONTENT__":"x"}\nx\n',
    [{ __TIMESTAMP__: 1640005601188, __TAG__: { pod: "a" }, status: "500", body: '{"b":1}' }, { __CONTENT__: "x" }],
    { lines: 3, records: 2, invalid: 1 },
  ],
  [
    "CSV whose first row names the columns",
    { type: "csv", header: true, delimiter: ",", quote: '"' },
    'time,msg\n1,"a\nb"\n2\n',
    [{ time: "1", msg: "a\nb" }],
    { lines: 4, records: 1, invalid: 1 },
  ],
  [
    "CSV whose columns are set",
    { type: "csv", header: ["time", "msg"], delimiter: "|", quote: "" },
    "1|a\n2|b\n",
    [
      { time: "1", msg: "a" },
      { time: "2", msg: "b" },
    ],
    { lines: 2, records: 2, invalid: 0 },
  ],
  [
    "plain lines",
    { type: "lines" },
    "a\n\nb\n",
    [{ __CONTENT__: "a" }, { __CONTENT__: "b" }],
    { lines: 3, records: 2 },
  ],
  [
    "stack traces",
    { type: "multiline", startPattern: "^\\S", flags: "", maxLines: 3, maxBytes: 1024 },
    "Error: a\n  at b\n  at c\n  at d\nError: e\n",
    [{ __CONTENT__: "Error: a\n  at b\n  at c" }, { __CONTENT__: "  at d" }, { __CONTENT__: "Error: e" }],
    { lines: 5, records: 3, oversize: 1 },
  ],
];

describe("the built handler", () => {
  it.each(KINDS)("reads %s", async (_, content, text, fields, counts) => {
    const handledContent = await handled(gzipSync(text), content === undefined ? {} : { content });
    expect(handledContent).toMatchObject({ summary: { objects: 1, quarantined: 0, ...counts }, fields });
  });

  it("reads what is left of a line beyond the limit as invalid, and goes on", async () => {
    const { summary, fields } = await handled(gzipSync(`{"a":"${"x".repeat(2000)}"}\n{"b":1}\n`), {
      maxLineBytes: 1024,
    });
    expect(summary).toMatchObject({ lines: 2, records: 1, invalid: 1, oversize: 1 });
    expect(fields).toEqual([{ b: 1 }]);
  });

  it("counts numbers that a double cannot hold, and writes their digits", async () => {
    const { summary, fields } = await handled(gzipSync('{"id":12345678901234567890}\n{"id":1}\n'), {});
    expect(summary).toMatchObject({ records: 2, bigNumbers: 1 });
    expect(fields).toEqual([{ id: "12345678901234567890" }, { id: 1 }]);
  });

  it("tells in the note at which byte and behind which line gzip is broken", async () => {
    const whole = gzipSync('{"a":1}\n{"b":2}\n');
    const { summary, fields, note } = await handled(Buffer.concat([whole, Buffer.from("garbage")]), {});
    expect(summary).toMatchObject({ objects: 0, records: 2, quarantined: 1 });
    expect(fields).toEqual([{ a: 1 }, { b: 2 }]);
    expect(note?.reason).toMatchObject({ kind: "permanent", code: "GZIP_CORRUPT" });
    expect(note?.reason.message).toContain(`(at byte ${whole.length}, behind line 2)`);
  });

  it("writes what it counts of gzip that was cut off, its last whole line included", async () => {
    const whole = gzipSync('{"a":1}\n{"b":2}\n{"c":3}\n', { level: 0 });
    const { summary, fields, note } = await handled(whole.subarray(0, whole.length - 12), {});
    expect(summary).toMatchObject({ objects: 0, records: 2, quarantined: 1, outputs: { main: { records: 2 } } });
    expect(fields).toEqual([{ a: 1 }, { b: 2 }]);
    expect(note?.reason).toMatchObject({ kind: "permanent", code: "GZIP_TRUNCATED" });
  });

  it("counts what follows gzip and is only padding", async () => {
    const { summary, fields } = await handled(Buffer.concat([gzipSync('{"a":1}\n'), Buffer.from("\r\n")]), {});
    expect(summary).toMatchObject({ objects: 1, records: 1, quarantined: 0, paddingBytes: 2 });
    expect(fields).toEqual([{ a: 1 }]);
  });

  it.each<[string, Buffer, object, string]>([
    ["gzip inside gzip", gzipSync(gzipSync('{"a":1}\n')), {}, "WRONG_CONTENT"],
    ["plain text", gzipSync("a line\nanother\n"), {}, "NO_RECORDS"],
    ["text that is no gzip", Buffer.from("password=hunter2 user=alice\n"), {}, "NOT_GZIP"],
    ["a page that is read as lines", gzipSync("<html>\n</html>\n"), { content: { type: "lines" } }, "WRONG_CONTENT"],
  ])(
    "leaves an object of which nothing can be read to a note that holds nothing of it: %s",
    async (_, object, settings, code) => {
      const { summary, fields, note } = await handled(object, settings);
      expect(summary).toMatchObject({ objects: 0, records: 0, quarantined: 1 });
      expect(fields).toEqual([]);
      expect(note?.reason).toMatchObject({ kind: "permanent", code });
      for (const quoted of ["hunter2", object.toString("hex", 0, 8), "a line"])
        expect(JSON.stringify(note)).not.toContain(quoted);
    },
  );

  it("stops at gzip that unpacks to too much, with the remedy in its note", async () => {
    const { summary, note } = await handled(gzipSync(Buffer.alloc(80 * 2 ** 20, " ")), { maxUnpackRatio: 100 });
    expect(summary).toMatchObject({ objects: 0, quarantined: 1 });
    expect(note?.reason).toMatchObject({ kind: "permanent", code: "GZIP_BOMB" });
    expect(note?.reason.message).toContain("raise maxUnpackRatio if it may");
  });

  it("reads gzip of nothing as no line, and refuses nothing at all where gzip should be", async () => {
    expect((await handled(gzipSync(""), {})).summary).toMatchObject({ objects: 1, lines: 0, quarantined: 0 });
    instance?.kill();
    const { summary, note } = await handled(Buffer.alloc(0), {});
    expect(summary).toMatchObject({ objects: 0, lines: 0, quarantined: 1 });
    expect(note?.reason).toMatchObject({ kind: "permanent", code: "NOT_GZIP" });
  });
});
