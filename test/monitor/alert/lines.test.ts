import { textOf } from "../../../monitor/alert/lines";
import { durationWords } from "../../../monitor/alert/time";
import { alertOf, fileOf, monitorOf, NOW } from "./support";

function text(overrides: Parameters<typeof alertOf>[0] = {}, file = fileOf(), keptAt?: number): string[] {
  return textOf(alertOf(overrides), { file, now: NOW, keptAt }).split("\n");
}

const bare = { sample: undefined } as const;

describe("the text of an alert", () => {
  it("says what, where, how late, and shows the line with a link", () => {
    expect(text()).toEqual([
      "[critical] Errors · service=orders status=503 · ap-guangzhou/access-log",
      "first of this kind in 10 minutes, 2.0 s after it was written",
      '16:36:09.412 UTC+8  method=GET  path=/pay  status=503  took="0.812 s"  request_id=9f',
      "console: https://console.tencentcloud.com/cls/search?region=ap-guangzhou&topic_id=0c1d2e3f-0000-4000-8000-00000000aaaa" +
        "&time=2026-11-29T16:31:09.412,2026-11-29T16:41:09.412",
    ]);
  });

  it("says how many came at once, and which threshold they crossed", () => {
    expect(text({ count: 1204 })[1]).toBe(
      "first of this kind in 10 minutes, 1,204 at once, 2.0 s after it was written",
    );
    const file = fileOf({ monitors: [monitorOf({ threshold: { count: 100, withinMs: 60_000 } })] });
    expect(text({ count: 120 }, file)[1]).toBe(
      "120 records: 100 within 1 minute was crossed, 2.0 s after it was written",
    );
  });

  it("sums what came since, and names the regions where there are several", () => {
    const several = {
      ...bare,
      kind: "more",
      count: 1204,
      source: undefined,
      regions: ["ap-guangzhou", "ap-singapore"],
    } as const;
    expect(text({ ...several, lastAt: Date.UTC(2026, 10, 29, 8, 46, 2) })).toEqual([
      "[critical] Errors · service=orders status=503 · ap-guangzhou, ap-singapore",
      "+ 1,204 more, in 2 regions, last 16:46:02 UTC+8",
    ]);
  });

  it.each([
    ["recovery", { kind: "recovered" }, "recovered, silent for 10 minutes"],
    [
      "silence of what is pushed, which may be a stopped delivery",
      { kind: "missing", group: [], lastAt: NOW - 900_000 },
      "missing: no record for 15 minutes, last 16:21:11 UTC+8: nobody wrote, or the delivery has stopped, which look alike from here",
    ],
    [
      "silence of what is pulled",
      { kind: "missing", lastAt: 0, source: { name: "pulled-log", region: "ap-singapore", topic: "t" } },
      "missing: no record for 15 minutes",
    ],
    ["return", { kind: "returned", firstAt: NOW }, "returned: records again since 16:36:11 UTC+8"],
    ["loss", { kind: "lost", count: 12_000 }, "lost: 12,000 records can no longer be read"],
    [
      "loss of nobody knows how many",
      { kind: "lost", count: 0 },
      "lost: records, nobody knows how many, can no longer be read",
    ],
    ["test", { kind: "test" }, "a test: somebody tries the receivers, and nothing is wrong"],
  ] as const)("tells of a %s", (_, overrides, expected) => {
    const file = fileOf({ monitors: [monitorOf({ missing: { forMs: 900_000 } })] });
    expect(text({ ...bare, ...overrides }, file)[1]).toBe(expected);
  });

  it("gives the reason why a source cannot be read", () => {
    const lines = text({ ...bare, kind: "unreadable", words: "AuthFailure: the key is wrong" });
    expect(lines.slice(1)).toEqual([
      "unreadable: this source is not watched until it can be read again",
      "AuthFailure: the key is wrong",
    ]);
  });

  it("says in words what is late, sent again, kept, or stands for others", () => {
    const lines = text(
      { ...bare, marks: ["late", "again"], isOthers: true, group: [], firstAt: NOW - 90_000_000, arrivedAt: NOW },
      fileOf(),
      NOW - 3_600_000,
    );
    expect(lines.slice(0, 6)).toEqual([
      "[critical] Errors · others · ap-guangzhou/access-log",
      "first of this kind in 10 minutes, 1 day 1 hour after it was written",
      "others: all groups beyond the 1,000 that are told apart",
      "late: written 1 day 1 hour before it arrived here",
      "maybe again: it may have been sent before, and nobody confirmed it",
      "told late: kept since 15:36:11 UTC+8, 1 hour, while this receiver was away",
    ]);
  });

  it("shows times in the zone of the definition, with date and offset, and never a negative delay", () => {
    const file = fileOf({ display: { zone: "Asia/Kolkata", console: "console.cloud.tencent.com" } });
    const at = NOW - 86_400_000;
    const lines = text({ firstAt: NOW + 5_000, sample: { at, fields: [["message", "it failed"]], around: [] } }, file);
    expect(lines.slice(1)).toEqual([
      "first of this kind in 10 minutes, 0.0 s after it was written",
      "2026-11-28 14:06:11.500 UTC+5:30  it failed",
      expect.stringMatching(
        /^console: https:\/\/console\.cloud\.tencent\.com\/cls\/search\?.*&time=2026-11-28T14:01:11\.500,/,
      ),
    ]);
  });

  it("shows lines before the matched one, oldest first", () => {
    const sample = { at: NOW, fields: [["m", "x"]] as [string, string][], around: ["one", "two"] };
    expect(text({ sample }).slice(2, 5)).toEqual(["one", "two", "16:36:11.500 UTC+8  x"]);
  });

  it("shows control characters and marks of direction, and obeys none", () => {
    const lines = text({ sample: { at: NOW, fields: [["m", "\u001b[31mred\r\n\u202egnp\u0000"]], around: [] } });
    expect(lines[2]).toBe("16:36:11.500 UTC+8  \\x1b[31mred\\r\\n\\u{202e}gnp\\x00");
  });
});

test.each([
  [0, "0.0 s"],
  [2_149, "2.1 s"],
  [59_999, "59 s"],
  [60_000, "1 minute"],
  [90_000, "1 minute 30 seconds"],
  [5_400_000, "1 hour 30 minutes"],
  [-5, "0.0 s"],
])("%d ms are told as %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
