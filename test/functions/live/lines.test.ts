import fc from "fast-check";
import { LineAssembler, piecesOf } from "../../../functions/live/lines";

function linesOf(chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const assembler = new LineAssembler((text) => void lines.push(text ?? "lost"));
  for (const chunk of chunks) assembler.write(chunk);
  assembler.flush();
  return lines;
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const TEXT = "订单 7\r\n😀 one\n\nx\ry\r\r\nend without";

it("finds the same lines wherever the bytes are cut", () => {
  const bytes = Buffer.from(TEXT);
  const whole = linesOf([bytes]);
  expect(whole).toEqual(["订单 7", "😀 one", "", "x\ry\r", "end without"]);
  for (let at = 0; at <= bytes.length; at++)
    expect(linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
});

it("finds the lines of any bytes, and its text in any chunks", () => {
  const chunks = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(), { maxLength: 6 }));
  fc.assert(
    fc.property(chunks, ([made, places]) => {
      const bytes = Buffer.from(made.map((byte) => (byte % 7 === 0 ? 10 : byte)));
      const lines = bytes.toString().split("\n");
      if (lines[lines.length - 1] === "") lines.pop();
      const expected = lines.map((line, index) =>
        index < lines.length || line !== "" ? line.replace(/\r$/, "") : line,
      );
      expect(linesOf(cut(bytes, places))).toEqual(expected);
    }),
  );
});

it("counts the lines that pass by unseen, and does not take the rest of one for a line", () => {
  const lines: (string | undefined)[] = [];
  const assembler = new LineAssembler((text) => void lines.push(text));
  expect(assembler.pass("a\nb")).toBe(1);
  assembler.write("c\nd\n");
  expect(lines).toEqual([undefined, "d"]);
  assembler.write("half");
  expect(assembler.pass(Buffer.from("x\ny\n"))).toBe(2);
  assembler.write("whole\n");
  expect(lines).toEqual([undefined, "d", "whole"]);
});

it("takes text in other encodings as its bytes", () => {
  const lines: (string | undefined)[] = [];
  const assembler = new LineAssembler((text) => void lines.push(text));
  assembler.write("c3bc0a", "hex");
  assembler.write("\u00fc\n", "latin1");
  expect(lines).toEqual(["ü", "\ufffd"]);
});

it("cuts pieces that are no longer than a record, and make the text again", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 900 }),
      (unit, times) => {
        const text = unit.repeat(times);
        const pieces = piecesOf(text);
        expect(pieces.join("")).toBe(text);
        expect(pieces.every((piece) => Buffer.byteLength(piece) <= 8192)).toBe(true);
      },
    ),
  );
});
