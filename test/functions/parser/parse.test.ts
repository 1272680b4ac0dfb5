import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decompress } from "../../../functions/parser/decompress";
import { emptyCounts } from "../../../functions/parser/counts";
import { parse, type ParseOptions } from "../../../functions/parser/parse";
import type { LogRecord } from "../../../functions/records/contracts";
import { collect, cutBytes, sourceOf } from "../support/bytes";

const OBJECT = "cos://logs-1/a.gz";

async function read(chunks: Iterable<Uint8Array | Error>, options: Partial<ParseOptions> = {}) {
  const counts = emptyCounts();
  const all = { object: OBJECT, check: "json" as const, maxLineBytes: 1000 };
  const { items, error } = await collect(parse(sourceOf(chunks), { ...all, ...options }, counts));
  const [records, invalid] = [items.flatMap((batch) => batch.records), items.flatMap((batch) => batch.invalid)];
  return { batches: items, records, invalid, counts, error };
}

async function readText(text: string, options?: Partial<ParseOptions>) {
  return read([Buffer.from(text)], options);
}

function rawOf({ raw }: { raw: Uint8Array }): string {
  return Buffer.from(raw).toString();
}

/** All that can be seen of a record. */
function shown(record: LogRecord) {
  return { raw: rawOf(record), place: record.place, fields: record.fields, changed: record.changed };
}

describe("a record", () => {
  it("is a line that holds a JSON object", async () => {
    const { records, counts } = await readText('{"a":1}\n \t{"b":"中"} \r\n');
    expect(records.map(shown)).toEqual([
      { raw: '{"a":1}', place: { object: OBJECT, line: 1, byte: 0 }, fields: { a: 1 }, changed: false },
      { raw: ' \t{"b":"中"} ', place: { object: OBJECT, line: 2, byte: 8 }, fields: { b: "中" }, changed: false },
    ]);
    expect(counts).toEqual({ lines: 2, records: 2, invalid: 0 });
  });

  it.each([
    "[1]",
    '"text"',
    "1",
    "null",
    "{",
    "}",
    '{"a":1',
    '{"a":1}x',
    '{"a":1}{"b":2}',
    '{"a":undefined}',
    "\u00a0",
    "{\u2028}x",
    "a\0b",
  ])("is not %j", async (line) => {
    const { records, invalid, counts } = await readText(`{}\n${line}\n{}\n`);
    expect(records).toHaveLength(2);
    expect(counts).toEqual({ lines: 3, records: 2, invalid: 1 });
    const place = { object: OBJECT, line: 2, byte: 3 };
    expect(invalid).toEqual([{ raw: Buffer.from(line), place, reason: "not a JSON object" }]);
  });

  it("is not a line over the limit, whose head is kept", async () => {
    const { records, invalid, counts } = await readText('{"a":1}\n{"a":12345}\n{"b":2}\n', { maxLineBytes: 7 });
    expect(records.map(rawOf)).toEqual(['{"a":1}', '{"b":2}']);
    expect(invalid.map((line) => [rawOf(line), line.place.line, line.reason])).toEqual([
      ['{"a":12', 2, "over the line limit"],
    ]);
    expect(counts).toEqual({ lines: 3, records: 2, invalid: 1, oversize: 1 });
  });

  it("is not a line of spaces and tabs, which is empty and not invalid", async () => {
    expect((await readText("\n \t\n\r\n{}\n  ")).counts).toEqual({ lines: 5, records: 1, invalid: 0 });
  });

  it("keeps keys that objects have by nature, and the last of equal keys", async () => {
    const { records } = await readText('{"__proto__":{"a":1},"constructor":2,"b":1,"b":2}');
    expect(Object.entries(records[0].fields)).toEqual([
      ["__proto__", { a: 1 }],
      ["constructor", 2],
      ["b", 2],
    ]);
    expect(Object.getPrototypeOf(records[0].fields)).toBe(Object.prototype);
  });

  it("keeps bytes that are not UTF-8, reads them as U+FFFD, and is counted for them, invalid or not", async () => {
    const text = '{"a":"\u00ff"}\n{"a":"\u00ef\u00bf\u00bd"}\n{"a":"\u00e4\u00b8"}\n\u00ff\n{\u00ff}\n{"a":"\\ufffd"}';
    const { records, counts } = await read([Buffer.from(text, "latin1")]);
    expect(records.map(({ fields }) => fields.a)).toEqual(["\ufffd", "\ufffd", "\ufffd", "\ufffd"]);
    expect(records.map(({ raw }) => Buffer.from(raw).toString("latin1"))).toEqual(
      text.split("\n").filter((_, line) => line < 3 || line > 4),
    );
    // U+FFFD itself, written as bytes or escaped, is UTF-8.
    expect(counts).toEqual({ lines: 6, records: 4, invalid: 2, invalidUtf8: 4 });
  });

  it("may hold NUL bytes and lone carriage returns where JSON does not mind", async () => {
    const { records, counts } = await readText('{"a":\r1}\n{"a":"\r"}\n{"a":"\0"}\n');
    expect(records.map(rawOf)).toEqual(['{"a":\r1}']);
    expect(counts).toEqual({ lines: 3, records: 1, invalid: 2 });
  });

  it("may nest as deeply as its line is long", async () => {
    const depth = 100_000;
    const line = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect((await readText(line, { maxLineBytes: 1_000_000 })).counts.records).toBe(1);
  });

  it("may hold as many values as its line is long, like many lines before it", async () => {
    const line = `{"a":[${"1,".repeat(7_000)}1]}\n`;
    const { counts, error } = await read(Array<Buffer>(6).fill(Buffer.from(line)), { maxLineBytes: 100_000 });
    expect({ counts, error }).toEqual({ counts: { lines: 6, records: 6, invalid: 0 }, error: undefined });
  });

  it("is marked as changed when its fields are assigned", async () => {
    const [record] = (await readText('{"a":1}')).records;
    record.fields = { ...record.fields, b: 2 };
    expect(shown(record)).toMatchObject({ raw: '{"a":1}', fields: { a: 1, b: 2 }, changed: true });
  });
});

