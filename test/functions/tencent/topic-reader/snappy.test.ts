import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SnappyError, unsnappy } from "../../../../functions/tencent/topic-reader/snappy";
import { snappy } from "../../../../local/cls/snappy";

interface Vector {
  readonly name: string;
  /** Base64. */
  readonly packed: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MAX = 64 * 1024 * 1024;

/** Made by python-snappy 0.7.0, which packs with the Snappy of cramjam 2.14.0. */
const VECTORS = JSON.parse(readFileSync(join(__dirname, "snappy-vectors.json"), "utf8")) as Vector[];

test.each(VECTORS)("unpacks $name as another implementation packed it", ({ packed, bytes, sha256 }) => {
  const unpacked = unsnappy(Buffer.from(packed, "base64"), MAX);
  expect(unpacked).toHaveLength(bytes);
  expect(createHash("sha256").update(unpacked).digest("hex")).toBe(sha256);
});

test.each([
  ["a literal whose length takes three bytes", [4, 0xf8, 3, 0, 0, 97, 98, 99, 100], "abcd"],
  ["a literal whose length takes four bytes", [4, 0xfc, 3, 0, 0, 0, 97, 98, 99, 100], "abcd"],
  ["a copy whose distance takes four bytes", [8, 12, 97, 98, 99, 100, 15, 4, 0, 0, 0], "abcdabcd"],
  ["a copy that reaches into itself", [10, 0, 97, 34, 1, 0], "aaaaaaaaaa"],
])("unpacks %s", (_name, block, text) => {
  expect(unsnappy(Uint8Array.from(block), MAX).toString()).toBe(text);
});

test.each([
  ["is empty", []],
  ["ends inside its length", [0x80]],
  ["has a length of more than 32 bits", [0xff, 0xff, 0xff, 0xff, 0x7f, 0]],
  ["promises more than it can hold", [0xff, 0xff, 0xff, 0x0f, 0]],
  ["ends inside a literal", [9, 32, 97]],
  ["ends inside a tag", [70, 0xf4, 3]],
  ["copies from before its begin", [8, 0, 97, 29, 2]],
  ["copies from where it stands", [8, 0, 97, 29, 0]],
  ["holds more than it promises", [1, 4, 97, 98]],
  ["copies more than it promises", [3, 0, 97, 34, 1, 0]],
  ["holds less than it promises", [3, 0, 97]],
])("refuses a block that %s", (_name, block) => {
  expect(() => unsnappy(Uint8Array.from(block), MAX)).toThrow(SnappyError);
});

test("refuses what is larger than was bargained for before it takes the memory", () => {
  expect(() => unsnappy(snappy(Buffer.alloc(10_000)), 9_999)).toThrow("at most 9999 bytes, got 10000");
});

test("unpacks whatever the local cloud packs", () => {
  const repetitive = fc
    .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 2000 })), { maxLength: 12 })
    .map((parts) => Buffer.concat(parts.flatMap(([piece, times]) => Array<Uint8Array>(times).fill(piece))));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 5000 }), repetitive), (bytes) => {
      expect(unsnappy(snappy(bytes), MAX).equals(bytes)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("what is hostile is refused, or unpacks to what it promised, and takes no more memory than that", () => {
  const [log] = VECTORS.filter(({ name }) => name.startsWith("a pattern")).map(({ packed }) =>
    Buffer.from(packed, "base64"),
  );
  const mutated = fc
    .array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const block = Buffer.from(log ?? []);
      for (const [at, value] of changes) block[at % block.length] = value;
      return block;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (block) => {
      try {
        expect(unsnappy(block, MAX).length).toBeLessThanOrEqual(block.length * 22);
      } catch (error) {
        expect(error).toBeInstanceOf(SnappyError);
      }
    }),
    { numRuns: 3000 },
  );
});
