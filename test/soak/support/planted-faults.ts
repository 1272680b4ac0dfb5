import type { Planted } from "../../functions/support/planted";

/**
 * Faults that the soak plants in the code that reads logs, each of which `npm test` must find. A test checks that each text still
 * appears once in its source: a fault that can no longer be planted proves nothing.
 */

const SCAN = "functions/parser/scan/assembly";
const SEARCH = "functions/parser/search/assembly";
const WALK = `${SCAN}/logs.ts`;
const TOKENS = `${SCAN}/tokens.ts`;
const SCANNER = "functions/parser/scan/scanner.ts";
const LOGS = "functions/events/delivered-logs.ts";
const LINES = "functions/events/delivered-lines.ts";
const JSON_BYTES = "functions/events/json-bytes.ts";
const BATCH = "functions/monitor/delivered-batch.ts";
const BATCH_SEARCH = "functions/monitor/batch-search.ts";

/** Make the scanner accept what JSON.parse does not, or read it differently. */
export const SCANNER_FAULTS: readonly Planted[] = [
  [`${SCAN}/values.ts`, "MAX_DEPTH: i32 = 64", "MAX_DEPTH: i32 = 65"],
  [`${SCAN}/tokens.ts`, "i8x16.min_u(bytes, i8x16.splat(0x1f))", "i8x16.min_u(bytes, i8x16.splat(0x1e))"],
  [`${SCAN}/tokens.ts`, "BACKSLASH: u32 = 0x5c", "BACKSLASH: u32 = 0x5d"],
  [`${SCAN}/tokens.ts`, "case 0x62:", "case 0x61:"],
  [`${SCAN}/tokens.ts`, "digit < 6", "digit < 5"],
  [`${SCAN}/tokens.ts`, "- 0x61 <= 5", "- 0x61 <= 6"],
  [`${SCAN}/tokens.ts`, "WORD_DIGITS: i32 = 18", "WORD_DIGITS: i32 = 20"],
  [`${SCAN}/tokens.ts`, "MAX_SAFE: u64 = 9007199254740991", "MAX_SAFE: u64 = 9007199254740993"],
  [`${SCAN}/tokens.ts`, "FINITE_DIGITS: i32 = 100", "FINITE_DIGITS: i32 = 400"],
  [`${SCAN}/tokens.ts`, "FINITE_EXPONENT_DIGITS: i32 = 2", "FINITE_EXPONENT_DIGITS: i32 = 3"],
  [`${SCAN}/tokens.ts`, "if (isNegative && value === 0)", "if (isNegative && value === 1)"],
  [`${SCAN}/tokens.ts`, "1000000000000000, 10000000000000000,", "10000000000000000, 10000000000000000,"],
  [`${SCAN}/tokens.ts`, "at + 10 - end", "at + 11 - end"],
  [`${SCAN}/tokens.ts`, "(load<u64>(at, 1) << others)", "(load<u64>(at, 2) << others)"],
  [`${SCAN}/tokens.ts`, "SAFE_DIGITS: i32 = 15", "SAFE_DIGITS: i32 = 17"],
  [`${SCAN}/tokens.ts`, "0x7676767676767676", "0x7576767676767676"],
  [`${SCAN}/tokens.ts`, "secondCount === 8 ||", "secondCount === 9 ||"],
  [`${SCAN}/tokens.ts`, "(isFraction && secondCount === 0)", "(isFraction && secondCount === 9)"],
  [`${SCAN}/tokens.ts`, "if (next === POINT) return", "if (next === PLUS) return"],
  [`${SCAN}/tokens.ts`, "count > 1 && (first & 0xff) === 0", "count > 2 && (first & 0xff) === 0"],
  [`${SCAN}/tokens.ts`, "const pairs = (digits * 10", "const pairs = (digits * 11"],
  [`${SCAN}/tokens.ts`, "const fours = (pairs * 100 ", "const fours = (pairs * 101 "],
  [`${SCAN}/tokens.ts`, "return (fours * 10000 ", "return (fours * 10001 "],
  [`${SCAN}/tokens.ts`, "!(isNegative && isLeadingZero)", "!(isNegative && isPower)"],
  [
    `${SCAN}/tokens.ts`,
    "isOther = i8x16.lt_s(bytes, i8x16.splat(<i8>SPACE))",
    "isOther = i8x16.lt_s(bytes, i8x16.splat(<i8>0x1f))",
  ],
  [`${SCAN}/index.ts`, "(keysSeen & ESCAPED) === 0 ? UNNUMBERED", "(keysSeen & 0) === 0 ? UNNUMBERED"],
  [`${SCAN}/index.ts`, "hasReturn ? WITH_RETURN : 0", "hasReturn ? 0 : 0"],
  [`${SCAN}/index.ts`, "verdict === EMPTY ? WITH_EMPTY : 0", "verdict === EMPTY ? 0 : 0"],
  [`${SCAN}/tokens.ts`, "0x6c6c756e", "0x6c6c756f"],
  [`${SCAN}/tokens.ts`, "0x65736c61", "0x65736c62"],
  [`${SCAN}/tokens.ts`, "load<u8>(at) === 0x66", "load<u8>(at) !== 0"],
  [`${SCAN}/tokens.ts`, "FALSE - isTrue", "FALSE - isFalse"],
  [`${SCAN}/tokens.ts`, "at + 4 + isFalse", "at + 4"],
  [
    `${SCAN}/keys.ts`,
    "isAt(load<i32>(node, KEY), load<i32>(node, KEY_LENGTH), at)",
    "isAt(load<i32>(node, KEY) + 1, load<i32>(node, KEY_LENGTH) - 1, at)",
  ],
  [`${SCAN}/keys.ts`, "store<u8>(copy, COMMA)", "store<u8>(copy, COLON)"],
  [`${SCAN}/tokens.ts`, "SPACE: u32 = 0x20", "SPACE: u32 = 0x21"],
  [`${SCAN}/tokens.ts`, "CARRIAGE_RETURN: u32 = 0x0d", "CARRIAGE_RETURN: u32 = 0x0c"],
  [`${SCAN}/keys.ts`, "alike !== 0xffff", "(alike & 0x7fff) !== 0x7fff"],
  [`${SCAN}/keys.ts`, "(1 << length) - 1", "(1 << (length - 1)) - 1"],
  [`${SCAN}/index.ts`, "member + MEMBERS * MEMBER_BYTES", "member + (MEMBERS + 1) * MEMBER_BYTES"],
  [`${SCAN}/inner.ts`, "tape + INNER * MEMBER_BYTES", "tape + (INNER + 1) * MEMBER_BYTES"],
  [`${SCAN}/inner.ts`, "(DEPTH - 1) * LEVEL_BYTES", "DEPTH * LEVEL_BYTES"],
  [`${SCAN}/index.ts`, "lines < LINES", "lines < LINES + 1"],
  [`${SCAN}/keys.ts`, "nodes === NODES", "nodes === NODES + 4096"],
  [`${SCAN}/keys.ts`, "> KEYS_BYTES", "> KEYS_BYTES + 4096"],
];

