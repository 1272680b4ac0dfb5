import { ContentError } from "./content-error";
import { ElementRun, type TakeElements } from "./element-run";
import { ExpandPath, type Frame } from "./expand-path";
import { FirstKey } from "./first-key";

const enum State {
  /** Between values, in the containers around records. */
  Around,
  /** In a value at the place of a record. */
  Element,
  /** In such a value that is neither an object nor a list. */
  Scalar,
  /** In a value that does not lead to records. */
  Skipped,
  /** After a fault, until the next element is found. */
  Lost,
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [LINE_FEED, RETURN, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * What a byte outside strings can be: 1 is a JSON mark or a space, 2 is part of a number or a word, 0 is neither. Words
 * include those of other languages, such as NaN, which do not indicate a missing quote.
 */
const KINDS = new Uint8Array(256);
for (const one of '{}[]:,"\n\r\t ') KINDS[one.charCodeAt(0)] = 1;
for (const one of "-+.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") KINDS[one.charCodeAt(0)] = 2;

/** Bytes of a byte order mark, by their position in the input. */
const MARK = [0xef, 0xbb, 0xbf];

/**
 * Finds the objects in JSON that is not in lines: objects of lists, of sequences, and at a path, whether or not they
 * span several lines. It only recognizes braces, brackets and strings; the consumer validates the objects. Line ends
 * within an object, and the spaces after them, are removed, so that each object becomes a single line.
 *
 * The result depends only on the bytes, not on how they are split into chunks.
 *
 * After a broken object, it looks for the next one in three ways: by the position at which a missing brace becomes
 * apparent, by a line that is indented like the starts of earlier objects, or by the next object of the list with the
 * same first key as the previous object (or as the broken one if it is the first).
 */
export class JsonElements {
  readonly #maxBytes: number;
  readonly #hand: TakeElements;
  readonly #path: ExpandPath;
  #state = State.Around;
  /** Number of input bytes before the current chunk. */
  #offset = 0;
  #chunk: Buffer = Buffer.alloc(0);

  readonly #run: ElementRun;
  readonly #firstKey = new FirstKey();

  /**
   * The current element: where it begins, and the start of its bytes in the chunk that are not copied yet; -1 if there
   * are none.
   */
  #byte = 0;
  #from = -1;
  #isBroken = false;
  /** Its open containers: 1 for an object, 0 for a list. */
  #open = new Uint8Array(64);
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Whether a string has ended and only spaces followed, so that a mark must come next. */
  #isBehindString = false;
  #wantsKey = false;
  #isBehindLineEnd = false;

  /** Number of spaces since the last line feed, and whether there was nothing else. */
  #indent = 0;
  #isLineStart = true;
  /** Number of spaces before the last element that began a line; -1 if none did. */
  #lineIndent = -1;

  constructor(maxBytes: number, path: readonly string[], hand: TakeElements) {
    this.#maxBytes = maxBytes;
    this.#hand = hand;
    this.#run = new ElementRun(maxBytes, hand);
    this.#path = new ExpandPath(path, (frame) => this.#missing(frame));
  }

  write(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#chunk = chunk;
    let at = 0;
    if (this.#state === State.Element || this.#state === State.Scalar) this.#from = this.#isBehindLineEnd ? -1 : at;
    while (at < chunk.length) {
      if (this.#state === State.Element) at = this.#element(at);
      else if (this.#state === State.Around) at = this.#around(at);
      else if (this.#state === State.Skipped) at = this.#path.skip(chunk, at) ?? chunk.length;
      else if (this.#state === State.Scalar) at = this.#scalar(at);
      else at = this.#lost(at);
      if (this.#state === State.Skipped && !this.#path.isSkipping) this.#state = State.Around;
    }
    this.#copy(chunk.length);
    this.#path.keepHeads(chunk, this.#offset);
    this.#run.flush();
    this.#offset += chunk.length;
  }

  /** @throws ContentError if containers around records are open at the end */
  end(): void {
    if (this.#state === State.Element || this.#state === State.Scalar || this.#state === State.Lost) {
      this.#isBroken = true;
      this.#finish();
    }
    this.#run.flush();
    if (this.#path.depth === 0) return;
    const message = "the content must be JSON to its end, got one that breaks off inside of a list or an object";
    throw new ContentError("JSON_TRUNCATED", `${message}; upload it again`, 0);
  }

  #around(start: number): number {
    const chunk = this.#chunk;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === LINE_FEED) [this.#indent, this.#isLineStart] = [0, true];
      else if (byte === SPACE || byte === TAB) this.#indent++;
      else if (byte !== RETURN && byte !== MARK[this.#offset + at]) {
        const what = this.#path.take(byte, chunk, at, this.#offset);
        if (what === "element") return this.#begin(at);
        if (what === "skipped") {
          this.#state = State.Skipped;
          return at;
        }
        this.#isLineStart = false;
      }
    }
    return chunk.length;
  }

  /** Begins a value at the place of a record. */
  #begin(at: number): number {
    const byte = this.#chunk[at];
    this.#byte = this.#offset + at;
    this.#from = at;
    if (this.#isLineStart) this.#lineIndent = this.#indent;
    this.#clear();
    if (byte !== OPEN_OBJECT) this.#isBroken = true;
    this.#state = byte === OPEN_OBJECT || byte === OPEN_LIST ? State.Element : State.Scalar;
    if (this.#state === State.Scalar) {
      this.#isString = byte === QUOTE;
      return at + 1;
    }
    return at;
  }

  #clear(): void {
    this.#isBroken =
      this.#isString =
      this.#isEscaped =
      this.#isBehindString =
      this.#wantsKey =
      this.#isBehindLineEnd =
        false;
    this.#isLineStart = false;
    this.#depth = 0;
    this.#firstKey.clear();
  }

  /**
   * Continues in an object or a list at the place of a record. Returns where it ends, or where something else begins.
   */
  #element(start: number): number {
    const chunk = this.#chunk;
    const { length } = chunk;
    let at = start;
    for (; at < length; at++) {
      if (this.#isString) {
        at = this.#string(at);
        if (at >= length) break;
        if (chunk[at] === LINE_FEED) return this.#lose(at);
        this.#isBehindString = true;
        continue;
      }
      const byte = chunk[at];
      if (this.#isBehindLineEnd) {
        if (byte === SPACE || byte === TAB || byte === RETURN || byte === LINE_FEED) continue;
        this.#isBehindLineEnd = false;
        this.#from = at;
      }
      if (KINDS[byte] === 2) {
        if (this.#isBehindString) return this.#lose(at);
        continue;
      }
      if (byte === SPACE || byte === TAB) continue;
      if (byte === QUOTE) {
        if (this.#isBehindString) return this.#lose(at);
        this.#isString = true;
        this.#wantsKey = false;
        this.#firstKey.open();
      } else if (byte === COMMA) {
        this.#wantsKey = this.#open[this.#depth - 1] === 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (this.#wantsKey && this.#depth === 1 && byte === OPEN_OBJECT) return this.#endBefore(at);
        this.#push(byte === OPEN_OBJECT ? 1 : 0);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (!this.#pop(byte === CLOSE_OBJECT ? 1 : 0)) return this.#endBefore(at);
        if (this.#depth === 0) {
          this.#copy(at + 1);
          this.#finish();
          return at + 1;
        }
      } else if (byte === LINE_FEED || byte === RETURN) {
        this.#copy(at);
        this.#isBehindLineEnd = true;
      } else if (KINDS[byte] === 0) {
        return this.#lose(at);
      }
      if (byte !== LINE_FEED && byte !== RETURN) this.#isBehindString = false;
    }
    return length;
  }

  /** Continues in a string. Returns where it ends, or where a line feed cuts it. */
  #string(start: number): number {
    const chunk = this.#chunk;
    const { length } = chunk;
    let at = start;
    // A line feed ends a string even after a backslash: an object that contains one would be two lines of the run.
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (chunk[at] !== LINE_FEED) at++;
    }
    for (; at < length; at++) {
      const byte = chunk[at];
      if (byte === BACKSLASH) {
        if (at + 1 === length) this.#isEscaped = true;
        else if (chunk[at + 1] !== LINE_FEED) at++;
      } else if (byte === QUOTE) {
        this.#isString = false;
        break;
      } else if (byte === LINE_FEED) break;
    }
    this.#firstKey.keep(chunk, start, Math.min(at + 1, length), !this.#isString);
    return at;
  }

  #push(kind: number): void {
    if (this.#depth === this.#open.length) {
      const more = new Uint8Array(2 * this.#depth);
      more.set(this.#open);
      this.#open = more;
    }
    this.#open[this.#depth++] = kind;
    this.#wantsKey = false;
  }

  /** Closes a container, together with those inside it that were left open; false if none of its kind is open. */
  #pop(kind: number): boolean {
    this.#wantsKey = false;
    let depth = this.#depth - 1;
    while (depth >= 0 && this.#open[depth] !== kind) depth--;
    if (depth < 0) return false;
    if (depth < this.#depth - 1) this.#isBroken = true;
    this.#depth = depth;
    return true;
  }

  /** A brace is missing: the current byte belongs to the containers around the element. */
  #endBefore(at: number): number {
    this.#copy(at);
    this.#isBroken = true;
    this.#finish();
    return at;
  }

  #scalar(start: number): number {
    const chunk = this.#chunk;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE || byte === LINE_FEED) {
          this.#isString = false;
          return this.#endBefore(at + 1);
        }
      } else if (KINDS[byte] === 1) return this.#endBefore(at);
    }
    return chunk.length;
  }

  /** From here on, only that the element is broken is known. */
  #lose(at: number): number {
    this.#copy(at);
    this.#isBroken = true;
    this.#isString = false;
    this.#from = at;
    this.#firstKey.lookFor();
    this.#indent = 0;
    this.#isLineStart = false;
    this.#state = State.Lost;
    return at;
  }

  /**
   * Looks for the next element: a line that is indented like those of earlier objects, or the first key of the previous
   * one.
   */
  #lost(start: number): number {
    const chunk = this.#chunk;
    if (this.#from < 0) this.#from = start;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === LINE_FEED) {
        [this.#indent, this.#isLineStart] = [0, true];
        continue;
      }
      if (!this.#firstKey.isInKey && (byte === SPACE || byte === TAB || byte === RETURN)) {
        this.#indent++;
        continue;
      }
      if (this.#isLineStart && this.#isAtOuterLine(byte)) return this.#endLost(at);
      this.#isLineStart = false;
      const found = this.#firstKey.find(byte, this.#offset + at);
      if (found !== undefined) return this.#beginFound(found, at + 1);
    }
    return chunk.length;
  }

  #isAtOuterLine(byte: number): boolean {
    if (byte === OPEN_OBJECT) return this.#indent === this.#lineIndent;
    return byte === CLOSE_LIST && this.#lineIndent >= 0 && this.#indent < Math.max(1, this.#lineIndent);
  }

  #endLost(at: number): number {
    const [indent, isLineStart] = [this.#indent, this.#isLineStart];
    this.#endBefore(at);
    [this.#indent, this.#isLineStart] = [indent, isLineStart];
    return at;
  }

  /** Begins an element whose brace and first key were already read. @param byte where it begins in the input */
  #beginFound(byte: number, at: number): number {
    this.#copy(at);
    this.#run.takeBack(this.#offset + at - byte);
    this.#finish();
    this.#byte = byte;
    this.#clear();
    this.#state = State.Element;
    this.#push(1);
    const start = this.#firstKey.begin();
    this.#run.append(start, 0, start.length);
    this.#from = at;
    return at;
  }

  /** Copies the bytes of the current element up to `end`. */
  #copy(end: number): void {
    if (this.#from >= 0 && this.#from < end) this.#run.append(this.#chunk, this.#from, end);
    this.#from = -1;
  }

  /** Ends the current element. */
  #finish(): void {
    this.#state = State.Around;
    this.#from = -1;
    if (!this.#isBroken) this.#firstKey.good();
    this.#run.finish(this.#byte, this.#isBroken);
  }

  #missing({ byte, head }: Frame): void {
    this.#run.flush();
    this.#hand.broken(head, Math.min(head.length, this.#maxBytes), byte, "without what expand names");
  }
}
