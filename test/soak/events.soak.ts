import { findEventFault } from "../functions/events/delivered-suite";
import { type Planted, suiteWithFault } from "../functions/support/planted";

const EVENTS = Number(process.env.LOGS_EVENTS ?? 20_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it("logs are read where they stand as two calls of JSON.parse read them", async () => {
  const broken = await findEventFault(SEED, EVENTS);
  console.log(`${EVENTS} events, as many with a byte changed, ${broken} of them broken (LOGS_SEED=${SEED})`);
  expect(broken).toBeGreaterThan(EVENTS / 20);
});

const WALK = "functions/parser/scan/assembly/logs.ts";
const TOKENS = "functions/parser/scan/assembly/tokens.ts";
const LOGS = "functions/events/delivered-logs.ts";
const JSON_BYTES = "functions/events/json-bytes.ts";

/** Each a change that makes logs be read otherwise, in a way that `npm test` must find. */
const PLANTED: Planted[] = [
  // What is taken for a log.
  [WALK, "if (next !== COMMA && next !== CLOSING_BRACKET) break;", ""],
  [WALK, "if (load<u8>(at) !== COLON) return 0;", ""],
  [WALK, "if (next !== COMMA) return 0;", ""],
  [WALK, "byte === SPACE || byte === 0x0a", "byte === SPACE || byte === 0x0b"],
  [WALK, "isListEnd = true;", "isListEnd = false;"],
  // Which member is its content, and which its time.
  [WALK, "at - key === 9 &&", "at - key >= 9 &&"],
  [WALK, "load<u16>(key, 8) === 0x706d", "load<u16>(key, 8) !== 0"],
  [WALK, "if ((traits & ESCAPED) !== 0) {", "if ((traits & ESCAPED) !== 0 && at - key < 9) {"],
  [WALK, "contentEnd = end - 1;", "contentEnd = end - 2;"],
  [WALK, "if (byte - ZERO <= 9 && kind === NUMBER) time", "if (kind === NUMBER) time"],
  [WALK, "else isPlain = false;\n    return;", "return;"],
  [WALK, "> 9) isPlain = false;", "> 10) isPlain = false;"],
  [WALK, "time = end - at === 2 ? -1 :", "time ="],
  [WALK, "end - at > 18 || value > 9007199254740991", "end - at > 30"],
  // What its line is.
  [WALK, "if (!isPlain || content === contentEnd) return 0;", "if (content === contentEnd) return 0;"],
  [WALK, "if (mayBeSpace(at)) return 0;\n  const isObject", "const isObject"],
  [WALK, "if (mayBeSpace(at)) return 0;\n  }\n  if (!isStamped)", "}\n  if (!isStamped)"],
  [WALK, "<u64>(time / 1000)", "<u64>(time / 1000 + 0.5)"],
  [WALK, "(seeks && isStamped && holdsStamp(start, out))", "(seeks && !isStamped && holdsStamp(start, out))"],
  [WALK, "while (isSpace(load<u8>(out - 1))) out--;", ""],
  [WALK, "if (isEscaped && !isPlainlyEscaped(content, contentEnd)) return 0;", ""],
  [WALK, "escaped === 0x2f ||", ""],
  [WALK, "if (escaped === 0x2f || escaped === LETTER_U)", "if (escaped === 0x2f)"],
  [WALK, "rest >= 10; rest /= 10", "rest > 10; rest /= 10"],
  // Its content without escapes.
  [WALK, "unit - 0xd800 < 0x400 && at < end", "unit - 0xd800 < 0x800 && at < end"],
  [WALK, "if (low < 0x400) {", "if (low < 0x800) {"],
  [WALK, "0x10000 + ((unit - 0xd800) << 10)", "0x10000 + ((unit - 0xd800) << 9)"],
  [WALK, "unit - 0xd800 < 0x800 ? 0xfffd", "unit - 0xd800 < 0x400 ? 0xfffd"],
  [WALK, "unit < SPACE || unit - ZERO <= 9 ||", "unit < SPACE ||"],
  [WALK, "unit - ZERO <= 9 || unit >= 0x40", "unit - ZERO <= 9"],
  [WALK, "case 0x6e: // n\n        return 0;", "case 0x6e: // n\n        store<u8>(out, 0x0a);\n        break;"],
  [WALK, "store<u8>(out, 0x08);", "store<u8>(out, 0x09);"],
  [WALK, "& 0xfeffffff) === 0x34303075", "& 0xffffffff) === 0x34303075"],
  [WALK, "return out - (at - end);", "return out;"],
  [WALK, "(byte | 0x20) - 0x57", "byte - 0x57"],
  [WALK, "if (code < 0x800) {", "if (code < 0x900) {"],
  [WALK, "0xe0 | (code >> 12)", "0xe0 | (code >> 13)"],
  [WALK, "store<u8>(out++, 0x80 | ((code >> 12) & 0x3f));", "store<u8>(out++, 0x80 | ((code >> 12) & 0x1f));"],
  [TOKENS, "i8x16.le_u(bytes, i8x16.splat(0x1f))", "i8x16.le_u(bytes, i8x16.splat(0x1e))"],
  // How far it comes.
  [WALK, "store<u8>(piece + length, 0);", "store<u8>(piece + length, 0x5d);"],
  [WALK, "INNER * MEMBER_BYTES - 64", "INNER * MEMBER_BYTES + 64"],
  // A string that may hold JSON.
  [TOKENS, "open = backslashes >>> 31;", "open = 0;"],
  [TOKENS, "i8x16.eq(second, wanted)) << 16", "i8x16.eq(second, wanted)) << 15"],
  [TOKENS, "if (hasControl) return 0;", ""],
  [TOKENS, "if (ctz(controls) < lane) return 0;", ""],
  [TOKENS, "i8x16.min_u(first, second)", "first"],
  [TOKENS, "escapes |= backslashes & before;", ""],
  [TOKENS, "at = skipEscape(at - 1);", "at++;"],
  // What stands outside of the module.
  [LOGS, "if (!valueIn(json, at, end)) return undefined;", ""],
  [LOGS, "if (json[at] !== COMMA) return undefined;", ""],
  [LOGS, "this.json.includes(STAMP) ? SEEK : 0", "0"],
  [LOGS, "if (json[at] === CLOSING_BRACKET) return at + 1;\n    for", "for"],
  [LOGS, "this.#at + this.#offsets[log * LOG_WORDS + 1]", "this.#at + this.#offsets[log * LOG_WORDS + 3]"],
  [JSON_BYTES, "--depth === 0", "--depth <= 1"],
  [JSON_BYTES, "if (json[at] === BACKSLASH) at++;", ""],
  [JSON_BYTES, "json[at] !== COMMA && !isClosing", "!isClosing"],
];

describe("a fault planted in what reads delivered logs is found:", () => {
  it.each(PLANTED)("%s: %s becomes %s", async (...planted) => {
    expect(await faultWith(planted)).toBeDefined();
  });

  it("and none where none is planted", async () => {
    expect(await faultWith([WALK, "/** Unlike a line", "/** Unlike a line"])).toBeUndefined();
  });
});

/** What `npm test` says; undefined where it finds nothing wrong. */
async function faultWith(planted: Planted): Promise<unknown> {
  const suite = suiteWithFault<typeof import("../functions/events/delivered-suite")>(
    "test/functions/events/delivered-suite",
    planted,
  );
  try {
    for (const [, run] of suite.eventCases()) await run();
    await suite.findEventFault(1, 400);
    return undefined;
  } catch (error) {
    return error;
  }
}
