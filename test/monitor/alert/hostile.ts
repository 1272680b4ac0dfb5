import fc from "fast-check";
import type { Alert } from "../../../monitor/alert/alert";
import { alertOf } from "./support";

/** What would call somebody, open something, change how the rest looks, or break a body, where a receiver obeyed it. */
export const HOSTILE = [
  "<!everyone>",
  "<!channel|x>",
  "<@U012345>",
  "<@all>",
  "@all",
  "@everyone",
  "@channel",
  "@here",
  "@所有人",
  "@ All now",
  '<at user_id="all"></at>',
  "<at id=all></at>",
  "https://evil.example.com/a?b=c",
  "http://10.0.0.1/",
  "ftp://x.cn",
  "www.evil.com",
  "evil.com",
  "a.b.co.uk",
  "mailto:a@evil.com",
  "[click](https://evil.com)",
  "<https://evil.com|click>",
  '<a href="x">',
  '<font color="warning">',
  "![i](http://x.io/i.png)",
  "**bold** _it_ ~no~ # head\n> quote",
  "```\ncode\n```",
  "`",
  "``` `` `",
  '"}]},"x":[{',
  "\\",
  '\\"',
  "&amp;&lt;",
  "\u0000\u0007\u001b[2J\u009b",
  "\r\n\n",
  "\u202e\u2066\u200b\u200d\ufeff\u00ad",
  "\ud83d",
  "\udc00x",
  "👩‍👩‍👧‍👦🇨🇳",
  "e\u0301\u0302\u0303",
  "中文错误：连接超时",
  " ",
  "",
  "__proto__",
  "${x} {{y}} %s",
];

const text = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...HOSTILE) }, fc.string({ maxLength: 12, unit: "binary" })),
    {
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(""));

/** Now and then longer than any message. */
const longText = fc
  .tuple(text, fc.constantFrom(1, 1, 1, 3, 50, 3_000))
  .map(([piece, times]) => piece.repeat(times).slice(0, 60_000));

const pairs = (most: number) => fc.array(fc.tuple(text, longText), { maxLength: most });

/** Alerts whose every text comes from somebody who wants to break something. */
export const hostileAlert: fc.Arbitrary<Alert> = fc
  .record({
    kind: fc.constantFrom<Alert["kind"]>("first", "more", "recovered", "missing", "lost", "unreadable", "test"),
    group: pairs(12),
    fields: pairs(12),
    around: fc.array(longText, { maxLength: 10 }),
    words: fc.option(longText, { nil: undefined }),
    isOthers: fc.boolean(),
    hasSource: fc.boolean(),
    marks: fc.subarray<"late" | "again">(["late", "again"]),
  })
  .map(({ fields, around, hasSource, ...rest }) => {
    const alert = alertOf(rest);
    const sample = { at: alert.firstAt, fields, around };
    return { ...alert, sample, ...(!hasSource && { source: undefined, regions: ["ap-guangzhou", "eu-frankfurt"] }) };
  });