/** Make the search before parsing miss what a line holds. */
export const SEARCH_FAULTS: readonly Planted[] = [
  [`${SEARCH}/index.ts`, "v128.load(at, 2)", "v128.load(at, 3)"],
  [`${SEARCH}/index.ts`, "at += 16", "at += 17"],
  [`${SEARCH}/index.ts`, "at + length > end", "at + length >= end"],
  [`${SEARCH}/bytes.ts`, "byte - 0x41 < 26", "byte - 0x41 < 10"],
  [`${SEARCH}/bytes.ts`, "const last = length - 8;", "const last = length - 7;"],
  [`${SEARCH}/bytes.ts`, "at + length <= end", "at + length < end"],
  [`${SEARCH}/members.ts`, "EXACT_DIGITS: i32 = 15", "EXACT_DIGITS: i32 = 30"],
  [`${SEARCH}/members.ts`, "PLAIN_FRACTION: i32 = 6", "PLAIN_FRACTION: i32 = 9"],
  [`${SEARCH}/members.ts`, "(isNegative && isZero)", "(isNegative && !isZero)"],
  [`${SEARCH}/members.ts`, "=== 0x65", "=== 0x66"],
  [`${SEARCH}/members.ts`, "return test === HOLDS;", "return false;"],
  [`${SEARCH}/members.ts`, "(isInner ? BACKSLASH : QUOTE)", "QUOTE"],
  [`${SEARCH}/members.ts`, "=== BACKSLASH ? 3 : 2", "=== BACKSLASH ? 4 : 2"],
  [`${SEARCH}/members.ts`, "byte !== TAB", "byte !== COLON"],
  [`${SEARCH}/members.ts`, "at + 5 < end ? at + 5 : end", "at + 3"],
  [`${SEARCH}/escapes.ts`, "(code << 4) | (letter + 10)", "(code << 4) | (letter + 11)"],
  [`${SEARCH}/escapes.ts`, "code < 0x20) return hasCapital ||", "code < 0x20) return"],
  [`${SEARCH}/escapes.ts`, "code === 10 ||", ""],
  [`${SEARCH}/escapes.ts`, "load<u8>(CHARACTERS + OTHERS) !== 0 ||", ""],
];

