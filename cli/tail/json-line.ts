import { levelName } from "./level";

/**
 * A JSON line in readable form: level and message first, the rest as `name=value`. Values are copied from the text, so
 * that a number with 20 digits stays exact.
 */
export interface JsonLine {
  /** `info`, `error`, ...; "" if the object has none. */
  readonly level: string;
  readonly message: string;
  /** `name=value`, in text order. */
  readonly rest: string;
  /** Text with several lines: a stack. */
  readonly below: readonly string[];
}

/** Levels of pino and bunyan. */
const NUMBERED: Readonly<Record<string, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

const MESSAGES = new Set(["msg", "message"]);
const LEVELS = new Set(["level", "severity", "levelname"]);
const TIMES = new Set(["time", "timestamp", "@timestamp", "ts"]);

/** A time in the object that differs from the line's own by at most this, in milliseconds, is left out. */
const SAME_TIME_MS = 2_000;

/**
 * Parses a line; undefined if it is not a JSON object, or has neither message nor level: it is then shown unchanged.
 *
 * @param time the line's own, in microseconds since the epoch
 */
export function jsonLineOf(text: string, time: number): JsonLine | undefined {
  if (text.charCodeAt(0) !== OPEN_BRACE || text.charCodeAt(text.length - 1) !== CLOSE_BRACE) return undefined;
  const fields = membersOf(text);
  if (!fields) return undefined;
  let [level, message, rest] = ["", "", ""];
  let isLog = false;
  const below: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const [name, raw] = [fields[index], fields[index + 1]];
    if (message === "" && MESSAGES.has(name) && raw.charCodeAt(0) === QUOTE) {
      message = stringOf(raw);
      isLog = true;
    } else if (level === "" && LEVELS.has(name)) {
      level = levelOf(raw);
      isLog = true;
    } else if (!(TIMES.has(name) && isSameTime(raw, time))) {
      rest += `${rest === "" ? "" : " "}${name}=${valueOf(name, raw, below)}`;
    }
  }
  return isLog ? { level, message, rest, below } : undefined;
}

/** The level by name or number; unchanged if it is neither. */
function levelOf(raw: string): string {
  return raw.charCodeAt(0) === QUOTE ? levelName(stringOf(raw)) : (NUMBERED[raw] ?? raw);
}

function isSameTime(raw: string, time: number): boolean {
  const text = raw.charCodeAt(0) === QUOTE ? stringOf(raw) : raw;
  const number = Number(text);
  const milliseconds = Number.isNaN(number) ? Date.parse(text) : number < 1e11 ? number * 1000 : number;
  return Math.abs(milliseconds - time / 1000) <= SAME_TIME_MS;
}

/** A value on its line; of a text with several lines the first, with the others below. */
function valueOf(name: string, raw: string, below: string[]): string {
  if (raw.charCodeAt(0) === QUOTE) {
    const text = stringOf(raw);
    if (text.includes("\n")) return firstLine(text, below);
    return /^[^\s"=]+$/.test(text) ? text : raw;
  }
  const isError = (name === "err" || name === "error") && raw.charCodeAt(0) === OPEN_BRACE;
  return isError ? errorOf(raw, below) : raw;
}

/** An error in the form that loggers write, with its stack. */
function errorOf(raw: string, below: string[]): string {
  const fields = membersOf(raw) ?? [];
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === "stack");
  if (at === -1 || fields[at + 1].charCodeAt(0) !== QUOTE) return raw;
  return firstLine(stringOf(fields[at + 1]), below);
}

function firstLine(text: string, below: string[]): string {
  const [first, ...others] = text.split("\n");
  below.push(...others);
  return JSON.stringify(first);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Alternating names and values; values are copied from the text. Undefined if the text is not an object. */
function membersOf(text: string): string[] | undefined {
  const members: string[] = [];
  let at = skipSpace(text, 1);
  if (text.charCodeAt(at) === CLOSE_BRACE) return members;
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return undefined;
    const nameEnd = endOfString(text, at);
    if (nameEnd === -1) return undefined;
    const name = stringOf(text.slice(at, nameEnd));
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== COLON) return undefined;
    at = skipSpace(text, at + 1);
    const valueEnd = endOfValue(text, at);
    if (valueEnd === -1) return undefined;
    members.push(name, text.slice(at, valueEnd));
    at = skipSpace(text, valueEnd);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACE) return at === text.length - 1 ? members : undefined;
    if (next !== COMMA) return undefined;
    at = skipSpace(text, at + 1);
  }
}

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at++;
  return at;
}

/** Position after the string that begins here; -1 if it does not end. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return -1;
}

/** Position after a value; -1 if it does not end. */
function endOfValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return endOfString(text, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    const start = at;
    while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
    return at === start || at === text.length ? -1 : at;
  }
  for (let depth = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return -1;
      continue;
    }
    at++;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at;
  }
  return -1;
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === 0x20 || code === 0x09;
}

function stringOf(raw: string): string {
  if (!raw.includes("\\")) return raw.slice(1, -1);
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, -1);
  }
}
