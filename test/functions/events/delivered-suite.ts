import { readClsEvent } from "../../../functions/events/cls-event";
import { scanner } from "../../../functions/parser/scan/scanner";
import { MEMBERS } from "../../../functions/parser/scan/tape";
import { Random } from "../parser/scan/random";
import { eventOf, type Reading, readInPlace, readPlainly } from "../support/plain-event";
import { randomEvent } from "../support/random-event";

const JSON_CHECK: Reading = { check: "json", maxLineBytes: 1024 * 1024 };

/** Throws if logs that are read in place differ from the result of two calls of JSON.parse. */
async function proveSame(json: string | Uint8Array, reading = JSON_CHECK): Promise<void> {
  const bytes = Buffer.from(json);
  const [inPlace, plain] = [await readInPlace(bytes, reading), await readPlainly(bytes, reading)];
  const [found, expected] = [JSON.stringify(inPlace), JSON.stringify(plain)];
  if (found === expected) return;
  const shown = bytes.length < 5000 ? bytes.toString() : `${bytes.length} bytes`;
  const from = [...found].findIndex((character, at) => character !== expected[at]);
  const near = (text: string) => text.slice(Math.max(0, from - 100), from + 100);
  throw new Error(`expected ${near(expected)}, got ${near(found)} of ${shown}`);
}

export function bodyOf(...logs: string[]): string {
  return `{"topic_id":"t","topic_name":"n","records":[${logs.join(",")}]}`;
}

export function logOf(content: string, timestamp = '"1605578090000123"'): string {
  return `{"timestamp":${timestamp},"content":${content}}`;
}

/** JSON values for the content of a log. */
const CONTENTS: [name: string, json: string][] = [
  ["objects", '"{\\"a\\":\\"1\\",\\"b\\":[1,{\\"c\\":null}]}"'],
  ["an object of nothing", '"{}"'],
  ["an object of spaces", '" { } "'],
  ["spaces around tokens", '"  {  \\"a\\" : 1 }  "'],
  ["an escaped space in front", '"\\t{\\"a\\":1}"'],
  ["escaped spaces behind", '"{\\"a\\":1}\\r\\t "'],
  ["line feeds between tokens", '"{\\r\\n\\"a\\":\\n1\\n}"'],
  ["a line feed in a string", '"{\\"a\\":\\"x\\ny\\"}"'],
  ["a carriage return between tokens", '"{\\"a\\":1,\\r\\"b\\":2}"'],
  ["a backspace between tokens", '"{\\"a\\":1\\b}"'],
  ["a form feed between tokens", '"{\\"a\\":1\\f}"'],
  ["a tab in a string", '"{\\"a\\":\\"x\\ty\\"}"'],
  ["escapes of the JSON inside", '"{\\"a\\":\\"\\\\n\\\\\\\\\\\\\\"\\\\u4e2d\\"}"'],
  ["letters that need no escape", '"{\\"\\u4e2d\\":\\"\\u00e9\\u003c\\u0026\\ud83d\\ude00\\"}"'],
  ["letters of ASCII that need none", '"{\\"\\u0061\\":\\"\\u0041\\/\\"}"'],
  ["half of a surrogate pair", '"{\\"a\\":\\"\\ud83d\\"}"'],
  ["a surrogate pair the wrong way round", '"{\\"a\\":\\"\\ude00\\ud83d\\"}"'],
  ["a half and then a whole pair", '"{\\"a\\":\\"\\ud83d\\ud83d\\ude00\\"}"'],
  ["two second halves of a pair", '"{\\"a\\":\\"\\ude00\\ude00\\"}"'],
  ["a half and a letter behind all halves", '"{\\"a\\":\\"\\ud83d\\ue000\\"}"'],
  [
    "the first letters of three and of four bytes",
    '"{\\"a\\":\\"\\u0080\\u0800\\u0841\\ud800\\udc00\\ud840\\udc00\\"}"',
  ],
  ["digits of an escape in capitals", '"{\\"a\\":\\"\\u00E9\\u4E2D\\uD83D\\uDE00\\"}"'],
  ["the time as a field of its own", '"{\\"__TIMESTAMP__\\":5}"'],
  ["the time as a field in an object", '"{\\"a\\":{\\"__TIMESTAMP__\\":5}}"'],
  ["the time as a field, its name escaped inside", '"{\\"__TIMEST\\\\u0041MP__\\":5}"'],
  ["the time as a field, its first letter escaped inside", '"{\\"\\\\u005f_TIMESTAMP__\\":5}"'],
  ["the time as a field, its name escaped outside", '"{\\"\\u005f_TIMESTAMP__\\":5}"'],
  ["the time as a field, its name escaped in both", '"{\\"\\\\\\u0075005f_TIMESTAMP__\\":5}"'],
  ["the time as a field, the backslash of its escape escaped", '"{\\"\\u005cu005f_TIMESTAMP__\\":5}"'],
  ["the time as a field, a digit of its escape escaped", '"{\\"__\\\\u0\\u003054IMESTAMP__\\":5}"'],
  ["keys that stand twice", '"{\\"a\\":1,\\"a\\":2}"'],
  ["a key __proto__", '"{\\"__proto__\\":1}"'],
  ["big numbers", '"{\\"a\\":12345678901234567890,\\"b\\":-0,\\"c\\":1e999}"'],
  ["text", '"GET /index.html 200"'],
  ["text with escapes", '"say \\"x\\"\\n\\t\\\\ \\b\\f\\r"'],
  ["text with escapes that it does not need", '"a\\/b\\u0041\\u0007"'],
  ["text with a slash that is escaped", '"a\\/b"'],
  ["text with a letter that is escaped", '"a\\u0041b"'],
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
];

