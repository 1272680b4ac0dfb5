import fc from "fast-check";
import { maskJson } from "../../../functions/redact/json-text";
import { kindsOf } from "../../../functions/redact/kinds";
import { Masker, type RedactCounts } from "../../../functions/redact/masker";
import { Redactor } from "../../../functions/redact/redactor";
import type { ClsLabels, OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import type { RedactSettings } from "../../../functions/settings";
import { runs } from "../../runs";

const PLACE = { object: "cos://b/k", line: 1, byte: 0 };
const ORDER = { type: "pattern", name: "order", source: "订单号\\d{3,8}|PO-\\d+", flags: "" } as const;
const ALL: RedactSettings = [
  { type: "phone" },
  { type: "idCard" },
  { type: "email" },
  { type: "bankCard" },
  { type: "tencentKeys" },
  ORDER,
];

function masked(text: string, settings: RedactSettings = ALL): string {
  return new Masker(kindsOf(settings)).text(text, {});
}

function redact(line: string, settings: RedactSettings = ALL, labels?: ClsLabels) {
  const counts: RedactCounts = {};
  const record = new LineRecord(Buffer.from(line), PLACE, labels);
  const [result] = new Redactor(settings).redact([record], counts);
  return { result, text: Buffer.from(result.raw).toString(), isSame: result === record, counts };
}

describe("what is masked in a text", () => {
  it.each([
    ["13800138000", "[phone]"],
    ["电话：13800138000。", "电话：[phone]。"],
    ["+86 138-0013-8000, 8613900139000", "[phone], [phone]"],
    ["2026-01-01 13800138000 12:00", "2026-01-01 [phone] 12:00"],
    ["uid_19912345678x", "uid_[phone]x"],
    ["id 11010519491231002X", "id [idCard]"],
    ["110101199003077757, 110101199003077774", "110101199003077757, [idCard]"],
    // Letters around a number are no part of it: Chinese has no spaces.
    ["ID110101199003077774号11010519491231002x。", "ID[idCard]号[idCard]。"],
    ["tel13800138000x卡6222021234567890128元", "tel[phone]x卡[bankCard]元"],
    ["id=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&x", "id=[tencentKeys]&x"],
    ["token AKIDo1-temporary_key_0123456789", "token [tencentKeys]"],
    ["me.you+x@mail.example.com.cn!", "[email]!"],
    ["?mail=you%40example.com&x", "?mail=[email]&x"],
    ["card 6222021234567890128", "card [bankCard]"],
    ["6222 0212 3456 7890 128 paid 12", "[bankCard] paid 12"],
    ["4111-1111-1111-1111 12 378282246310005", "[bankCard] 12 [bankCard]"],
    ["key AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE.", "key [tencentKeys]."],
    ['{"secretKey":"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}', '{"secretKey":"[tencentKeys]"}'],
    ["TENCENTCLOUD_SECRET_KEY=Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "TENCENTCLOUD_SECRET_KEY=[tencentKeys]"],
    ["订单号12345 and PO-7", "[order] and [order]"],
    ['{"a":"\\u0031\\u00338001380\\\\u00300"}', '{"a":"[phone]"}'],
  ])("%s", (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    ["a longer number", "138001380001, 213800138000"],
    ["a number of no operator", "12800138000"],
    ["times since 1970, whatever their unit", "1767225600000 1767225600000000 1767225600000000000"],
    ["a fraction", "0.13800138000 3.6222021234567890128"],
    ["a card with a wrong last digit", "6222021234567890127"],
    ["a resident's number with a day that is none", "110101199013077774"],
    ["a resident's number with another check digit", "110101199003077775 11010519491231002 11010519491231003X"],
    ["a resident's number inside a longer one", "9110101199003077774 1101011990030777740"],
    ["a card inside a longer number", "16222021234567890128 62220212345678901281"],
    ["an address without a domain", "user@localhost, @you"],
    ["a word that begins like a key", "AKID AKIDshort"],
    ["an escape of what is none", "\\u4e2d\\u0041 plain"],
  ])("and what is not: %s", (_name, text) => {
    expect(masked(text)).toBe(text);
  });
});

describe("what is masked in a line of JSON", () => {
  it.each<[string, string, string]>([
    ["a value", '{"a": "13800138000", "b":1.50}', '{"a": "[phone]", "b":1.50}'],
    [
      "a number",
      '{"a":13800138000,"b":-13800138000.0,"c":1.3800138e10}',
      '{"a":"[phone]","b":"-[phone]","c":"[phone]"}',
    ],
    ["a number beyond 2^53", '{"a":110101199003077774,"t":1767225600000}', '{"a":"[idCard]","t":1767225600000}'],
    ["deep values", '{"a":[{"b":[["x 13800138000"]]}]}', '{"a":[{"b":[["x [phone]"]]}]}'],
    ["escapes", '{"a":"1380013\\u0038000","b":"you\\u0040example.com"}', '{"a":"[phone]","b":"[email]"}'],
    ["a key that stands twice", '{"a":"13800138000","a":"x"}', '{"a":"[phone]","a":"x"}'],
    ["keys, which stay two", '{"13800138000":1,"13900139000":2}', '{"[phone]":1,"[phone] 2":2}'],
    [
      "JSON in a text",
      JSON.stringify({ m: JSON.stringify({ p: "13800138000", q: JSON.stringify({ e: "a@b.cn" }) }) }),
      JSON.stringify({ m: JSON.stringify({ p: "[phone]", q: JSON.stringify({ e: "[email]" }) }) }),
    ],
    [
      "a secret by its name",
      '{"SecretKey" : "whatever", "tmp_session-token":"x"}',
      '{"SecretKey" : "[tencentKeys]", "tmp_session-token":"[tencentKeys]"}',
    ],
    ["what is no JSON", 'broken {"a":"13800138000" 13900139000', 'broken {"a":"[phone]" "[phone]"'],
    ["a text without an end", '{"a":"13800138000\\', '{"a":"[phone]\\\\"'],
  ])("%s", (_name, line, expected) => {
    expect(redact(line).text).toBe(expected);
  });

  it("counts each kind, and hands on a record in which nothing is found as it is", () => {
    expect(redact('{"a":"13800138000 and 13900139000","b":"a@b.cn"}').counts).toEqual({ phone: 2, email: 1 });
    expect(redact('{"a":"nothing","b":1767225600000,"c":"\\u4e2d"}')).toMatchObject({ isSame: true, counts: {} });
  });

  it("masks labels as well", () => {
    const { result } = redact('{"a":1}', ALL, { source: "13800138000", tags: { user: "a@b.cn", secretKey: "x" } });
    expect((result as OutgoingRecord).labels).toEqual({
      source: "[phone]",
      tags: { user: "[email]", secretKey: "[tencentKeys]" },
    });
  });
});

/** All texts, keys and numbers of a value, and of what its texts hold as JSON. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      const inner = JSON.parse(value) as unknown;
      return typeof inner === "object" ? [value, ...textsIn(inner)] : [value];
    } catch {
      return [value];
    }
  }
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

/** A value as JSON, with some characters of its texts as escapes, and spaces between. */
function written(value: unknown, escapes: () => boolean): string {
  const texts = JSON.stringify(value).replace(
    /"(?:[^"\\]|\\.)*"/g,
    (token) =>
      `"${[...token.slice(1, -1)]
        .map((character, at, all) => {
          const isPlain =
            /[A-Za-z0-9@.中é]/.test(character) &&
            all[at - 1] !== "\\" &&
            !/\\u[0-9a-f]{0,3}$/.test(all.slice(Math.max(0, at - 6), at).join(""));
          return isPlain && escapes() ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : character;
        })
        .join("")}"`,
  );
  return texts;
}

