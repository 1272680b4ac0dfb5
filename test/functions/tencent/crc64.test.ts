import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { Crc64 } from "../../../functions/tencent/crc64";
import { crc64Of } from "../support/crc64";

function sumOf(...chunks: Uint8Array[]): string {
  const sum = new Crc64();
  chunks.forEach((chunk) => sum.update(chunk));
  return sum.digest();
}

describe("the CRC-64 of COS", () => {
  it("is that of the catalogue: CRC-64/XZ of 123456789", () => {
    expect(sumOf(Buffer.from("123456789"))).toBe(String(0x995dc9bbdf1939fan));
    expect(crc64Of(Buffer.from("123456789"))).toBe(String(0x995dc9bbdf1939fan));
    expect(sumOf()).toBe("0");
  });

  it("is the same as bit by bit, however the bytes are cut", () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 });
    fc.assert(
      fc.property(chunks, (cut) => sumOf(...cut) === crc64Of(Buffer.concat(cut))),
      { numRuns: 500 },
    );
    const large = randomBytes(100_003);
    expect(sumOf(large)).toBe(crc64Of(large));
  });

  it("changes with each bit", () => {
    const bytes = randomBytes(40);
    const sums = new Set([sumOf(bytes)]);
    for (let bit = 0; bit < 320; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      sums.add(sumOf(flipped));
    }
    expect(sums.size).toBe(321);
  });
});
