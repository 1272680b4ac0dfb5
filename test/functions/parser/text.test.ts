import fc from "fast-check";
import type { MultilineContentSettings } from "../../../functions/settings";
// Loaded by the first start pattern, which takes a while from sources.
import "../../../rules/regex/javascript";
import { cutBytes } from "../support/bytes";
import { read } from "../support/read";

const TRACES: MultilineContentSettings = {
  type: "multiline",
  startPattern: "^\\d{4}-",
  flags: "",
  maxLines: 100,
  maxBytes: 1000,
};

describe("plain lines", () => {
  it("are records of one field each, but for blank ones", async () => {
    const { records, counts } = await read("a {}\r\n \t\n\n 中\r \nx", { content: { type: "lines" } });
    expect(records.map(({ line, byte, fields }) => [line, byte, fields])).toEqual([
      [1, 0, { __CONTENT__: "a {}" }],
      [4, 10, { __CONTENT__: " 中\r " }],
      [5, 17, { __CONTENT__: "x" }],
    ]);
    expect(counts).toEqual({ lines: 5, records: 3, invalid: 0 });
  });

  it("are invalid over the limit, and counted where they are not UTF-8", async () => {
    const { invalid, counts } = await read([Buffer.from("abcdef\n\u00ff\n", "latin1")], {
      content: { type: "lines" },
      maxLineBytes: 5,
    });
    expect(invalid).toEqual([{ raw: "abcde", line: 1, byte: 0, reason: "over the line limit" }]);
    expect(counts).toEqual({ lines: 2, records: 1, invalid: 1, oversize: 1, invalidUtf8: 1 });
  });
});

describe("a start pattern that would go back without an end", () => {
  it.each(["^(a+)+$", "^(a|aa)+$", "^(?:a*)*b?$"])(
    "tells at once which lines begin a record: %s",
    async (startPattern) => {
      const startedAt = Date.now();
      const lines = `aaa\n${"a".repeat(4000)}!\naaa\n`.repeat(20);
      const { counts } = await read(lines, {
        content: { ...TRACES, maxBytes: 1_000_000, startPattern },
        maxLineBytes: 5000,
      });
      expect(counts).toMatchObject({ lines: 60, records: 40, invalid: 0 });
      expect(Date.now() - startedAt).toBeLessThan(2_000);
    },
  );
});

describe("a start pattern of very large counts", () => {
  it.each([
    ["on the first line", ""],
    ["behind lines that it tells at once", "aaa\n\tx\naaa\n"],
  ])("is a fault in time, behind the records before it: %s", async (_, before) => {
    const content = { ...TRACES, startPattern: "^aaa$|(?:a|b?){1000}c{500}d" };
    const startedAt = Date.now();
    const slow = `${"a".repeat(4000)}é\n`;
    const { records, error } = await read(`aaa\n${before}${slow.repeat(15)}`, { content, maxLineBytes: 5000 });
    expect(error).toMatchObject({ name: "ContentError", code: "START_PATTERN" });
    expect(error?.message).toContain("startPattern must tell within 2000 ms which lines begin a record, got no answer");
    expect(records[0].raw).toMatch(/^aaa/);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });
});