describe("for any line of JSON", () => {
  const SECRETS = [
    "13800138000",
    "110101199003077774",
    "you@example.com",
    "6222021234567890128",
    "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  ];
  const plain = fc.stringMatching(/^[ a-z中é"\\\n{}:,]{0,8}$/);
  const around = fc
    .tuple(plain, fc.constantFrom(...SECRETS), plain)
    .map(([before, secret, after]) => `${before} ${secret} ${after}`);
  const leaf = fc.oneof(plain, around, fc.constantFrom(13800138000, 6222021234567890, 1.5, null, true));
  const { object } = fc.letrec<{ object: object; value: unknown }>((tie) => ({
    object: fc.dictionary(fc.oneof(plain, around), tie("value"), { maxKeys: 4 }),
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
      tie("object").map((inner) => JSON.stringify(inner)),
    ),
  }));

  it("no secret is left in it, wherever it stands and however it is written", () => {
    fc.assert(
      fc.property(object, fc.infiniteStream(fc.boolean()), (value, stream) => {
        const line = written(value, () => stream.next().value);
        expect(JSON.parse(line)).toEqual(value);
        const { text } = redact(line);
        const left = textsIn(JSON.parse(text)).filter((one) => SECRETS.some((secret) => one.includes(secret)));
        expect(left).toEqual([]);
        expect(textsIn(JSON.parse(text))).not.toContain("13800138000");
      }),
      { numRuns: runs(100) },
    );
  });

  it("the look at its bytes passes over none that is masked", () => {
    fc.assert(
      fc.property(
        object,
        fc.infiniteStream(fc.boolean()),
        fc.subarray([...ALL], { minLength: 1 }),
        (value, stream, settings) => {
          const line = written(value, () => stream.next().value);
          const whole = maskJson(line, new Masker(kindsOf(settings)), {}) ?? line;
          expect(redact(line, settings).text).toBe(whole);
          // Twice is as once.
          expect(redact(whole, settings).text).toBe(whole);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

it("takes time by a line's length alone, whatever it holds", () => {
  const size = 300_000;
  const hostile = [
    "1",
    "1 ",
    "86",
    "138 0013 800",
    "a",
    "a@",
    "a.",
    "@",
    "\\\\",
    "\\u0031",
    '\\"',
    "AKID",
    "secret_key=",
    "[1e",
    "6222 ",
  ];
  const started = process.cpuUsage();
  for (const piece of hostile) redact(`{"a":"${piece.repeat(Math.ceil(size / piece.length))}"}`);
  redact("1".repeat(size));
  redact('"'.repeat(size));
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(8_000);
});
