import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { emptyCounts } from "../../../functions/parser/counts";
import { decompress } from "../../../functions/parser/decompress";
import { decoded, isUtf16, likelyEncoding, utf16Order } from "../../../functions/parser/encoding";
import { parse } from "../../../functions/parser/parse";
import type { ContentSettings } from "../../../functions/settings";
import { collect, sourceOf } from "../support/bytes";
import { toGbk } from "../support/gbk";
import { read } from "../support/read";

const CHINESE = "用户登录失败，请稍后重试。\n订单已支付，等待商家发货。\n";
const be = (text: string) => Buffer.from(text, "utf16le").swap16();

async function decode(chunks: Iterable<Uint8Array>, label: string) {
  const counts = emptyCounts();
  const { items } = await collect(decoded(chunks, label, counts));
  return { text: Buffer.concat(items).toString(), counts };
}

/** An object through unpacking, judging and parsing, as the handler reads it. */
async function stored(object: Buffer, content: ContentSettings) {
  const counts = emptyCounts();
  const expect = content.type === "json" || content.type === "csv" ? content.type : "text";
  const source = decompress(sourceOf([object]), { expect, encoding: content.encoding });
  const options = { object: "a", check: "json" as const, maxLineBytes: 1000, content };
  const { items, error } = await collect(parse(source, options, counts));
  return { fields: items.flatMap(({ records }) => records.map((record) => record.fields)), counts, error };
}

describe("text in another encoding", () => {
  it.each(["gbk", "gb18030", "big5", "shift_jis", "euc-kr", "utf-16le", "utf-16be", "iso-2022-jp", "windows-1252"])(
    "is what TextDecoder makes of all of it, however it is cut, in %s",
    async (label) => {
      const byte = fc.oneof(
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(0x0a, 0x1b, 0x24, 0x42, 0x81, 0x30, 0xb0),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(byte, { maxLength: 80 }), fc.integer({ min: 1, max: 9 }), async (bytes, size) => {
          const all = Buffer.from(bytes);
          const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
            all.subarray(at * size, (at + 1) * size),
          );
          // A mark tells more than the label: that has a test of its own.
          fc.pre(!/^(efbbbf|fffe|feff)/.test(all.toString("hex")));
          const { text, counts } = await decode(chunks, label);
          // In one call Node takes windows-1252 for Latin-1.
          const whole = new TextDecoder(label);
          expect(text).toBe(whole.decode(all, { stream: true }) + whole.decode());
          const broken = text.split("\n").filter((line) => line.includes("\ufffd")).length;
          expect(counts.invalidUtf8 ?? 0).toBe(broken);
        }),
        { numRuns: 150 },
      );
    },
  );

  it("is told by its mark where it has one, whatever was said", async () => {
    expect(await decode([Buffer.from("\ufeff失", "utf16le")], "gbk")).toMatchObject({ text: "失" });
    expect(await decode([be("\ufeff失")], "utf-16le")).toMatchObject({ text: "失" });
    expect(await decode([Buffer.from("\ufeff失")], "gbk")).toMatchObject({ text: "失" });
  });

  it("has its records at the places of its UTF-8, and is counted where bytes are none of it", async () => {
    const bytes = Buffer.concat([toGbk('{"a":"失败"}\n{"a":"'), Buffer.from([0xb0]), toGbk('"}\n{"a":1}\n')]);
    const { records, counts } = await read([bytes], { content: { type: "json", encoding: "gbk" } });
    expect(records.map(({ line, byte, fields }) => [line, byte, fields])).toEqual([
      [1, 0, { a: "失败" }],
      [2, Buffer.byteLength('{"a":"失败"}\n'), { a: "\ufffd" }],
      [3, Buffer.byteLength('{"a":"失败"}\n{"a":"\ufffd"}\n'), { a: 1 }],
    ]);
    expect(counts).toEqual({ lines: 3, records: 3, invalid: 0, invalidUtf8: 1 });
  });

  it.each<[string, ContentSettings, string, unknown[]]>([
    ["JSON lines", { type: "json" }, '{"a":"失败"}\n', [{ a: "失败" }]],
    ["CSV", { type: "csv", header: true, delimiter: ",", quote: '"' }, 'a,b\r1,"失\r败"\r', [{ a: "1", b: "失\r败" }]],
    ["lines", { type: "lines" }, "登录失败\n", [{ __CONTENT__: "登录失败" }]],
    [
      "joined lines",
      { type: "multiline", startPattern: "^错", flags: "", maxLines: 9, maxBytes: 999 },
      "错误\n 在\n错误\n",
      [{ __CONTENT__: "错误\n 在" }, { __CONTENT__: "错误" }],
    ],
  ])("is read by every reader: %s", async (_, content, text, fields) => {
    for (const [label, bytes] of [
      ["gbk", toGbk(text)],
      ["utf-16le", Buffer.from(text, "utf16le")],
      ["utf-16be", be(`\ufeff${text}`)],
      ["utf-8", Buffer.from(text)],
    ] as const) {
      for (const object of [bytes, gzipSync(bytes)]) {
        const outcome = await stored(object, { ...content, encoding: label });
        expect(outcome).toMatchObject({ fields, error: undefined });
      }
    }
  });

  it.each([
    ["UTF-8 where GBK was said", Buffer.from('{"a":"登录失败了"}\n'), "gbk", "got UTF-8 text; leave out encoding"],
    ["ASCII where UTF-16 was said", Buffer.from('{"a":"a long enough line"}\n'), "utf-16le", "got UTF-8 text"],
    ["gzip inside gzip", gzipSync(gzipSync("{}")), "gbk", "got gzip inside gzip"],
    ["a page", Buffer.from("<html>失败</html>", "utf16le"), "utf-16le", "got an HTML page"],
  ])("is a fault that says what came: %s", async (_, object, encoding, message) => {
    const { error } = await stored(object, { type: "json", encoding });
    expect(error).toMatchObject({ code: "WRONG_CONTENT", message: expect.stringContaining(message) as string });
  });
});

