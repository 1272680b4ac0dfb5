import * as fc from "fast-check";
import { LineBlock } from "../../../functions/records/line-block";
import { runs } from "../../runs";

/** Bytes of which eight may be a double that is no number, signalling or quiet, and any others. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.constantFrom(0x00, 0x01, 0x7f, 0xf0, 0xf4, 0xf8, 0xff), { maxLength: 80 }),
  fc.constantFrom(511, 512, 513, 1200).map((length) => new Uint8Array(length).fill(0xff)),
);

it("copies bytes as they are, from any place to any other, and nothing beside them", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), bytes, fc.nat(9)), { maxLength: 6 }), (copies) => {
      const block = new LineBlock(Buffer.alloc(8192, 0xaa));
      const expected: Buffer[] = [];
      for (const [before, copied, behind] of copies) {
        const from = Buffer.concat([Buffer.alloc(before, 1), Buffer.from(copied), Buffer.alloc(behind, 2)]);
        block.copy(from, before, before + copied.length);
        expected.push(Buffer.from(copied));
      }
      const all = Buffer.concat(expected);
      expect([block.used, block.room]).toEqual([all.length, 8192 - all.length]);
      expect(block.bytes.subarray(0, all.length).equals(all)).toBe(true);
      expect(block.bytes.subarray(all.length).every((byte) => byte === 0xaa)).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

it("writes the JSON of a text in at most six bytes a character and its quotes", () => {
  const character = fc.oneof(
    fc.constantFrom(
      '"',
      "\\",
      "/",
      "\u0000",
      "\u001f",
      " ",
      "~",
      "\u007f",
      "\u0080",
      "é",
      "中",
      "\u2028",
      "\ud800",
      "\udc00",
    ),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(character, { maxLength: 30 }), (characters) => {
      const text = characters.join("");
      const block = new LineBlock(Buffer.alloc(6 * text.length + 2));
      block.jsonText(text);
      expect(block.bytes.toString("utf8", 0, block.used)).toBe(JSON.stringify(text));
    }),
    { numRuns: runs(300) },
  );
});
