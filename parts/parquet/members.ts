import type { Members as TapedMembers } from "../../functions/parser/scan/members";
import type { Key, Keys } from "./keys";

// As number literals, these are constants to the engine.
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const SPACE = 0x20;

/** Number of integers per member, as written by `places` of the scanner's members. */
const WIDTH = 5;

/**
 * Positions of a JSON object's members in its line, in order, including duplicate names. Values are kept as written,
 * because any conversion could change them.
 */
export class Members {
  count = 0;
  /** The last member with the record's time; -1 if there is none. */
  time = -1;
  readonly #keys: Keys;
  readonly #read: Key[] = [];
  #found: readonly Key[] = this.#read;
  #offsets = new Int32Array(64 * WIDTH);
  /** Offset after the last member read. */
  #end = 0;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  key(member: number): Key {
    return this.#found[member];
  }

  /** Start of a key, with its quote. */
  keyStart(member: number): number {
    return this.#offsets[member * WIDTH];
  }

  /** Offset after its closing quote. */
  keyEnd(member: number): number {
    return this.#offsets[member * WIDTH + 1];
  }

  valueStart(member: number): number {
    return this.#offsets[member * WIDTH + 2];
  }

  valueEnd(member: number): number {
    return this.#offsets[member * WIDTH + 3];
  }

  /** Whether a value is a string with an escape. */
  isEscaped(member: number): boolean {
    return this.#offsets[member * WIDTH + 4] !== 0;
  }

  /** @param line contains a JSON object from `start` on, and only whitespace between it and the next line */
  read(line: Buffer, start: number): void {
    this.count = 0;
    this.time = -1;
    this.#found = this.#read;
    let last: Key | undefined;
    let at = line[start] === OPEN ? start : skipSpace(line, start);
    while (line[++at] <= SPACE);
    while (line[at] === QUOTE) {
      last = this.#readMember(line, at, last);
      at = this.#end;
      while (line[at] <= SPACE) at++;
      if (line[at] !== COMMA) return;
      while (line[++at] <= SPACE);
    }
  }

  /** The same, if the scanner knows the positions. */
  take(taped: TapedMembers, start: number): void {
    const { keys, time } = this.#keys.of(taped.names);
    this.count = keys.length;
    this.time = time;
    this.#found = keys;
    while (keys.length * WIDTH > this.#offsets.length) this.#grow();
    taped.places(start, this.#offsets);
  }

  /** Reads the member at this offset. */
  #readMember(line: Buffer, keyStart: number, last: Key | undefined): Key {
    const guess = this.#keys.behind(last);
    const isGuess = guess !== undefined && standsAt(line, keyStart, guess.bytes);
    const keyEnd = isGuess ? keyStart + guess.bytes.length : stringEnd(line, keyStart);
    const key = isGuess ? guess : this.#keys.find(line, keyStart, keyEnd, last);
    let start = line[keyEnd] === COLON ? keyEnd + 1 : skipSpace(line, keyEnd) + 1;
    while (line[start] <= SPACE) start++;
    const at = this.count * WIDTH;
    if (at === this.#offsets.length) this.#grow();
    const offsets = this.#offsets;
    offsets[at] = keyStart;
    offsets[at + 1] = keyEnd;
    offsets[at + 2] = start;
    offsets[at + 4] = 0;
    let end = start;
    if (line[start] === QUOTE) {
      for (let byte = line[++end]; byte !== QUOTE; byte = line[++end]) {
        if (byte !== BACKSLASH) continue;
        offsets[at + 4] = 1;
        end++;
      }
      end++;
    } else {
      end = scalarOrNestedEnd(line, start);
    }
    offsets[at + 3] = this.#end = end;
    if (key.isTime) this.time = this.count;
    this.#read[this.count++] = key;
    return key;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#offsets.length);
    larger.set(this.#offsets);
    this.#offsets = larger;
  }
}

function standsAt(line: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (line[start + at] !== bytes[at]) return false;
  return true;
}

function skipSpace(line: Uint8Array, from: number): number {
  let at = from;
  while (line[at] <= SPACE) at++;
  return at;
}

/** The offset after the closing quote of a string. */
function stringEnd(line: Uint8Array, start: number): number {
  let at = start + 1;
  for (; line[at] !== QUOTE; at++) if (line[at] === BACKSLASH) at++;
  return at + 1;
}

function scalarOrNestedEnd(line: Uint8Array, start: number): number {
  const first = line[start];
  if (first === OPEN || first === OPEN_LIST) return nestedEnd(line, start);
  let at = start;
  while (line[at] > SPACE && line[at] !== COMMA && line[at] !== CLOSE) at++;
  return at;
}

/** Iterative, because there can be many levels. */
function nestedEnd(line: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; ;) {
    const byte = line[at];
    if (byte === QUOTE) {
      at = stringEnd(line, at);
      continue;
    }
    at++;
    if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return at;
  }
}