describe("text whose encoding nobody said", () => {
  it("is named where it is GBK", async () => {
    for (const content of [{ type: "lines" }, { type: "json" }] as const) {
      const text = content.type === "json" ? '{"a":"用户登录失败"}\n' : CHINESE;
      expect((await stored(toGbk(text.repeat(3)), content)).counts).toMatchObject({ looksLike: "gbk" });
    }
  });

  it.each([
    ["UTF-8 that is broken", Buffer.from(CHINESE).subarray(1, 20)],
    ["one byte", Buffer.from([0xff])],
    ["Latin-1", Buffer.from("El niño está en la habitación, ¿qué pasó?", "latin1")],
    ["Shift JIS", Buffer.from("838d834f83438393820e8eb8947382b582dc82b582bd", "hex")],
    ["random bytes", Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7919) % 256))],
  ])("is not named where it cannot be told: %s", (_, bytes) => {
    expect(likelyEncoding(bytes)).toBeUndefined();
  });

  it.each([
    ["Chinese in JSON", `{"time":1,"message":"${CHINESE.trim().replace("\n", "")}"}\n`.repeat(3)],
    ["ASCII", "a line of text\nanother\n"],
  ])("is a fault that names the order of UTF-16: %s", async (_, text) => {
    for (const [label, bytes] of [
      ["utf-16le", Buffer.from(text, "utf16le")],
      ["utf-16be", be(text)],
      ["utf-16le", Buffer.from(`\ufeff${text}`, "utf16le")],
      ["utf-16be", be(`\ufeff${text}`)],
    ] as const) {
      expect(utf16Order(bytes)).toBe(label);
      const { error } = await stored(bytes, { type: "lines" });
      const message = expect.stringContaining(`got UTF-16 text; set content's encoding to "${label}"`) as string;
      expect(error).toMatchObject({ code: "WRONG_CONTENT", message });
    }
  });

  it("is not taken for UTF-16 where it is UTF-8, GBK, or binary", () => {
    const binary = Buffer.from(Array.from({ length: 512 }, (_, at) => (at % 2 === 0 ? 0 : (at * 31) % 256)));
    const nuls = Buffer.concat([Buffer.from('{"a":1}\n'), Buffer.alloc(40), Buffer.from('{"a":2}\n')]);
    for (const bytes of [Buffer.from(CHINESE), toGbk(CHINESE), binary, nuls]) expect(isUtf16(bytes)).toBe(false);
  });
});