describe('with check "shape"', () => {
  it("whatever stands between braces is a record, and is parsed on first use", async () => {
    const { records, invalid } = await readText('{"a":1}\n {"b":} \n{\n[{}]\n}\n', { check: "shape" });
    expect(records.map(rawOf)).toEqual(['{"a":1}', ' {"b":} ']);
    expect(invalid.map(rawOf)).toEqual(["{", "[{}]", "}"]);
    expect(records[0].fields).toEqual({ a: 1 });
    expect(records[0].fields).toBe(records[0].fields);
  });

  it("a line that cannot be parsed is an error where its fields are used, which does not quote it", async () => {
    const [record] = (await readText("{secret}", { check: "shape" })).records;
    expect(() => record.fields).toThrow(`line 1 of ${OBJECT} must hold a record, got something else; use check "json"`);
  });
});

describe("batches", () => {
  const text = Array.from({ length: 10 }, (_, index) => `{"n":${index}}\n`).join("");

  it("end at a count of records, or of bytes", async () => {
    const sizes = async (batchLimits: { items: number; bytes: number }) =>
      (await readText(text, { batchLimits })).batches.map(({ records }) => records.length);
    expect(await sizes({ items: 4, bytes: 1000 })).toEqual([4, 4, 2]);
    expect(await sizes({ items: 1000, bytes: 15 })).toEqual([3, 3, 3, 1]);
    expect(await sizes({ items: 5, bytes: 1 })).toEqual(Array(10).fill(1));
  });

  it("do not depend on chunks", async () => {
    const bytes = Buffer.from(text);
    const options = { batchLimits: { items: 4, bytes: 1000 } };
    const whole = await read([bytes], options);
    const single = await read(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      options,
    );
    const seen = ({ batches }: typeof whole) =>
      batches.map(({ records, invalid }) => ({ records: records.map(shown), invalid }));
    expect(seen(single)).toEqual(seen(whole));
  });

  it("are read as they are asked for, and end the source when they are no longer", async () => {
    let taken = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          taken++;
          yield Buffer.from(text);
        }
      } finally {
        ended = true;
      }
    }
    const counts = { lines: 0, records: 0, invalid: 0 };
    const options = {
      object: OBJECT,
      check: "json" as const,
      maxLineBytes: 1000,
      batchLimits: { items: 10, bytes: 1e6 },
    };
    let batches = 0;
    for await (const { records } of parse(endless(), options, counts)) {
      expect(records).toHaveLength(10);
      if (++batches === 5) break;
    }
    expect({ taken, ended, counts }).toEqual({ taken: 5, ended: true, counts: { lines: 50, records: 50, invalid: 0 } });
  });
});

describe("invalid lines", () => {
  const lines = (text: string) => text.split(" ").join("\n");

  it("come in the batches of the records around them, and count in their limits", async () => {
    const batchLimits = { items: 3, bytes: 1000 };
    const { batches } = await readText(lines("{} a {} b {} {} c d e {}"), { batchLimits });
    const seen = batches.map(({ records, invalid }) => [
      records.map(({ place }) => place.line),
      invalid.map(({ place }) => place.line),
    ]);
    expect(seen).toEqual([
      [[1, 3], [2]],
      [[5, 6], [4]],
      [[], [7, 8, 9]],
      [[10], []],
    ]);
  });

  it("are handed out as they come where there are no records: none waits for more than a batch of them", async () => {
    const batchLimits = { items: 1000, bytes: 20 };
    const { batches } = await readText("not a record\n".repeat(7), { batchLimits });
    expect(batches.map(({ invalid }) => invalid.length)).toEqual([2, 2, 2, 1]);
  });

  it("before a fault of the source come before the fault", async () => {
    const { invalid, error } = await read([Buffer.from("bad\n{}\nworse\ncut o"), new Error("lost")]);
    expect(invalid.map(rawOf)).toEqual(["bad", "worse"]);
    expect(error).toMatchObject({ message: "lost" });
  });
});

