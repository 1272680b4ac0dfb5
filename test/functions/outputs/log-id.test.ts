import { LogIds } from "../../../functions/outputs/log-id";
import type { OutgoingRecord } from "../../../functions/records/contracts";

/** The ids of records of these lines, in their order. */
function idsOf(lines: readonly number[], output = "main", input = "cos://logs-1250000000/cls/a.gz", stream = "") {
  const ids = new LogIds(output, input, stream);
  return lines.map((line) => ids.next({ place: { object: input, line, byte: 0 } } as OutgoingRecord));
}

const LINES = [1, 2, 2, 2, 255, 256, 257, 300, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40];

describe("ids of records", () => {
  it("are 32 hex digits, which begin with the same for all of an input", () => {
    const ids = idsOf(LINES);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.slice(0, 4).map((id) => id.slice(20))).toEqual([
      "000000010000",
      "000000020000",
      "000000020001",
      "000000020002",
    ]);
    expect(ids[10].slice(20)).toBe("ffffffff0000");
    expect(new Set(ids.slice(0, 11).map((id) => id.slice(0, 20))).size).toBe(1);
  });

  it("never change between releases", () => {
    expect([...idsOf([1, 2 ** 32]), ...idsOf([1], "main", undefined, "lines-")]).toEqual([
      "0ed5f79ac3f78b93cd58000000010000",
      "88e1ff77739b700956623bc8dc425ca6",
      "d7c7ea733efa28fa40c5000000010000",
    ]);
    expect(idsOf(Array.from({ length: 65_537 }, () => 7)).at(-1)).toBe("1a6793b7dc5d2ae85c013509bbb977c2");
  });

  it("are the same at each delivery", () => {
    expect(idsOf(LINES)).toEqual(idsOf(LINES));
  });

  it("are the same where another invocation goes on behind a line", () => {
    const all = idsOf(LINES);
    const starts = LINES.flatMap((line, at) => (line > (LINES[at - 1] ?? 0) ? [at] : []));
    for (const start of starts) expect(idsOf(LINES.slice(start))).toEqual(all.slice(start));
  });

  it("are others for each record, output, input and stream", () => {
    const all = [
      idsOf(LINES),
      idsOf(LINES, "other"),
      idsOf(LINES, "main", "cos://logs-1250000000/cls/b.gz"),
      idsOf(LINES, "main", undefined, "lines-"),
    ].flat();
    expect(new Set(all).size).toBe(4 * LINES.length);
  });

  it("are others for each of more records than four digits count, of one line", () => {
    const ids = idsOf(Array.from({ length: 70_000 }, () => 7));
    expect(new Set(ids).size).toBe(70_000);
  });

  it("are others for each record of a line whose numbers no longer fit, and of the lines around it", () => {
    const many = Array.from({ length: 65_540 }, () => 2 ** 32 - 1);
    const ids = idsOf([2 ** 32 - 2, ...many, 2 ** 32, 2 ** 32]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[65_536].slice(20)).toBe("ffffffffffff");
    for (const id of ids.slice(65_537)) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it("of records that come late count with those of the last line", () => {
    const [, , late, next] = idsOf([5, 9, 5, 9]);
    expect([late, next].map((id) => id.slice(20))).toEqual(["000000090001", "000000090002"]);
  });
});
