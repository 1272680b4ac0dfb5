import { gzipSync } from "node:zlib";
import { openClsEvent, readClsEvent } from "../../../functions/events/cls-event";
import { eventOf, type Reading, readInPlace, readPlainly } from "../support/plain-event";
import { scanner } from "../../../functions/parser/scan/scanner";
import { Random } from "../parser/scan/random";
import { randomEvent } from "../support/random-event";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const JSON_CHECK: Reading = { check: "json", maxLineBytes: 1024 * 1024 };

/** Both ways must tell the same. */
async function expectSame(json: string | Uint8Array, reading = JSON_CHECK): Promise<void> {
  const bytes = Buffer.from(json);
  const [inPlace, plain] = [await readInPlace(bytes, reading), await readPlainly(bytes, reading)];
  // One comparison of a text: a tree of thousands of records takes Jest minutes.
  if (JSON.stringify(inPlace) !== JSON.stringify(plain)) expect(inPlace).toEqual(plain);
}

function bodyOf(...logs: string[]): string {
  return `{"topic_id":"t","topic_name":"n","records":[${logs.join(",")}]}`;
}

function logOf(content: string, timestamp = '"1605578090000123"'): string {
  return `{"timestamp":${timestamp},"content":${content}}`;
}

describe("logs that are read where they stand are those that two calls of JSON.parse give", () => {
  it.each<[string, string]>([
    ["objects", '"{\\"a\\":\\"1\\",\\"b\\":[1,{\\"c\\":null}]}"'],
    ["an object of nothing", '"{}"'],
    ["an object of spaces", '" { } "'],
    ["spaces around tokens", '"  {  \\"a\\" : 1 }  "'],
    ["an escaped space in front", '"\\t{\\"a\\":1}"'],
    ["escaped spaces behind", '"{\\"a\\":1}\\r\\t "'],
    ["line feeds between tokens", '"{\\r\\n\\"a\\":\\n1\\n}"'],
    ["a line feed in a string", '"{\\"a\\":\\"x\\ny\\"}"'],
    ["a carriage return between tokens", '"{\\"a\\":1,\\r\\"b\\":2}"'],
    ["a tab in a string", '"{\\"a\\":\\"x\\ty\\"}"'],
    ["escapes of the JSON inside", '"{\\"a\\":\\"\\\\n\\\\\\\\\\\\\\"\\\\u4e2d\\"}"'],
    ["letters that need no escape", '"{\\"\\u4e2d\\":\\"\\u00e9\\u003c\\u0026\\ud83d\\ude00\\"}"'],
    ["letters of ASCII that need none", '"{\\"\\u0061\\":\\"\\u0041\\/\\"}"'],
    ["half of a surrogate pair", '"{\\"a\\":\\"\\ud83d\\"}"'],
    ["a surrogate pair the wrong way round", '"{\\"a\\":\\"\\ude00\\ud83d\\"}"'],
    ["a half and then a whole pair", '"{\\"a\\":\\"\\ud83d\\ud83d\\ude00\\"}"'],
    ["the time as a field of its own", '"{\\"__TIMESTAMP__\\":5}"'],
    ["the time as a field in an object", '"{\\"a\\":{\\"__TIMESTAMP__\\":5}}"'],
    ["the time as a field, its name escaped inside", '"{\\"__TIMEST\\\\u0041MP__\\":5}"'],
    ["the time as a field, its name escaped outside", '"{\\"\\u005f_TIMESTAMP__\\":5}"'],
    ["the time as a field, its name escaped in both", '"{\\"\\\\\\u0075005f_TIMESTAMP__\\":5}"'],
    ["the time as a field, the backslash of its escape escaped", '"{\\"\\u005cu005f_TIMESTAMP__\\":5}"'],
    ["the time as a field, a digit of its escape escaped", '"{\\"\\\\u0\\u003054IMESTAMP__\\":5}"'],
    ["keys that stand twice", '"{\\"a\\":1,\\"a\\":2}"'],
    ["a key __proto__", '"{\\"__proto__\\":1}"'],
    ["big numbers", '"{\\"a\\":12345678901234567890,\\"b\\":-0,\\"c\\":1e999}"'],
    ["text", '"GET /index.html 200"'],
    ["text with escapes", '"say \\"x\\"\\n\\t\\\\ \\b\\f\\r"'],
    ["text with escapes that it does not need", '"a\\/b\\u0041\\u0007"'],
    ["text that begins with an escape", '"\\"quoted\\" text"'],
    ["text that begins like an object", '"{cut"'],
    ["text behind an object", '"{} x"'],
    ["two objects", '"{}{}"'],
    ["text of a brace", '"{"'],
    ["text of spaces", '"  "'],
    ["text of one backslash", '"\\\\"'],
    ["a comma behind the brace", '"{,\\"a\\":1}"'],
    ["a list", '"[1]"'],
    ["nothing", '""'],
    ["an object that is no text", '{"a":"1","b":[2]}'],
    ["an object that is no text, with the time", '{"__TIMESTAMP__":3}'],
    ["a list that is no text", "[1]"],
    ["null", "null"],
  ])("%s", async (_, content) => {
    const logs = ['"123456"', "123456", '""', '"soon"', "1.5e3", "-5", "null", "[1]", '"1 "', "1e20", "1.75"]
      .concat('"9007199254740993"', '"00123456"', "9007199254740993")
      .map((timestamp) => logOf(content, timestamp));
    const others = [
      `{"content":${content}}`,
      `{"content":${content},"timestamp":"7000"}`,
      `{"content":"{}","content":${content}}`,
      `{"content":${content},"content":"{}","timestamp":1,"timestamp":2000}`,
      `{"c\\u006fntent":${content},"timestamp":5}`,
      ` { "source" : {"a":[]} ,\n "content"\t: ${content} , "x" : 1e5 } `,
    ];
    await expectSame(bodyOf(...logs, ...others, logOf('"{}"')));
    await expectSame(bodyOf(...logs, ...others), { check: "shape", maxLineBytes: 1024 * 1024 });
    await expectSame(bodyOf(...logs, ...others), { check: "json", maxLineBytes: 40 });
  });

  it.each<[string, string]>([
    ["a list of nothing", bodyOf()],
    ["a list of spaces", bodyOf("\n ")],
    ["logs that are no objects", bodyOf("null", "1", '"x"', "true", "[]", "{}", '{"a":1}')],
    [
      "line feeds between tokens",
      '\n{\n"topic_id"\n:\n"t"\n,\r\n"records": [\n{\n"content"\n:\n"{}"\n}\n,\n{}\n]\n}\n',
    ],
    ["the list twice", '{"records":[{"content":"{}"}],"topic_id":"t","records":[{"content":"x"}]}'],
    ["the list, then something else", '{"records":[{"content":"{}"}],"topic_id":"t","records":5}'],
    ["names that are escaped", '{"t\\u006fpic_id":"t","record\\u0073":[{"content":"{}"}]}'],
    [
      "members around the list",
      '{"a":[{}],"topic_id":"u","records":[{"content":"x"}],"b":{"c":[1,"]}"]},"topic_id":"t"}',
    ],
    ["nothing", "{}"],
    ["no list", '{"topic_id":"t"}'],
    ["an empty id", '{"topic_id":"","records":[]}'],
    ["a list that is none", '{"topic_id":"t","records":{}}'],
    ["a list that does not end", '{"topic_id":"t","records":[{"content":"{}"}'],
    ["an event that does not end", '{"topic_id":"t","records":[{"content":"{}"}]'],
    ["text behind", `${bodyOf()}x`],
    ["a comma behind the last log", bodyOf(logOf('"x"'), "")],
    ["a comma behind the last member", '{"topic_id":"t","records":[],}'],
    ["no comma", bodyOf(`${logOf('"x"')}${logOf('"y"')}`)],
    ["a control character in a text", bodyOf(logOf('"a\tb"'))],
    ["an escape that is none", bodyOf(logOf('"a\\xb"'))],
    ["a byte order mark", `\ufeff${bodyOf()}`],
    ["text", "password"],
    ["null", "null"],
    ["a list alone", '[{"content":"{}"}]'],
  ])("in an event with %s", async (_, json) => {
    await expectSame(json);
  });

  it("where bytes are not UTF-8", async () => {
    const json = Buffer.from(bodyOf(logOf('"{\\"a\\":\\"\xff\xc3\\"}"'), logOf('"\xe4\xb8"'), logOf('"ok"')), "latin1");
    await expectSame(json);
  });

  it("where logs are longer than a piece, and where they end near its end", async () => {
    const long = (bytes: number) => logOf(`"{\\"a\\":\\"${"x".repeat(bytes)}\\"}"`);
    for (const bytes of [65_400, 130_900, 131_000, 131_072, 262_000, 262_144, 500_000]) {
      await expectSame(bodyOf(logOf('"{}"'), long(bytes), logOf('"x"'), long(10)));
    }
    const text = (bytes: number) => logOf(`"${"\\\\".repeat(bytes)}"`);
    await expectSame(bodyOf(text(65_000), text(70_000), text(140_000), logOf('"{}"')));
  });

  it("where they have more members than a scan holds, or nest deeper than it looks", async () => {
    const wide = `{${Array.from({ length: 9000 }, (_, n) => `"k${n}":${n}`).join(",")}}`;
    const deep = `{"a":${"[".repeat(100)}1${"]".repeat(100)}}`;
    const logs = [wide, deep, "{}", wide, '{"a":1}'].map((json) => logOf(JSON.stringify(json)));
    await expectSame(bodyOf(...logs, `{"content":${deep}}`, `{"other":${deep}}`, ...logs));
  });

  it("where there are many", async () => {
    const logs = Array.from({ length: 10_000 }, (_, n) => logOf(n % 3 === 0 ? `"text ${n}"` : `"{\\"n\\":${n}}"`));
    await expectSame(bodyOf(...logs));
    await expectSame(bodyOf(...Array.from({ length: 9_000 }, (_, n) => (n % 2 === 0 ? "0" : '{"content":""}'))));
  });

  it("whatever they hold, however it is escaped, and whatever is broken", async () => {
    const random = new Random(SEED);
    let broken = 0;
    for (let round = 0; round < 400; round++) {
      const json = randomEvent(random);
      await expectSame(json, { check: round % 5 === 0 ? "shape" : "json", maxLineBytes: round % 3 === 0 ? 100 : 1e6 });
      const changed = Buffer.from(json);
      changed[random.below(changed.length)] = random.below(256);
      await expectSame(changed);
      if (typeof (await readInPlace(changed, JSON_CHECK)) === "string") broken++;
    }
    expect(broken).toBeGreaterThan(20);
    console.log(`400 events, as many with a byte changed, ${broken} of them broken (LOGS_SEED=${SEED})`);
  });
});