describe("a fault of the source", () => {
  it("comes after the records of all complete lines before it", async () => {
    const { records, counts, error } = await read([Buffer.from('{"a":1}\nbad\n{"b":2}\n{"c"'), new Error("lost")]);
    expect(records.map(rawOf)).toEqual(['{"a":1}', '{"b":2}']);
    expect(counts).toEqual({ lines: 3, records: 2, invalid: 1 });
    expect(error).toMatchObject({ message: "lost" });
  });
});

describe("any input", () => {
  const line = fc.oneof(
    // Without integers that become strings: JSON.parse, which these are compared with, does not tell them.
    fc.json({ maxDepth: 1 }).filter((json) => !/\d{16}/.test(json)),
    fc
      .dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()))
      .map((fields) => JSON.stringify(fields)),
    fc.constantFrom("", " ", "{}", "{", "\u4e2d\u6587", "\ufeff{}"),
    fc.string({ unit: "binary" }),
  );
  const input = fc
    .tuple(fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n"))), line)
    .map(([lines, last]) => Buffer.from(lines.flat().join("") + last));

  async function seen(chunks: Iterable<Uint8Array>, maxLineBytes: number) {
    const { records, invalid, counts, error } = await read(chunks, { maxLineBytes });
    return { records: records.map(shown), invalid, counts, error };
  }

  it("gives the same records however it is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(cutBytes(input), fc.integer({ min: 1, max: 60 }), async ({ bytes, chunks }, maxLineBytes) => {
        expect(await seen(chunks, maxLineBytes)).toEqual(await seen([bytes], maxLineBytes));
      }),
      { numRuns: 300 },
    );
  });

  it("gives what a naive reading gives", async () => {
    await fc.assert(
      fc.asyncProperty(cutBytes(input), fc.integer({ min: 1, max: 60 }), async ({ bytes, chunks }, maxLineBytes) => {
        const { records, invalid, counts } = await read(chunks, { maxLineBytes });
        const expected = readNaively(Buffer.from(bytes), maxLineBytes);
        expect(records.map(({ place, fields }) => [place.line, place.byte, fields])).toEqual(expected.records);
        expect(invalid.map(({ place }) => [place.line, place.byte])).toEqual(expected.invalid);
        expect(counts.lines).toBe(expected.lines);
      }),
      { numRuns: 300 },
    );
  });

  /** What JSON lines are, in the slow and obvious way. */
  function readNaively(bytes: Buffer, maxLineBytes: number) {
    const mark = bytes.subarray(0, 3).equals(Buffer.from("\ufeff")) ? 3 : 0;
    const lines = bytes.toString("latin1").slice(mark).split("\n");
    if (lines.at(-1) === "") lines.pop();
    const result = { lines: lines.length, records: [] as unknown[], invalid: [] as unknown[] };
    let byte = mark;
    lines.forEach((whole, index) => {
      const line = whole.replace(/\r$/, "");
      const fields = line.length > maxLineBytes ? undefined : objectIn(Buffer.from(line, "latin1").toString());
      if (fields) result.records.push([index + 1, byte, fields]);
      else if (!/^[ \t\r]*$/.test(line) || line.length > maxLineBytes) result.invalid.push([index + 1, byte]);
      byte += whole.length + 1;
    });
    return result;
  }

  function objectIn(text: string): unknown {
    try {
      const value = JSON.parse(text) as unknown;
      return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  it("gives records that are found again at their place", async () => {
    await fc.assert(
      fc.asyncProperty(input, async (bytes) => {
        const { records, invalid, counts } = await read([bytes], { maxLineBytes: 1e6 });
        for (const { raw, place } of [...records, ...invalid]) {
          expect(bytes.subarray(place.byte, place.byte + raw.length).equals(raw)).toBe(true);
          expect(bytes.subarray(0, place.byte).filter((byte) => byte === 0x0a)).toHaveLength(place.line - 1);
        }
        expect([records.length, invalid.length]).toEqual([counts.records, counts.invalid]);
        expect(counts.lines).toBeGreaterThanOrEqual(counts.records + counts.invalid);
      }),
    );
  });

  it("gives the same records packed as plain", async () => {
    await fc.assert(
      fc.asyncProperty(input, async (bytes) => {
        const { items: unpacked } = await collect(decompress(sourceOf([gzipSync(bytes)])));
        expect(await seen(unpacked, 60)).toEqual(await seen([bytes], 60));
      }),
    );
  });
});
