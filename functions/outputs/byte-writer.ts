import { LENGTH_DELIMITED, varintSize } from "./protobuf-fields";
import type { Stretch } from "./slabs";

/** Bytes of a block of memory that many messages share. */
const SLAB_BYTES = 64 * 1024;

/** Larger messages get their own memory, so that a slab is not left half empty. */
const OWN_BYTES = SLAB_BYTES / 4;

/** Above this size a native call copies faster than a loop. */
const MANY_BYTES = 256;

/** Up to this length a text is checked for ASCII in a loop. */
const FEW_CHARACTERS = 48;

/**
 * Loops copy eight bytes at a time, and so up to seven too many, which later writes overwrite. They copy doubles, three
 * times as fast as two integers; a double that is only read and written keeps its bits, even if it is not a number.
 */
const SLACK = 8;

const WORD = 2 ** 32;

/** From this length on, a varint takes more than one byte. */
const LONG = 128;

/** Bytes that are written repeatedly. */
export interface Template {
  readonly length: number;
  /** Eight bytes each, padded with zeros. */
  readonly words: Float64Array;
}

export function templateOf(bytes: Uint8Array): Template {
  const words = new Float64Array(Math.ceil(bytes.length / 8));
  new Uint8Array(words.buffer).set(bytes);
  return { length: bytes.length, words };
}

/** The bytes before each text of a record, one template per text. */
export interface Heads {
  readonly templates: readonly Template[];
  /** Total bytes of all templates. */
  readonly bytes: number;
}

export function headsOf(templates: readonly Template[]): Heads {
  return { templates, bytes: templates.reduce((sum, { length }) => sum + length, 0) };
}

/** How a text is written as a protobuf pair, a message of its key and its value, in which each length takes one byte. */
export interface ShortPair {
  readonly tag: number;
  /** Number of bytes between key and text: at most four. */
  readonly bytes: number;
  /** These bytes for an empty text, the first in the lowest bits. */
  readonly word: number;
  /** Added for each byte of the text. */
  readonly perByte: number;
}

/**
 * Writes messages one after the other into shared memory, where they stay: separate memory for each field would cost more
 * than its bytes, and so would a copy of the whole. Methods marked "After reserve" need a call of {@link reserve} with the
 * number of bytes before.
 */
export class ByteWriter {
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  /** Start of the current message; memory before it is in use. */
  #start = 0;
  /** Offset after its last byte. */
  #end = 0;
  /** The last source of a copy, and a view of it. */
  #source: Uint8Array = this.#bytes;
  #sourceView = this.#view;
  /** Bytes of the last message's length prefix: the next one probably has as many. */
  #lengthBytes = 2;

  /** Begins a message. Everything written since the last message was taken is discarded. */
  begin(): void {
    this.#end = this.#start;
  }