const EVENTS: [name: string, json: string][] = [
  ["a list of nothing", bodyOf()],
  ["a list of spaces", bodyOf("\n ")],
  ["logs that are no objects", bodyOf("null", "1", '"x"', "true", "[]", "{}", '{"a":1}')],
  ["line feeds between tokens", '\n{\n"topic_id"\n:\n"t"\n,\r\n"records": [\n{\n"content"\n:\n"{}"\n}\n,\n{}\n]\n}\n'],
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
  ["a semicolon in place of a comma", bodyOf(`${logOf('"x"')};${logOf('"y"')}`)],
  ["a brace in place of a comma", bodyOf(`{}}{}`)],
  ["a semicolon behind a log that is nested deeply", bodyOf(`${"[".repeat(99)}${"]".repeat(99)};{}`)],
  ["a vertical tab between tokens", bodyOf(`{"content"\v:"x"}`)],
  ["another character for a colon", bodyOf('{"content";"x"}')],
  ["another character between members", bodyOf('{"content":"x";"timestamp":5}')],
  ["a semicolon in place of a colon behind a long key", bodyOf('{"timestamp";5,"content":"x"}')],
  ["names that begin like others", bodyOf('{"contents":"no","timestand":7000,"timestamps":8000,"content":"{}"}')],
  ["only names that begin like others", bodyOf('{"contents":"{}"}', '{"timestand":7000,"content":"x"}')],
  [
    "numbers and words around the list",
    '{"n":5,"topic_id":"t","y":true,"records":[{"content":"x"}],"z":null,"m":-1.5e3}',
  ],
  ["no comma", bodyOf(`${logOf('"x"')}${logOf('"y"')}`)],
  ["a control character in a text", bodyOf(logOf('"a\tb"'))],
  ["an escape that is none", bodyOf(logOf('"a\\xb"'))],
  ["a byte order mark", `\ufeff${bodyOf()}`],
  ["text", "password"],
  ["null", "null"],
  ["a list alone", '[{"content":"{}"}]'],
];

/** Fixed cases by name; each fails if logs are read incorrectly. */
export function eventCases(): [name: string, run: () => void | Promise<void>][] {
  return [
    ...CONTENTS.map(([name, content]): [string, () => Promise<void>] => [name, () => proveContent(content)]),
    ...EVENTS.map(([name, json]): [string, () => Promise<void>] => [`in an event with ${name}`, () => proveSame(json)]),
    ["where bytes are not UTF-8", proveBytes],
    ["where logs are longer than a piece, and where they end near its end", proveLongLogs],
    ["where they have more members than a scan holds, or nest deeper than it looks", proveWideLogs],
    ["where there are many", proveManyLogs],
    ["where a piece ends in one", proveCutLogs],
    ["beside scans that are live, whose memory follows that of a piece", proveLive],
    ["where an escape that is none stands at each place of a vector", proveEscapes],
  ];
}

async function proveContent(content: string): Promise<void> {
  const logs = ['"123456"', "123456", '""', '"soon"', "1.5e3", "-5", "null", "[1]", '"1 "', "1e20", "1.75"]
    .concat('"9007199254740993"', '"00123456"', "9007199254740993", '"99999999999999999999"', '"1:"', "-1500")
    .concat("10000", '"100000"', "1010000")
    .map((timestamp) => logOf(content, timestamp));
  const others = [
    `{"content":${content}}`,
    `{"content":${content},"timestamp":"7000"}`,
    `{"content":"{}","content":${content}}`,
    `{"content":${content},"content":"{}","timestamp":1,"timestamp":2000}`,
    `{"c\\u006fntent":${content},"timestamp":5}`,
    `{"content":"x","c\\u006fntent":${content},"t\\u0069mestamp":7000}`,
    `{"content":"{}","timestamp":5,"content":${content}}`,
    ` { "source" : {"a":[]} ,\n "content"\t: ${content} , "x" : 1e5 } `,
  ];
  await proveSame(bodyOf(...logs, ...others, logOf('"{}"')));
  await proveSame(bodyOf(...logs, ...others), { check: "shape", maxLineBytes: 1024 * 1024 });
  await proveSame(bodyOf(...logs, ...others), { check: "json", maxLineBytes: 40 });
}