/** Make logs of a delivered event be read differently. */
export const EVENT_FAULTS: readonly Planted[] = [
  // Which text is a log.
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
  // How far it gets.
  [WALK, "store<u8>(piece + length, 0);", "store<u8>(piece + length, 0x5d);"],
  [WALK, "INNER * MEMBER_BYTES - 64", "INNER * MEMBER_BYTES + 64"],
  // A string that can contain JSON.
  [TOKENS, "open = backslashes >>> 31;", "open = 0;"],
  [TOKENS, "i8x16.eq(second, wanted)) << 16", "i8x16.eq(second, wanted)) << 15"],
  [TOKENS, "if (hasControl) return 0;", ""],
  [TOKENS, "if (ctz(controls) < lane) return 0;", ""],
  [TOKENS, "i8x16.min_u(first, second)", "first"],
  [TOKENS, "escapes |= backslashes & before;", ""],
  [TOKENS, "at = skipEscape(at - 1);", "at++;"],
  // Code outside the module.
  [LOGS, "if (!valueIn(json, at, end)) return undefined;", ""],
  [LOGS, "if (json[at] !== COMMA) return undefined;", ""],
  [LOGS, "this.json.includes(STAMP) ? SEEK : 0", "0"],
  [LOGS, "if (json[at] === CLOSING_BRACKET) return at + 1;\n    for", "for"],
  [LOGS, "this.#at + this.#offsets[log * LOG_WORDS + 1]", "this.#at + this.#offsets[log * LOG_WORDS + 3]"],
  [JSON_BYTES, "--depth === 0", "--depth <= 1"],
  [JSON_BYTES, "if (json[at] === BACKSLASH) at++;", ""],
  [JSON_BYTES, "json[at] !== COMMA && !isClosing", "!isClosing"],
];

/** Make a delivery match differently from its records. */
export const DELIVERY_FAULTS: readonly Planted[] = [
  [BATCH, "if (logs.longest > SURE_BYTES)", "if (logs.longest < 0)"],
  [BATCH, "if (first < 0 && !search.isBlind)", "if (first < 0)"],
  [BATCH, "length: logs.lines,", "length: logs.lines + 1,"],
  [BATCH, "if (line === lines.length) return;", "return;"],
  [BATCH, "place = search.next(contentStart, end);", "place = search.next(contentEnd, end);"],
  [BATCH, "search.note(found, line, contentStart,", "search.note(found, line + 1, contentStart,"],
  [BATCH, "    place = search.next(contentEnd, end);", "    place = -1;"],
  [BATCH, "= this.#lines.at(index);", "= this.#lines.at(Math.max(0, index - 1));"],
  [BATCH, "return this.#lines.length;", "return this.#lines.length - 1;"],
  [BATCH, "for (const { place, raw } of invalid)", "for (const { place, raw } of invalid.slice(1))"],
  [BATCH, "one.line - other.line", "0"],
  [BATCH, "if (!(error instanceof ContentError)) throw error;", "throw error;"],
  [BATCH_SEARCH, "this.isBlind = needs.includes(undefined);", "this.isBlind = false;"],
  [BATCH_SEARCH, "if (known) known.monitors.push(monitor);", "if (known) known.monitors.push();"],
  [BATCH_SEARCH, "[...needs.keys()].filter((one) => needs[one]?.length)", "[]"],
  [BATCH_SEARCH, "literal < marks.length;", "literal < marks.length - 1;"],
  [BATCH_SEARCH, "needed && []", "[]"],
  [BATCH_SEARCH, "list[list.length - 1] !== index", "list.length === 0"],
  [LINES, "piece.lines === piece.count ? undefined : linesOf(piece)", "undefined"],
  [LINES, "first += piece.lines;", "first += piece.count;"],
  [LINES, "piece.contentEnd(line(number)) > place", "piece.contentStart(line(number)) > place"],
  [LINES, "logs?.[number] ?? number", "number"],
  [LINES, "start: piece.start(log),", "start: piece.contentStart(log),"],
  [LINES, "piece.contentEnd(log) > piece.contentStart(log)", "piece.contentEnd(log) >= piece.contentStart(log)"],
  [LINES, "end: piece.end(log),", "end: piece.contentEnd(log),"],
  [LOGS, "this.#lines += value.lines;", "this.#lines += value.count;"],
  [SCANNER, "longest.value < 0 ? Infinity : longest.value", "longest.value"],
  [WALK, "if (bytes > 0) filled++;", "filled++;"],
  [WALK, "isKnown ? contentEnd - content : -1", "contentEnd - content"],
];
