import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { sourceOf } from "../support/bytes";
import { unpack } from "../support/unpack";
import { runs } from "../../runs";

jest.setTimeout(30_000);

const large = Array.from(
  { length: 50_000 },
  (_, index) => `{"line":${index},"text":"${"x".repeat(index % 90)}"}\n`,
).join("");

describe("gzip of several members, each judged by what comes out of it", () => {
  const LINE = '{"line":1}\n';
  const tar = Buffer.alloc(1024);
  tar.write("a.log", 0);
  tar.write("0000644\0", 100);
  tar.fill(" ", 148, 156);
  tar.write(
    `${tar
      .subarray(0, 512)
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
  const FOREIGN: readonly (readonly [string, Buffer, string])[] = [
    ["gzip", gzipSync(LINE), "gzip"],
    ["a tar", tar, "a tar archive"],
    ["a zip", Buffer.from("504b03041400000000000000", "hex"), "a zip archive"],
    ["xz", Buffer.from("fd377a585a000004e6d6b446", "hex"), "xz"],
    ["UTF-16", Buffer.from(LINE.repeat(40), "utf16le"), "UTF-16 text"],
    ["a page", Buffer.from("<!doctype html><html><body>Bad Gateway</body></html>"), "an HTML page"],
    [
      "an error of COS",
      Buffer.from("<?xml version='1.0'?>\n<Error><Code>SlowDown</Code></Error>"),
      "an error document in XML",
    ],
    ["a JSON array", Buffer.from('[\n{"a":1},\n{"a":2}\n]\n'), "a JSON array"],
  ];
  const before: readonly (readonly [string, readonly string[]])[] = [
    ["a small one", [LINE]],
    ["an empty one", [""]],
    ["many", Array.from({ length: 500 }, (_, n) => `{"n":${n}}\n`)],
    ["a large one", [large]],
    ["one as long as what is judged", ["x".repeat(2046) + "\n\n"]],
  ];

  it.each(before.flatMap(([where, texts]) => FOREIGN.map((what) => [where, texts, ...what] as const)))(
    "behind %s: %j is not lines that are none: %s",
    async (_, texts, __, foreign, kind) => {
      const good = texts.map((text) => gzipSync(text));
      const object = Buffer.concat([...good, gzipSync(foreign), gzipSync(LINE)]);
      for (const size of [object.length, 1000, 7]) {
        if (size === 7 && object.length > 10_000) continue;
        const chunks = Array.from({ length: Math.ceil(object.length / size) }, (_, n) =>
          object.subarray(n * size, (n + 1) * size),
        );
        const { content, error } = await unpack(chunks);
        expect(content).toBe(texts.join(""));
        expect(error).toMatchObject({
          code: "WRONG_CONTENT",
          message: expect.stringContaining(`got ${kind} inside gzip`) as string,
        });
        const isFirst = texts.join("") === "";
        expect(error?.bytes).toBe(isFirst ? 0 : good.reduce((sum, { length }) => sum + length, 0));
      }
    },
  );

  it.each(["json", "csv", "text"] as const)("is read where members end anywhere in lines: %s", async (kind) => {
    // What a member may begin with, where it goes on with a line: pages, lists, names of formats, half of a character.
    const text = ["<html>", '[{"a":1},\n', "%PDF", "PAR1", "中文", "{}\n", "\n", "BZh", '"', "x\r", " "];
    const members = fc.array(fc.array(fc.constantFrom(...text), { maxLength: 6 }), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(members, fc.integer({ min: 1, max: 40 }), async (parts, size) => {
        const whole = Buffer.from(`{}\nx${parts.map((part) => part.join("")).join("")}`);
        const cut = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
          whole.subarray(n * size, (n + 1) * size),
        );
        // A line of JSON that is a page or a list stays one, wherever members begin.
        fc.pre(kind !== "json" || !/\n\s*(<html|\[\{)/.test(whole.toString()));
        const packed = Buffer.concat(cut.map((part) => gzipSync(part)));
        expect(await unpack([packed], { expect: kind })).toEqual({ content: whole.toString("latin1") });
      }),
      { numRuns: runs(50) },
    );
  });

  it("is read where a text goes on with the lines of a page, or with bytes that look like a member", async () => {
    const page = [gzipSync("GET / 200\n"), gzipSync("<html>\n<body/>\n"), gzipSync("GET /a 200\n")];
    for (const kind of ["csv", "text"] as const) {
      expect((await unpack([Buffer.concat(page)], { expect: kind })).error).toBeUndefined();
    }
    // Stored as they are: what only looks like a header leads nowhere.
    const looks = Buffer.concat([Buffer.from("\0\0\0\0\x1f\x8b\x08\0", "latin1"), Buffer.from(LINE)]);
    const stored = gzipSync(Buffer.concat([Buffer.from(LINE), looks]), { level: 0 });
    expect((await unpack([stored])).error).toBeUndefined();
    const { error } = await unpack([Buffer.concat([stored, gzipSync(gzipSync(LINE))])]);
    expect(error?.bytes).toBe(stored.length);
  });

  it("tells of what came before a member that is broken, and of no more", async () => {
    const nested = Buffer.concat([gzipSync(LINE), gzipSync(gzipSync(LINE))]);
    const broken = Buffer.from(nested);
    broken[broken.length - 6] ^= 1;
    for (const again of [undefined, () => sourceOf([broken])]) {
      const { content, error } = await unpack([broken], { again });
      expect(LINE.startsWith(content)).toBe(true);
      expect(error?.code).toMatch(/^(WRONG_CONTENT|GZIP_CORRUPT)$/);
    }
  });
});