async function proveBytes(): Promise<void> {
  const json = Buffer.from(bodyOf(logOf('"{\\"a\\":\\"\xff\xc3\\"}"'), logOf('"\xe4\xb8"'), logOf('"ok"')), "latin1");
  await proveSame(json);
}

async function proveLongLogs(): Promise<void> {
  const long = (bytes: number) => logOf(`"{\\"a\\":\\"${"x".repeat(bytes)}\\"}"`);
  for (const bytes of [65_400, 130_900, 131_000, 131_072, 262_000, 262_144, 500_000]) {
    await proveSame(bodyOf(logOf('"{}"'), long(bytes), logOf('"x"'), long(10)));
  }
  const text = (bytes: number) => logOf(`"${"\\\\".repeat(bytes)}"`);
  await proveSame(bodyOf(text(65_000), text(70_000), text(140_000), logOf('"{}"')));
}

async function proveWideLogs(): Promise<void> {
  const wide = `{${Array.from({ length: 9000 }, (_, n) => `"k${n}":${n}`).join(",")}}`;
  const deep = `{"a":${"[".repeat(100)}1${"]".repeat(100)}}`;
  const logs = [wide, deep, "{}", wide, '{"a":1}'].map((json) => logOf(JSON.stringify(json)));
  await proveSame(bodyOf(...logs, `{"content":${deep}}`, `{"other":${deep}}`, ...logs));
}

async function proveManyLogs(): Promise<void> {
  const logs = Array.from({ length: 10_000 }, (_, n) => logOf(n % 3 === 0 ? `"text ${n}"` : `"{\\"n\\":${n}}"`));
  await proveSame(bodyOf(...logs));
  await proveSame(bodyOf(...Array.from({ length: 9_000 }, (_, n) => (n % 2 === 0 ? "0" : '{"content":""}'))));
}

/** Within a digit, and at several positions of a number with seven. */
async function proveCutLogs(): Promise<void> {
  await proveSame(bodyOf(...Array.from({ length: 40_000 }, (_, n) => String(n % 10))));
  for (const shift of [0, 3, 6]) {
    const logs = Array.from({ length: 36_000 }, () => "1234567");
    await proveSame(bodyOf("1".repeat(shift + 1), ...logs));
  }
}

function proveLive(): void {
  const shared = scanner();
  if (!shared) return;
  // The text is longer than what the tape stores in its own bytes.
  const line = '{"a":"a text that stands where a neighbour would write","b":2}';
  // If the first log is longer than a step, as much as fits into a window is processed at once.
  const long = logOf(`"${"x".repeat(100_000)}"`);
  const short = Array.from({ length: 9000 }, () => `{"content":${"1".repeat(50)}}`);
  const { logs } = readClsEvent(eventOf(Buffer.from(bodyOf(long, ...short))));
  for (let window = 0; window < 8; window++) {
    const live = Array.from({ length: 7 }, () => {
      const scan = shared.begin();
      scan.append(Buffer.from(line));
      scan.run(MEMBERS);
      return scan;
    });
    logs.end();
    if (live.some((scan) => !scan.isLive || JSON.stringify(scan.fields(0)) !== line)) {
      throw new Error("a live scan is overwritten");
    }
  }
}

async function proveEscapes(): Promise<void> {
  for (let place = 0; place < 40; place++) {
    const before = "x".repeat(place);
    for (const escape of ["\\x", "\\u12g4", "\\u00e9", "\\\\", '\\"']) {
      await proveSame(bodyOf(logOf(`"${before}${escape}"`), logOf(`"{\\"a\\":\\"${before}${escape}\\"}"`)));
    }
  }
}

/** Tries that many random events, and each with one changed byte; returns how many of the changed ones were invalid. */
export async function findEventFault(seed: number, rounds: number): Promise<number> {
  const random = new Random(seed);
  let broken = 0;
  for (let round = 0; round < rounds; round++) {
    const json = randomEvent(random);
    await proveSame(json, { check: round % 5 === 0 ? "shape" : "json", maxLineBytes: round % 3 === 0 ? 100 : 1e6 });
    const changed = Buffer.from(json);
    changed[random.below(changed.length)] = random.below(256);
    await proveSame(changed);
    if (typeof (await readInPlace(changed, JSON_CHECK)) === "string") broken++;
  }
  return broken;
}
