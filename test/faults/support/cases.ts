import { gzipSync } from "node:zlib";
import type { Fault } from "../../functions/support/faults";
import { toGbk } from "../../functions/support/gbk";
import { framed } from "../../functions/support/snappy-framed";
import { ZSTD, ZSTD_LINES } from "../../functions/support/zstd";
import { type Case, type Expectation, recordsOf, seen } from "./oracle";

/** Content and its records. */
export type Sample = Pick<Case, "content" | "records" | "reading">;

const TEXT = Buffer.from('{"a":1}\r\n{"ü":"中文🙂"}\n\nno record\n[1]\n{"b":{"c":"\\n"}}\n{"last":true}');

/** A few lines of every kind, uncompressed. */
export const PLAIN: Sample = { content: TEXT, records: recordsOf(TEXT) };

/** The same lines, compressed as two members, so that a cut can be between them. */
export const PACKED: Sample = {
  content: Buffer.concat([gzipSync(TEXT.subarray(0, 30)), gzipSync(TEXT.subarray(30))]),
  records: PLAIN.records,
};

const LIST = Buffer.from('[{"a":1},\n {"b":"中文🙂"}, 7,{"c":{\n  "d": "]}\\n"\n}},{"last":true}]');

/** An object of {@link LIST}, with its start in the list. */
function ofList(number: number, start: string, raw: string): string {
  return seen(number, LIST.indexOf(start), Buffer.from(raw).toString("latin1"));
}

const ROWS = ["time;msg", "1;one", '2;"two', 'lines"', "none", "3;中文"];
const CSV = Buffer.from(ROWS.join("\r\n"));

/** Inputs in other formats than JSON lines: a few records of each, with an invalid one. */
export const INPUTS: Readonly<Record<string, Sample>> = {
  "a list of JSON": {
    content: LIST,
    records: [
      ofList(1, '{"a"', '{"a":1}'),
      ofList(2, '{"b"', '{"b":"中文🙂"}'),
      ofList(4, '{"c"', '{"c":{"d": "]}\\n"}}'),
      ofList(5, '{"last"', '{"last":true}'),
    ],
    reading: { content: { type: "json-values" } },
  },
  CSV: {
    content: CSV,
    records: [
      seen(2, CSV.indexOf("1;"), "1;one"),
      seen(3, CSV.indexOf("2;"), '2;"two\r\nlines"'),
      seen(6, CSV.indexOf("3;"), Buffer.from("3;中文").toString("latin1")),
    ],
    reading: { content: { type: "csv", header: true, delimiter: ";", quote: '"' } },
  },
  GBK: {
    content: toGbk(TEXT.toString().replace("ü", "用户").replace("🙂", "")),
    records: recordsOf(Buffer.from(TEXT.toString().replace("ü", "用户").replace("🙂", ""))),
    reading: { content: { type: "json", encoding: "gbk" } },
  },
  snappy: { content: framed(TEXT, 20), records: PLAIN.records },
  zstd: { content: ZSTD, records: recordsOf(Buffer.from(ZSTD_LINES)), reading: { compressions: ["zstd"] } },
};

/** Many lines with little repetition, compressed. */
export function largeSample(lines: number, random: () => number): Sample {
  const line = (_: unknown, index: number) =>
    JSON.stringify({
      index,
      status: 200 + Math.floor(random() * 400),
      id: random().toString(36),
      text: "中".repeat(index % 5),
    });
  const text = Buffer.from(`${Array.from({ length: lines }, line).join("\n")}\n`);
  return { content: gzipSync(text, { level: 1 }), records: recordsOf(text) };
}

const status = (statusCode: number, code: string, rest: object = {}): Fault => ({
  type: "status",
  statusCode,
  code,
  ...rest,
});
const cut = (afterBytes: number, how: "rst" | "fin" = "fin"): Fault => ({ type: "reset", afterBytes, how });
const permanent = (code: string): Expectation => ({ kind: "permanent", code });
const transient = (code: string): Expectation => ({ kind: "transient", code });