describe("an event that is opened and not read", () => {
  it("shows its JSON, whatever that is, and is proven when it is read", () => {
    const opened = openClsEvent(
      eventOf(Buffer.from('{"topic_id":"t","records":[{"content":"say \\"x\\""}]'), gzipSync),
    );
    expect(opened.json.includes('say \\"x\\"')).toBe(true);
    expect(() => opened.read()).toThrow("clslogs.data must be base64 of JSON, got 51 characters of something else");
    expect(openClsEvent(eventOf(Buffer.from("\xff", "latin1"))).json.toString()).toBe("\ufffd");
  });
});

describe("where logs stand", () => {
  it("is told for each, its content in its JSON's escapes", () => {
    const logs = [
      logOf('"{\\"a\\":1}"'),
      '{"content":{}}',
      logOf('"text"'),
      `{"deep":${"[".repeat(99)}${"]".repeat(99)}}`,
    ];
    const { json, ...delivered } = new Told(bodyOf(...logs));
    expect(delivered.logs).toEqual(logs);
    // JSON.parse does not tell where it finds something.
    expect(delivered.contents).toEqual(scanner() === undefined ? logs : ['{\\"a\\":1}', logs[1], "text", logs[3]]);
    expect(delivered.lines).toEqual([
      '{"__TIMESTAMP__":1605578090000,"a":1}',
      "{}",
      '{"__TIMESTAMP__":1605578090000,"__CONTENT__":"text"}',
      `[${logs[3]}]`,
    ]);
    expect(json.indexOf("text")).toBeGreaterThan(0);
  });
});

class Told {
  readonly json: Buffer;
  readonly logs: string[] = [];
  readonly contents: string[] = [];
  readonly lines: string[] = [];

  constructor(body: string) {
    const { logs } = readClsEvent(eventOf(Buffer.from(body)));
    this.json = logs.json;
    for (const piece of logs.pieces()) {
      for (let log = 0; log < piece.count; log++) {
        this.logs.push(this.json.toString("utf8", piece.start(log), piece.end(log)));
        this.contents.push(this.json.toString("utf8", piece.contentStart(log), piece.contentEnd(log)));
        this.lines.push(piece.line(log).toString());
      }
    }
  }
}