describe("lines that are joined", () => {
  it("are a record from one that the start pattern matches to the next, with its bytes as they were", async () => {
    const { records, counts } = await read("2026-01 Error\r\n\tat a\n\n\tat b\n2026-02 fine\n", { content: TRACES });
    expect(records).toEqual([
      {
        raw: "2026-01 Error\r\n\tat a\n\n\tat b",
        line: 1,
        byte: 0,
        fields: { __CONTENT__: "2026-01 Error\r\n\tat a\n\n\tat b" },
      },
      { raw: "2026-02 fine", line: 5, byte: 28, fields: { __CONTENT__: "2026-02 fine" } },
    ]);
    expect(counts).toEqual({ lines: 5, records: 2, invalid: 0 });
  });

  it("are a record as well where they stand before the first match, blank ones aside", async () => {
    const { records } = await read("\n \nrest\n2026-01\n", { content: TRACES });
    expect(records.map(({ raw, line, byte }) => [raw, line, byte])).toEqual([
      ["rest", 3, 3],
      ["2026-01", 4, 8],
    ]);
  });

  it("go on in a record of their own at the limit of lines or bytes, so that none is lost", async () => {
    const lines = await read("2026-\na\nb\nc\nd\n2026-\n", { content: { ...TRACES, maxLines: 2 } });
    expect(lines.records.map(({ raw }) => raw)).toEqual(["2026-\na", "b\nc", "d", "2026-"]);
    expect(lines.counts).toEqual({ lines: 6, records: 4, invalid: 0, oversize: 2 });
    const bytes = await read("2026-\naa\nbb\n2026-\n", { content: { ...TRACES, maxBytes: 8 } });
    expect(bytes.records.map(({ raw }) => raw)).toEqual(["2026-\naa", "bb", "2026-"]);
    expect(bytes.counts).toMatchObject({ oversize: 1 });
  });

  it("end before a line over the line limit, which is invalid", async () => {
    const { records, invalid, counts } = await read("2026-\na\nlonglonglong\nb\n", {
      content: TRACES,
      maxLineBytes: 6,
    });
    expect(records.map(({ raw }) => raw)).toEqual(["2026-\na", "b"]);
    expect(invalid).toMatchObject([{ raw: "longlo", line: 3 }]);
    expect(counts).toEqual({ lines: 4, records: 2, invalid: 1, oversize: 1 });
  });

  it("are handed out where a fault cuts the input, but for the line that it cut", async () => {
    const { records, error } = await read([Buffer.from("2026-\na\nhal"), new Error("lost")], { content: TRACES });
    expect(records.map(({ raw }) => raw)).toEqual(["2026-\na"]);
    expect(error?.message).toBe("lost");
  });

  it("are told by a pattern with flags, which looks at the first 4 KiB of a line", async () => {
    const content = { ...TRACES, startPattern: "begin|end$", flags: "iu" };
    const { records } = await read(`BEGIN\nx\nEnd\n${"y".repeat(5000)}end\n`, { content, maxLineBytes: 1e6 });
    expect(records.map(({ line }) => line)).toEqual([1, 3, 4]);
  });
});

describe("any text", () => {
  const line = fc.string({ unit: fc.constantFrom("2", "0", "6", "-", "a", " ", "\r", "中"), maxLength: 12 });
  const input = fc
    .array(fc.oneof(line, fc.constantFrom("2026-x", "", "\t", "at y")))
    .map((lines) => Buffer.from(lines.join("\n")));

  /** What joining must give, in the slow and obvious way, where no limit is met. */
  function joined(bytes: Uint8Array): string[] {
    const lines = Buffer.from(bytes).toString().split("\n");
    if (lines.at(-1) === "") lines.pop();
    const records: string[][] = [];
    for (const text of lines) {
      if (records.length === 0 && /^[ \t\r]*$/.test(text)) continue;
      if (records.length === 0 || /^\d{4}-/.test(text)) records.push([]);
      records.at(-1)?.push(text);
    }
    return records.map((texts) => texts.join("\n").replace(/\r$/, ""));
  }

  it("is joined as a naive reading would, however it is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(cutBytes(input), async ({ bytes, chunks }) => {
        const { records, counts } = await read(chunks, { content: TRACES, maxLineBytes: 1e6 });
        expect(records.map(({ fields }) => fields.__CONTENT__)).toEqual(joined(bytes));
        for (const { raw, byte } of records) {
          expect(Buffer.from(bytes.subarray(byte, byte + raw.length)).toString("latin1")).toBe(raw);
        }
        expect(counts.records).toBe(records.length);
      }),
      { numRuns: 500 },
    );
  });

  it("loses no line at any limit", async () => {
    const limits = fc.record({ maxLines: fc.integer({ min: 1, max: 4 }), maxBytes: fc.integer({ min: 1, max: 30 }) });
    await fc.assert(
      fc.asyncProperty(cutBytes(input), limits, async ({ bytes, chunks }, limit) => {
        const content = { ...TRACES, ...limit };
        const cut = await read(chunks, { content, maxLineBytes: 1e6 });
        expect(cut).toEqual(await read([bytes], { content, maxLineBytes: 1e6 }));
        const words = (texts: string[]) => texts.join("").replace(/[\r\n \t]/g, "");
        expect(words(cut.records.map(({ raw }) => raw))).toBe(words([Buffer.from(bytes).toString("latin1")]));
      }),
      { numRuns: 300 },
    );
  });
});
