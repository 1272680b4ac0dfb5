import { join } from "node:path";
import fc from "fast-check";
import { compileMonitorRules } from "../../../functions/monitor/rules";
import { LineRecord } from "../../../functions/records/line-record";
import { BatchMatcher, readDefinition, recordOfText, type GroupMatches, type RecordView } from "../../../monitor";
import { jsonText } from "../../../monitor/match/json-text";
import { fields as anyFields } from "../support/records";

const NOW = Date.UTC(2026, 10, 29, 16, 36, 10);
const PARTS = join(__dirname, "../../../dist/parts");

const SOURCES = {
  gz: { region: "ap-guangzhou", topic: "topic-gz" },
  sg: { region: "ap-singapore", topic: "topic-sg" },
};

function record(fields: object): RecordView {
  return new LineRecord(Buffer.from(JSON.stringify(fields)), { object: "cls://t/h", line: 1, byte: 0 });
}

/** A matcher of one monitor. */
function matcherOf(monitor: object): BatchMatcher {
  const { file, problems } = readDefinition({
    monitors: [{ name: "M", alert: { to: "oncall" }, ...monitor }],
    sources: SOURCES,
    receivers: { oncall: { url: { env: "URL" } } },
    state: "memory",
  });
  expect(problems).toEqual([]);
  return new BatchMatcher(file as NonNullable<typeof file>, (text) => compileMonitorRules(text, PARTS));
}

function groupsOf(
  monitor: object,
  records: readonly RecordView[],
  name: keyof typeof SOURCES = "gz",
): readonly GroupMatches[] {
  const source = { name, ...SOURCES[name] };
  return matcherOf(monitor).match({ source, position: "p", arrivedAt: NOW, records }).matches.groups;
}

function matches(match: object, fields: object): boolean {
  return groupsOf({ match }, [record(fields)]).length > 0;
}