/** Temporary faults, single or in sequence. */
const PASSING: Readonly<Record<string, Fault>> = {
  "a reset before the answer": { type: "hangUp", how: "rst" },
  "an end before the answer": { type: "hangUp", how: "fin" },
  "half of the headers": { type: "silence", sent: "HTTP/1.1 200 OK\r\nContent-" },
  "no answer": { type: "silence" },
  "what is not HTTP": { type: "garbage" },
  "HTTP 500": status(500, "InternalError"),
  "HTTP 503": status(503, "SlowDown"),
  "HTTP 503 without a document": status(503, "SlowDown", { document: "none" }),
  "HTTP 502 of a proxy": status(502, "HTTP_502", { document: "html" }),
  "HTTP 429": status(429, "TooManyRequests"),
  "HTTP 408": status(408, "RequestTimeout"),
};

/** Permanent refusals, with their error codes. */
const REFUSALS: Readonly<Record<string, [fault: Fault, code: string]>> = {
  "no right": [status(403, "AccessDenied"), "AccessDenied"],
  "a wrong key": [status(403, "InvalidAccessKeyId"), "InvalidAccessKeyId"],
  "a wrong signature": [status(403, "SignatureDoesNotMatch"), "SignatureDoesNotMatch"],
  "an expired token": [status(403, "ExpiredToken"), "ExpiredToken"],
  "a skewed clock": [status(403, "RequestTimeTooSkewed"), "RequestTimeTooSkewed"],
  "an object that is gone": [status(404, "NoSuchKey"), "NoSuchKey"],
  "a bucket that is gone": [status(404, "NoSuchBucket"), "NoSuchBucket"],
  "a malformed document": [status(404, "NoSuchKey", { document: "malformed" }), "HTTP_404"],
  "a page that is no document": [status(404, "NoSuchKey", { document: "html" }), "HTTP_404"],
  "an endless document": [status(403, "AccessDenied", { document: "huge" }), "AccessDenied"],
  "a document that is cut off": [status(403, "AccessDenied", { document: "cut" }), "HTTP_403"],
  "a document that repeats the signature": [
    status(403, "SignatureDoesNotMatch", { document: "telltale" }),
    "SignatureDoesNotMatch",
  ],
  "a document that stalls": [status(403, "AccessDenied", { document: "stalled" }), "HTTP_403"],
  "a redirect": [status(301, "PermanentRedirect", { location: "http://elsewhere.example/" }), "Redirected"],
  "a redirect to nowhere": [status(307, "TemporaryRedirect", { document: "none" }), "Redirected"],
};

/** Answers to a resumed request that do not continue the object. */
const STRANGERS: Readonly<Record<string, [fault: Fault, code: string]>> = {
  "the whole object": [{ type: "ignoreRange" }, "InvalidRange"],
  "a range that starts later": [{ type: "shiftRange", by: 1 }, "InvalidRange"],
  "another ETag": [{ type: "none", eTag: '"other"' }, "PreconditionFailed"],
  "no ETag": [{ type: "none", eTag: null }, "PreconditionFailed"],
  "another size": [{ type: "otherTotal", by: 7 }, "PreconditionFailed"],
};

/** One fault of each kind, with a name that is allowed in a key. */
export const EVERY_FAULT: Readonly<Record<string, Fault>> = Object.fromEntries(
  [
    ...Object.entries(PASSING),
    ...Object.entries({ ...REFUSALS, ...STRANGERS }).map(([name, [fault]]) => [name, fault] as const),
    ...[cut(20, "rst"), cut(20, "fin")].map((fault, index) => [`a cut ${index}`, fault] as const),
    ["a chunked body cut", { type: "chunked", afterBytes: 20 }] as const,
    ["a body without length", { type: "untilClose", afterBytes: 20 }] as const,
    ["a stall", { type: "stall", afterBytes: 20 }] as const,
    ["a trickle", { type: "slow", bytes: 20, ms: 2 }] as const,
  ].map(([name, fault]) => [name.replaceAll(" ", "-"), fault]),
);

