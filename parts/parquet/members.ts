import { type Key, Keys } from "./keys";

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, SPACE] = Buffer.from('"\\,{}[] ');

/** Numbers that tell of one member. */
const WIDTH = 4;

/**
 * Where the members of a JSON object stand in its line, one after the other, those of names that stand there twice as well.
 * Values stay what they were written as: nothing is made of them that could be something else.
 */
export class Members {
  count = 0;
  /** The last member that holds the record's time; -1 where none does. */
  time = -1;
  readonly #keys: Keys;
  readonly #found: Key[] = [];
  #offsets = new Int32Array(64 * WIDTH);

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  key(member: number): Key {
    return this.#found[member];
  }

  /** Where a key begins, with its quote. */
  keyStart(member: number): number {
    return this.#offsets[member * WIDTH];
  }

  /** Behind its closing quote. */
  keyEnd(member: number): number {
    return this.#offsets[member * WIDTH + 1];
  }

  valueStart(member: number): number {
    return this.#offsets[member * WIDTH + 2];
  }

  valueEnd(member: number): number {
    return this.#offsets[member * WIDTH + 3];
  }

  /** @param line which holds a JSON object and nothing else, spaces around it aside */
  read(line: Buffer): void {
    this.count = 0;
    this.time = -1;
    let last: Key | undefined;
    let at = skipSpace(line, 0);
    for (at = skipSpace(line, at + 1); line[at] === QUOTE; at = skipSpace(line, at)) {
      const keyStart = at;
      const guess = this.#keys.behind(last);
      const isGuess = guess !== undefined && standsAt(line, at, guess.bytes);
      const keyEnd = isGuess ? at + guess.bytes.length : stringEnd(line, at);
      const key = isGuess ? guess : this.#keys.find(line, keyStart, keyEnd, last);
      const valueStart = skipSpace(line, skipSpace(line, keyEnd) + 1);
      const valueEnd = valueEndFrom(line, valueStart);
      if (key.isTime) this.time = this.count;
      this.#add(key, keyStart, keyEnd, valueStart, valueEnd);
      last = key;
      at = skipSpace(line, valueEnd);
      if (line[at] === COMMA) at++;
    }
  }

  #add(key: Key, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    this.#found[this.count] = key;
    const at = this.count++ * WIDTH;
    if (at === this.#offsets.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    const offsets = this.#offsets;
    offsets[at] = keyStart;
    offsets[at + 1] = keyEnd;
    offsets[at + 2] = valueStart;
    offsets[at + 3] = valueEnd;
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

/** Behind the closing quote of the string that begins there. */
function stringEnd(line: Uint8Array, start: number): number {
  let at = start + 1;
  for (; line[at] !== QUOTE; at++) if (line[at] === BACKSLASH) at++;
  return at + 1;
}

function valueEndFrom(line: Uint8Array, start: number): number {
  const first = line[start];
  if (first === QUOTE) return stringEnd(line, start);
  if (first === OPEN || first === OPEN_LIST) return nestedEnd(line, start);
  let at = start;
  while (line[at] > SPACE && line[at] !== COMMA && line[at] !== CLOSE) at++;
  return at;
}

/** Without a call for each level, of which there may be many. */
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
