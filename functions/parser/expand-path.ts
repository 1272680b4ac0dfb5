/** A container around records. */
export interface Frame {
  readonly isObject: boolean;
  /** Number of names of the path that lead to it. */
  readonly names: number;
  /** Where it begins in the input. */
  readonly byte: number;
  /** Its first bytes, as far as they are kept. */
  head: Buffer;
  /** Whether a value was found at the next name. */
  hasFound: boolean;
  /** What comes next in an object. */
  awaits: "key" | "colon" | "value";
  /** Whether the next value is at the next name of the path. */
  isNext: boolean;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Maximum bytes of a key that is compared. */
const KEY_BYTES = 1024;

/** Number of first bytes of an object that are kept, to be shown if it leads to no records. */
const HEAD_BYTES = 256;

/**
 * The path from the start of JSON to its records: through a list, and through the names of a path, including lists
 * along the way.
 */
export class ExpandPath {
  readonly #names: readonly string[];
  readonly #onMissing: (frame: Frame) => void;
  readonly #frames: Frame[] = [];
  /** The key that is being read, without its quotes; undefined outside a key. */
  #key: number[] | undefined;
  /** Nesting depth within a value that is skipped. */
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  isSkipping = false;

  /** @param onMissing called for each object along the path that lacks the next name */
  constructor(names: readonly string[], onMissing: (frame: Frame) => void) {
    this.#names = names;
    this.#onMissing = onMissing;
  }

  /** Number of open containers. */
  get depth(): number {
    return this.#frames.length;
  }

  /** Processes a byte that is not a space. Returns whether it begins an element or a value to skip. */
  take(byte: number, chunk: Buffer, at: number, offset: number): "element" | "skipped" | undefined {
    const frame = this.#frames.at(-1);
    if (!frame?.isObject) return this.#takeItem(frame, byte, offset + at);
    if (frame.awaits === "colon") {
      if (byte === COLON) frame.awaits = "value";
      return undefined;
    }
    if (frame.awaits === "value") {
      frame.awaits = "key";
      if (frame.isNext) frame.hasFound = true;
      return frame.isNext ? this.#begin(byte, frame.names + 1, false, offset + at) : this.#beginSkipping();
    }
    if (byte === CLOSE_OBJECT) {
      this.#frames.pop();
      if (frame.hasFound) return undefined;
      keepHead(frame, chunk.subarray(0, at + 1), offset);
      this.#onMissing(frame);
    } else if (byte === QUOTE) {
      this.#key = [];
      return this.#beginSkipping();
    }
    return undefined;
  }

  #takeItem(list: Frame | undefined, byte: number, at: number): "element" | "skipped" | undefined {
    if (byte === COMMA) return undefined;
    if (byte === CLOSE_LIST && list) {
      this.#frames.pop();
      return undefined;
    }
    return this.#begin(byte, list?.names ?? 0, list !== undefined, at);
  }

  /** Begins a value that this number of names leads to. */
  #begin(byte: number, names: number, isItem: boolean, at: number): "element" | undefined {
    const isWay = byte === OPEN_OBJECT ? names < this.#names.length : byte === OPEN_LIST && !isItem;
    if (!isWay) return "element";
    const isObject = byte === OPEN_OBJECT;
    this.#frames.push({
      isObject,
      names,
      byte: at,
      head: Buffer.alloc(0),
      hasFound: false,
      awaits: "key",
      isNext: false,
    });
    return undefined;
  }

  #beginSkipping(): "skipped" {
    [this.#depth, this.#isString, this.#isEscaped, this.isSkipping] = [0, false, false, true];
    return "skipped";
  }

  /** Continues in a skipped value. Returns where it ends, or undefined if it does not end in the chunk. */
  skip(chunk: Buffer, start: number): number | undefined {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) {
          this.#isString = false;
          if (this.#depth === 0) return this.#endSkipping(at + 1);
          continue;
        }
        if (this.#key && this.#key.length < KEY_BYTES) this.#key.push(byte);
      } else if (byte === QUOTE) this.#isString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#depth === 0) return this.#endSkipping(at);
        if (--this.#depth === 0) return this.#endSkipping(at + 1);
      } else if (byte === COMMA && this.#depth === 0) return this.#endSkipping(at);
    }
    return undefined;
  }

  #endSkipping(at: number): number {
    this.isSkipping = false;
    const frame = this.#frames.at(-1);
    if (this.#key && frame) {
      frame.awaits = "colon";
      frame.isNext = textOf(this.#key) === this.#names[frame.names];
    }
    this.#key = undefined;
    return at;
  }

  /** Saves the first bytes of containers before the chunk is gone. */
  keepHeads(chunk: Buffer, offset: number): void {
    for (const frame of this.#frames) keepHead(frame, chunk, offset);
  }
}

function keepHead(frame: Frame, chunk: Buffer, offset: number): void {
  const from = Math.max(0, frame.byte - offset);
  const room = HEAD_BYTES - frame.head.length;
  if (room > 0) frame.head = Buffer.concat([frame.head, chunk.subarray(from, from + room)]);
}

/** The decoded key, which can contain escapes. */
function textOf(key: readonly number[]): string | undefined {
  try {
    return JSON.parse(`"${Buffer.from(key).toString()}"`) as string;
  } catch {
    return undefined;
  }
}