  /** Begins a message for {@link takeMessage}. */
  beginMessage(): void {
    this.begin();
    this.leave(1 + this.#lengthBytes);
  }

  /** Number of bytes written of the message. */
  get position(): number {
    return this.#end - this.#start;
  }

  /** Goes back to a position and discards everything after it. */
  set position(position: number) {
    this.#end = this.#start + position;
  }

  /** Makes room. */
  reserve(bytes: number): void {
    if (this.#end + bytes + SLACK > this.#bytes.length) this.#move(bytes);
  }

  /** After {@link reserve}. */
  byte(value: number): void {
    this.#bytes[this.#end++] = value;
  }

  /** Seven bits per byte, the lowest first; a double holds more than 32 of them. After {@link reserve}, of 10 at most. */
  varint(value: number): void {
    let rest = value;
    // Most values are lengths, for which bit operations are faster.
    for (; rest >= 128 && rest < 0x7fffffff; rest >>>= 7) this.#bytes[this.#end++] = (rest & 127) | 128;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#end++] = (rest % 128) | 128;
    this.#bytes[this.#end++] = rest;
  }

  /** A varint of 64 bits in two's complement. */
  signedVarint(value: number): void {
    this.reserve(10);
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#bytes[this.#end++] = Number(rest & 127n) | 128;
    this.#bytes[this.#end++] = Number(rest);
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  /** Milliseconds as 64 bits of nanoseconds. */
  nanoseconds(ms: number): void {
    this.reserve(8);
    // The remainder operation on doubles takes several times as long.
    const high = Math.floor(ms / WORD);
    const low = (ms - high * WORD) * 1e6;
    const carry = Math.floor(low / WORD);
    this.#view.setUint32(this.#end, low - carry * WORD, true);
    this.#view.setUint32(this.#end + 4, high * 1e6 + carry, true);
    this.#end += 8;
  }

  /** After {@link reserve}. */
  template({ length, words }: Template): void {
    const view = this.#view;
    for (let word = 0, to = this.#end; word < words.length; word++, to += 8) view.setFloat64(to, words[word], true);
    this.#end += length;
  }

  /** After {@link reserve}. */
  copy(from: Uint8Array, start: number, end: number): void {
    const bytes = end - start;
    if (bytes > MANY_BYTES || end + SLACK > from.length) this.#bytes.set(from.subarray(start, end), this.#end);
    else this.#copyWords(from, start, end);
    this.#end += bytes;
  }

  /**
   * Writes texts, each after its head and before the same tail of one to eight bytes. Text n is the range of `from` between
   * `places[2n]` and `places[2n + 1]`, for n from `first` to `end` - 1. It is a single loop, because a call per text would
   * take longer than copying its bytes. After {@link reserve}.
   */
  texts(
    heads: readonly Template[],
    first: number,
    end: number,
    tail: Template,
    from: Uint8Array,
    places: Int32Array,
  ): void {
    const view = this.#view;
    const source = this.#viewOf(from);
    const limit = from.length - SLACK;
    const tailWord = tail.words[0];
    let at = this.#end;
    for (let text = first; text < end; text++) {
      const head = heads[text];
      const words = head.words;
      for (let word = 0, to = at; word < words.length; word++, to += 8) view.setFloat64(to, words[word], true);
      at += head.length;
      const start = places[2 * text];
      const stop = places[2 * text + 1];
      if (stop - start > MANY_BYTES || stop > limit) this.#bytes.set(from.subarray(start, stop), at);
      else
        for (let byte = start, to = at; byte < stop; byte += 8, to += 8)
          view.setFloat64(to, source.getFloat64(byte, true), true);
      at += stop - start;
      view.setFloat64(at, tailWord, true);
      at += tail.length;
    }
    this.#end = at;
  }

  /**
   * Writes everything of a pair before its text; writes nothing and returns false if it is too long. After {@link reserve}.
   */
  shortPairHead({ tag, bytes, word, perByte }: ShortPair, key: Template, textBytes: number): boolean {
    const size = key.length + bytes + textBytes;
    if (size >= LONG) return false;
    this.#view.setInt16(this.#end, (size << 8) | tag, true);
    this.#end += 2;
    this.template(key);
    this.#view.setInt32(this.#end, word + textBytes * perByte, true);
    this.#end += bytes;
    return true;
  }

  /**
   * Like {@link texts}, but writes pairs. Stops at the first pair that is too long or whose text ends at the end of its
   * memory, and returns its number, or `end` if there is none. After {@link reserve}.
   */
  shortPairs(
    { tag, bytes, word, perByte }: ShortPair,
    keys: readonly Template[],
    first: number,
    end: number,
    from: Uint8Array,
    places: Int32Array,
  ): number {
    const view = this.#view;
    const source = this.#viewOf(from);
    const limit = from.length - SLACK;
    let at = this.#end;
    let pair = first;
    for (; pair < end; pair++) {
      const key = keys[pair];
      const words = key.words;
      const start = places[2 * pair];
      const stop = places[2 * pair + 1];
      const size = key.length + bytes + stop - start;
      if (size >= LONG || stop > limit) break;
      view.setInt16(at, (size << 8) | tag, true);
      at += 2;
      for (let word = 0, to = at; word < words.length; word++, to += 8) view.setFloat64(to, words[word], true);
      at += key.length;
      view.setInt32(at, word + (stop - start) * perByte, true);
      at += bytes;
      for (let byte = start, to = at; byte < stop; byte += 8, to += 8)
        view.setFloat64(to, source.getFloat64(byte, true), true);
      at += stop - start;
    }
    this.#end = at;
    return pair;
  }

  #viewOf(from: Uint8Array): DataView {
    if (from !== this.#source) {
      this.#source = from;
      this.#sourceView = viewOf(from);
    }
    return this.#sourceView;
  }

  #copyWords(from: Uint8Array, start: number, end: number): void {
    const [view, source] = [this.#view, this.#viewOf(from)];
    for (let at = start, to = this.#end; at < end; at += 8, to += 8)
      view.setFloat64(to, source.getFloat64(at, true), true);
  }

  /** Writes a text as UTF-8. */
  text(value: string): void {
    this.reserve(value.length > FEW_CHARACTERS ? Buffer.byteLength(value) : value.length * 3);
    if (!this.ascii(value)) this.#end += this.#bytes.write(value, this.#end);
  }

  /** Writes a text if it is short and ASCII: a loop is faster than native calls for it. After {@link reserve}. */
  ascii(value: string): boolean {
    if (value.length > FEW_CHARACTERS) return false;
    const bytes = this.#bytes;
    let to = this.#end;
    let units = 0;
    for (let at = 0; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      units |= unit;
      bytes[to++] = unit;
    }
    if (units > 0x7f) return false;
    this.#end = to;
    return true;
  }

  /** A whole number of 32 bits as `count` decimal digits with leading zeros. After {@link reserve}. */
  digits(value: number, count: number): void {
    const bytes = this.#bytes;
    let rest = value | 0;
    for (let at = this.#end + count - 1; at >= this.#end; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.#end += count;
  }

  /** The bytes that were written last, as a template. */
  last(bytes: number): Template {
    return templateOf(this.#bytes.subarray(this.#end - bytes, this.#end));
  }

  /** Leaves room for a length, to be filled by {@link prefixLength}. */
  leave(bytes: number): void {
    this.reserve(bytes);
    this.#end += bytes;
  }

  /**
   * Inserts the length of everything written since a position before it, as a varint; returns the varint's bytes.
   *
   * @param room bytes that were left for it at that position: if it takes exactly as many, nothing is moved
   */
  prefixLength(position: number, room = 0): number {
    const bytes = this.position - position - room;
    const size = varintSize(bytes);
    if (size !== room) {
      this.reserve(size);
      this.#bytes.copyWithin(this.#start + position + size, this.#start + position + room, this.#end);
    }
    this.#end = this.#start + position;
    this.varint(bytes);
    this.#end += bytes;
    return size;
  }

  /** The bytes written since {@link begin}. */
  take(): Stretch {
    const [buffer, start, end] = [this.#bytes, this.#start, this.#end];
    if (end - start <= OWN_BYTES) {
      this.#start = end;
      return { buffer, start, end };
    }
    const own = Buffer.allocUnsafeSlow(end - start);
    own.set(buffer.subarray(start, end));
    // Memory of a long message would otherwise be kept alive by the next short ones.
    if (buffer.length > SLAB_BYTES) this.#open(Buffer.alloc(0));
    return { buffer: own, start: 0, end: own.length };
  }

  /** The bytes written since {@link beginMessage} as a protobuf field, with its tag and length. */
  takeMessage(field: number): Stretch {
    this.#bytes[this.#start] = (field << 3) | LENGTH_DELIMITED;
    this.#lengthBytes = this.prefixLength(1, this.#lengthBytes);
    return this.take();
  }

  /** Moves the current message to memory with room for this number of additional bytes. */
  #move(bytes: number): void {
    const { position } = this;
    const larger = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (position + bytes + SLACK)));
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#open(larger);
    this.#end = position;
  }

  #open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#start = this.#end = 0;
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