/** The connection breaks at byte `k`, and the retry returns the rest. */
export function cutCases(sample: Sample, k: number): Case[] {
  const named = (name: string, faults: Fault[]): Case => ({
    ...sample,
    name: `${name} at ${k}`,
    faults,
    expect: "all",
  });
  return [
    named("reset", [cut(k, "rst")]),
    named("end", [cut(k, "fin")]),
    named("stall", [{ type: "stall", afterBytes: k }]),
    named("chunked body cut", [{ type: "chunked", afterBytes: k }]),
  ];
}

/** All faults when the read is resumed at byte `k`, from 1 to one before the last. */
export function resumeCases(sample: Sample, k: number): Case[] {
  const named = (name: string, faults: Fault[], expect: Expectation, endless = false): Case => {
    return {
      ...sample,
      name: `cut at ${k}, then ${name}`,
      faults: [cut(k), ...faults],
      expect,
      endless,
      resumed: true,
    };
  };
  return [
    ...Object.entries(PASSING).map(([name, fault]) => named(name, [fault], "all")),
    ...Object.entries({ ...REFUSALS, ...STRANGERS }).map(([name, [fault, code]]) =>
      named(name, [fault], permanent(code), true),
    ),
    named("HTTP 503 for ever", [status(503, "SlowDown")], transient("SlowDown"), true),
    named(
      "little in each answer",
      [{ type: "shortRange", bytes: Math.max(2, sample.content.length >> 6) }],
      "all",
      true,
    ),
    named("one byte at a time", [cut(1), { type: "shortRange", bytes: 1 }, cut(1, "rst")], "all"),
    { ...named("a replacement", [], permanent("PreconditionFailed")), replacement: replacementOf(sample) },
    { ...named("the end of an object without ETag", [], transient("ECONNRESET")), faults: [{ ...cut(k), eTag: null }] },
  ];
}

/** All faults of the first request. */
export function firstRequestCases(sample: Sample): Case[] {
  const named = (name: string, faults: Fault[], expect: Expectation, endless = false): Case => {
    return { ...sample, name: `at first ${name}`, faults, expect, endless };
  };
  return [
    named("nothing", [], "all"),
    named("no ETag", [{ type: "none", eTag: null }], "all"),
    named("a slow trickle", [{ type: "slow", bytes: 7, ms: 3 }], "all"),
    ...Object.entries(PASSING).map(([name, fault]) => named(name, [fault], "all")),
    named("all that passes", Object.values(PASSING).slice(0, 5), "all"),
    ...Object.entries(REFUSALS).map(([name, [fault, code]]) => named(name, [fault], permanent(code), true)),
    { ...named("silence for ever", [{ type: "silence" }], transient("ETIMEDOUT"), true), retries: 1 },
    named("resets for ever", [{ type: "hangUp", how: "rst" }], transient("ECONNRESET"), true),
    named("HTTP 500 for ever", [status(500, "InternalError")], transient("InternalError"), true),
    named("no length", [{ type: "untilClose", afterBytes: 20 }], transient("NoLength"), true),
  ];
}

/** A read that is repeatedly interrupted by temporary faults, at random bytes. */
export function randomCase(sample: Sample, random: () => number, interruptions: number): Case {
  const passing = Object.values(PASSING).filter(({ type }) => type !== "silence");
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  const faults: Fault[] = [];
  for (let index = 0; index < interruptions; index++) {
    const afterBytes = 1 + Math.floor((random() * 2 * sample.content.length) / interruptions);
    faults.push(cut(afterBytes, pick(["rst", "fin"])));
    if (random() < 0.5) faults.push(pick(passing));
  }
  // A reset can discard everything that its connection delivered.
  const retries = faults.length;
  return {
    ...sample,
    name: `${interruptions} interruptions: ${JSON.stringify(faults)}`,
    faults,
    retries,
    expect: "all",
  };
}

function replacementOf(sample: Sample): Sample {
  const text = Buffer.from('{"new":1}\n'.repeat(20));
  const content = sample.content[0] === 0x1f ? gzipSync(text) : text;
  return { content, records: recordsOf(text) };
}