describe("a condition", () => {
  it.each<[string, object, object, boolean]>([
    ["a pattern in its field", { status: "^5\\d\\d$" }, { status: "503" }, true],
    ["a number as its JSON", { status: "^5\\d\\d$" }, { status: 503 }, true],
    ["no pattern in another field", { status: "^5\\d\\d$" }, { status: 200, path: "/503" }, false],
    ["no field that is not there", { status: "" + "." }, { path: "/" }, false],
    ["nothing that a record inherits", { constructor: "." }, { path: "/" }, false],
    ["a text in any field", { text: "panic:" }, { a: "x", b: "a panic: b" }, true],
    ["no name of a field", { text: "panic" }, { panic: "x" }, false],
    ["nothing in the record's time", { text: "17" }, { __TIMESTAMP__: 1700000000000, a: "x" }, false],
    ["what an escape stands for", { message: 'äöü\n"' }, { message: 'äöü\n"' }, true],
    ["an object as its JSON", { error: '"code":7' }, { error: { code: 7 } }, true],
    ["null as its JSON", { error: "^null$" }, { error: null }, true],
    ["a number that is large enough", { request_time: ">= 3" }, { request_time: 3 }, true],
    ["a text that is such a number", { request_time: ">= 3" }, { request_time: " 3.5e0 " }, true],
    ["no number that is too small", { request_time: ">= 3" }, { request_time: "2.999" }, false],
    ["no text that is no number", { request_time: "!= 3" }, { request_time: "-" }, false],
    ["no empty text as a number", { request_time: "< 3" }, { request_time: "" }, false],
    ["no null as a number", { request_time: "< 3" }, { request_time: null }, false],
    ["no hexadecimal", { n: "= 16" }, { n: "0x10" }, false],
    ["all fields of one condition", { status: 500, path: "^/pay" }, { status: "500", path: "/pay" }, true],
    ["not some fields of one condition", { status: 500, path: "^/pay" }, { status: "500", path: "/" }, false],
    ["not what it excludes", { text: "error", not: { path: "^/health" } }, { path: "/health", m: "error" }, false],
    ["any of several", { any: [{ a: "1" }, { b: "2" }] }, { b: 2 }, true],
    ["a field with a reserved name", { fields: { text: "^a$" } }, { text: "a" }, true],
    ["case or not, as its flag says", { text: /PANIC/i }, { m: "Panic" }, true],
  ])("finds %s", (_, match, fields, expected) => {
    expect(matches(match, fields)).toBe(expected);
  });

  it("finds what JavaScript finds in the parsed record, whatever the record", () => {
    const patterns = ["^5\\d\\d$", "a|b", "[^\\x00-\\x7f]", "\\u00e9", "^$", '"', "\\\\", "null|true"];
    const tests = patterns.map((pattern) => ({
      pattern,
      field: matcherOf({ match: { a: pattern } }),
      any: matcherOf({ match: { text: pattern } }),
    }));
    const source = { name: "gz", ...SOURCES.gz };
    const finds = (matcher: BatchMatcher, records: RecordView[]) =>
      matcher.match({ source, position: "p", arrivedAt: NOW, records }).matches.groups.length > 0;
    fc.assert(
      fc.property(anyFields, (fields) => {
        const parsed = JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
        const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
        for (const { pattern, field, any } of tests) {
          const regExp = new RegExp(pattern);
          expect(finds(field, [record(fields)])).toBe(Object.hasOwn(parsed, "a") && regExp.test(text(parsed.a)));
          expect(finds(any, [record(fields)])).toBe(Object.values(parsed).some((value) => regExp.test(text(value))));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("looks at bytes that are no text as what can be read of them", () => {
    const bytes = Buffer.concat([
      Buffer.from([0, 0xff, 0xfe, 0xc3]),
      Buffer.from("panic:"),
      Buffer.from([0x80, 0x1b, 7]),
    ]);
    const [found, ...others] = groupsOf({ match: { text: "panic:" }, group: ["__CONTENT__"] }, [recordOfText(bytes)]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ count: 1, group: ["\0\ufffd\ufffd\ufffdpanic:\ufffd\x1b\x07"] });
    expect(() => Buffer.from(JSON.stringify(found)).toString()).not.toThrow();
  });

  it("looks at a line that is no JSON as a text", () => {
    expect(groupsOf({ match: { text: "panic" } }, [recordOfText(Buffer.from("panic: not json {"))])).toHaveLength(1);
  });
});

describe("a batch", () => {
  const records = [
    record({ __TIMESTAMP__: NOW - 2100, service: "orders", status: 503, path: "/pay", password: "hunter2" }),
    record({ __TIMESTAMP__: NOW - 2000, service: "orders", status: 200, path: "/ok", nested: { password: "x" } }),
    record({ __TIMESTAMP__: NOW - 1100, service: "users", status: 500, path: "/me", password: "hunter2" }),
    record({ __TIMESTAMP__: NOW - 1050, service: "orders", status: 503, path: "/pay2" }),
    record({ __TIMESTAMP__: NOW + 60_000, status: 500 }),
  ];

  it("is counted by group, with the records' own times, and the first match as the sample", () => {
    const groups = groupsOf(
      { match: { status: "^5" }, group: ["service", "status"], threshold: { count: 2, within: "1m" } },
      records,
    );
    expect(
      groups.map(({ group, count, firstAt, lastAt, seconds }) => ({ group, count, firstAt, lastAt, seconds })),
    ).toEqual([
      {
        group: ["orders", "503"],
        count: 2,
        firstAt: NOW - 2100,
        lastAt: NOW - 1050,
        seconds: [
          [Math.floor((NOW - 2100) / 1000), 1],
          [Math.floor((NOW - 1050) / 1000), 1],
        ],
      },
      {
        group: ["users", "500"],
        count: 1,
        firstAt: NOW - 1100,
        lastAt: NOW - 1100,
        seconds: [[Math.floor((NOW - 1100) / 1000), 1]],
      },
      // A time in the future is that of the arrival, so that no delay is negative.
      { group: ["", "500"], count: 1, firstAt: NOW, lastAt: NOW, seconds: [[NOW / 1000, 1]] },
    ]);
    expect(groups[0].sample.at).toBe(NOW - 2100);
  });

  it("has no time of its own where that is no number: true is not the first millisecond of 1970", () => {
    for (const time of [true, [5], {}, null, "", "soon", -1]) {
      const [{ firstAt }] = groupsOf({ match: { a: "x" } }, [record({ __TIMESTAMP__: time, a: "x" })]);
      expect(firstAt).toBe(NOW);
    }
    const [{ firstAt }] = groupsOf({ match: { a: "x" } }, [record({ __TIMESTAMP__: String(NOW - 5), a: "x" })]);
    expect(firstAt).toBe(NOW - 5);
  });

  it("is in no group by what must not be seen, wherever in a group's value that stands", () => {
    const records = ["s3cr3t-1", "s3cr3t-2"].map((token) =>
      record({
        token,
        url: `/pay?user=${token}&token=${token}`,
        more: { token: "inner-secret" },
        m: "has inner-secret",
      }),
    );
    const groups = groupsOf(
      { match: { url: "pay" }, group: ["url", "m", "more"], sample: { redact: ["token"] } },
      records,
    );
    expect(groups.map(({ count, group }) => [count, group])).toEqual([
      [2, ["/pay?user=***&token=***", "has ***", '{"token":"***"}']],
    ]);
    expect(JSON.stringify(groups)).not.toMatch(/s3cr3t|inner-secret/);
  });

  it("shows fields in the order asked for, what was before, and nothing of what is masked", () => {
    const sample = { fields: ["status", "path", "password", "absent"], around: 2, redact: ["password"] };
    const [group] = groupsOf({ match: { service: "users" }, sample }, records);
    expect(group.sample).toEqual({
      at: NOW - 1100,
      fields: [
        ["status", "500"],
        ["path", "/me"],
        ["password", "***"],
      ],
      around: [
        `{"__TIMESTAMP__":${NOW - 2100},"service":"orders","status":503,"path":"/pay","password":"***"}`,
        `{"__TIMESTAMP__":${NOW - 2000},"service":"orders","status":200,"path":"/ok","nested":{"password":"***"}}`,
      ],
    });
  });

  it.each([5_000, 100_000])("looks at lines beside one that is %i levels deep, and into that", (depth) => {
    const nest = `${"[".repeat(depth)}{"token":"s3cr3t-0042","m":"panic"}${"]".repeat(depth)}`;
    const raw = Buffer.from(`{"service":"deep","d":${nest},"u":"s3cr3t-0042"}`);
    const deep = new LineRecord(raw, { object: "cls://t/h", line: 1, byte: 0 });
    const sample = { around: 1, redact: ["token"] };
    const lines = [deep, record({ service: "flat", m: "panic" })];
    const [first, second] = groupsOf({ match: { text: "panic" }, group: "service", sample }, lines);
    expect([first.group, second.group]).toEqual([["deep"], ["flat"]]);
    expect(first.sample.fields.at(-1)).toEqual(["u", "***"]);
    expect(groupsOf({ match: { d: '"token":"s3c' } }, lines)).toHaveLength(1);
    expect(groupsOf({ match: { text: "nowhere" } }, lines)).toEqual([]);
  });

  it("writes what is deep as JSON.stringify would, had it the stack", () => {
    const deep = (value: unknown): unknown =>
      JSON.parse(`${"[".repeat(9_000)}${JSON.stringify(value)}${"]".repeat(9_000)}`);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonText(deep(value));
        expect(text.slice(9_000, -9_000)).toBe(JSON.stringify(value));
      }),
      { numRuns: 50 },
    );
  });

  it("shows nothing of what is masked under another name, though the field itself is not shown", () => {
    const secret = "s3cr3t-0042";
    const lines = [
      record({ path: `/before/${secret}` }),
      record({
        service: "users",
        url: `/u/${secret}`,
        user: { token: secret },
        Token: 12345678,
        m: "12345678 in",
        n: 7,
      }),
      record({ text: `${"x".repeat(1_995)}${secret}`, service: "late", token: secret }),
    ];
    const sample = { fields: ["url", "m", "Token", "n", "text"], around: 1, redact: ["token"] };
    const groups = groupsOf({ match: { text: "users|late" }, group: "service", sample }, lines);
    expect(groups[0].sample).toMatchObject({
      fields: [
        ["url", "/u/***"],
        ["m", "*** in"],
        ["Token", "***"],
        ["n", "7"],
      ],
      around: ['{"path":"/before/***"}'],
    });
    expect(JSON.stringify(groups)).not.toContain("s3cr");
  });

  it("keeps samples small, and characters whole", () => {
    const long = "x".repeat(1999) + "😀" + "y".repeat(1_000_000);
    const [group] = groupsOf({ match: { text: "x" }, group: ["m"] }, [record({ m: long })]);
    expect(group.sample.fields).toEqual([["m", `${"x".repeat(1999)}…`]]);
    expect(group.group).toEqual(["x".repeat(256)]);
  });

  it("is looked at by the monitors of its source only", () => {
    expect(groupsOf({ match: { text: "pay" } }, records, "sg")).toHaveLength(1);
    const { file } = readDefinition({
      monitors: [
        { name: "M", sources: ["sg"], match: { status: "^5" }, alert: { to: "o" } },
        { name: "N", sources: ["gz"], missing: { for: "5m" }, alert: { to: "o" } },
      ],
      sources: SOURCES,
      receivers: { o: { url: { env: "URL" } } },
      state: "memory",
    });
    const matcher = new BatchMatcher(file as NonNullable<typeof file>);
    expect(
      matcher.match({ source: { name: "gz", ...SOURCES.gz }, position: "p", arrivedAt: NOW, records }).matches.groups,
    ).toEqual([]);
  });

  it("has matched where rules keep a record, as they left it", () => {
    const rules = 'e_keep(e_search("status: 503"))\ne_set("service", str_upper(v("service")))';
    const [group] = groupsOf({ rules, group: ["service"], sample: { fields: ["service", "path"] } }, records);
    expect(group).toMatchObject({
      group: ["ORDERS"],
      count: 2,
      sample: {
        at: NOW - 2100,
        fields: [
          ["service", "ORDERS"],
          ["path", "/pay"],
        ],
      },
    });
  });

  it("says on how many records a rule text failed", () => {
    const matcher = matcherOf({ rules: 'e_set("n", op_div_floor(1, ct_int(v("status"))))' });
    const batch = { source: { name: "gz", ...SOURCES.gz }, position: "p", arrivedAt: NOW };
    const { matches: found, failed } = matcher.match({
      ...batch,
      records: [record({ status: "0" }), record({ status: "1" })],
    });
    expect(failed).toEqual({ M: 1 });
    expect(found.groups).toMatchObject([{ count: 1 }]);
  });
});
