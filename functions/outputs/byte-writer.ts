import { LENGTH_DELIMITED, varintSize } from "./protobuf-fields";
import type { Stretch } from "./slabs";

/** Bytes of a piece of memory that many messages share. */
const SLAB_BYTES = 64 * 1024;

/** What is longer gets memory of its own, so that a slab is not left half empty. */
const OWN_BYTES = SLAB_BYTES / 4;

/** Beyond so many bytes a call of the platform copies faster than a loop. */
const MANY_BYTES = 256;

/** Up to so many characters a text is looked at by itself, whether it is ASCII. */
const FEW_CHARACTERS = 48;

/**
 * Loops copy eight bytes at a time, and so up to seven more than were meant: others are written over them. They copy them as
 * doubles, three times as fast as two integers; a double that is only read and written keeps its bits, be it a number or not.
 */
const SLACK = 8;

const WORD = 2 ** 32;

/** From this length on, a varint takes more than a byte. */
const LONG = 128;

/** Bytes that are written again and again. */
export interface Template {
  readonly length: number;
  /** Eight of them each, with zeros behind the last. */
  readonly words: Float64Array;
}

export function templateOf(bytes: Uint8Array): Template {
  const words = new Float64Array(Math.ceil(bytes.length / 8));
  new Uint8Array(words.buffer).set(bytes);
  return { length: bytes.length, words };
}

/** What the texts of a record stand behind, each its own. */
export interface Heads {
  readonly templates: readonly Template[];
  /** Of all of them. */
  readonly bytes: number;
}

export function headsOf(templates: readonly Template[]): Heads {
  return { templates, bytes: templates.reduce((sum, { length }) => sum + length, 0) };
}

/** How a text is written as a pair of protobuf, a message of its key and its value, where each length in it is one byte. */
export interface ShortPair {
  readonly tag: number;
  /** How many bytes stand between key and text: at most four. */
  readonly bytes: number;
  /** What they are for an empty text, the first in the lowest bits. */
  readonly word: number;
  /** What is added for each byte of the text. */
  readonly perByte: number;
}

/**
 * Messages that are written one behind the other into memory that they share, each where it stays: a piece of memory for each
 * field would cost more than its bytes, and so would a copy of the whole. Of what is called after {@link reserve} it must have
 * been told how many bytes come.
 */
export class ByteWriter {
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  /** Where the message begins that is being written; what is in front of it is taken. */
  #start = 0;
  /** Behind its last byte. */
  #end = 0;
  /** The bytes that were copied from last, and a view of them. */
  #source: Uint8Array = this.#bytes;
  #sourceView = this.#view;
  /** Bytes of the length of the last message: the next one likely has as many. */
  #lengthBytes = 2;

  /** Begins a message. What was written since the last one was taken is forgotten. */
  begin(): void {
    this.#end = this.#start;
  }

  /** Begins one that {@link takeMessage} takes. */
  beginMessage(): void {
    this.begin();
    this.leave(1 + this.#lengthBytes);
  }

  /** How far the message is. */
  get position(): number {
    return this.#end - this.#start;
  }

  /** Goes back to a position, and forgets what is behind it. */
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

  /** Seven bits a byte, the lowest first; a double holds more than 32 of them. After {@link reserve}, of 10 at most. */
  varint(value: number): void {
    let rest = value;
    // Most are lengths, which bits tell faster.
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
    // A double's own remainder takes several times as long.
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
   * Texts, each behind its head and in front of the same tail, which has one to eight bytes: what stands in these bytes at the
   * places 2n and 2n + 1, for each number from `first` up to the one before `end`. All of it is one loop, since a call for each
   * would take longer than its bytes. After {@link reserve}.
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

  /** All of a pair in front of its text of so many bytes; false, and nothing, where that is too long. After {@link reserve}. */
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
   * As {@link texts}, but each as a pair: up to the first that is too long, or that ends where its memory does, of which it returns
   * the number; `end` where there is none. After {@link reserve}.
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

  /** Writes a text if it is short, and ASCII: a loop does so faster than calls of the platform. After {@link reserve}. */
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

  /** A whole number of 32 bits as so many decimal digits, with zeros in front. After {@link reserve}. */
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

  /** The bytes that were written last, to be written again. */
  last(bytes: number): Template {
    return templateOf(this.#bytes.subarray(this.#end - bytes, this.#end));
  }

  /** Leaves room for a length, to be filled by {@link prefixLength}. */
  leave(bytes: number): void {
    this.reserve(bytes);
    this.#end += bytes;
  }

  /**
   * Puts the length of what was written from a position on in front of it, as a varint; returns the bytes that it takes.
   *
   * @param room bytes that were left for it at that position: where it takes as many, nothing is moved
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

  /** What was written since {@link begin}. */
  take(): Stretch {
    const [buffer, start, end] = [this.#bytes, this.#start, this.#end];
    if (end - start <= OWN_BYTES) {
      this.#start = end;
      return { buffer, start, end };
    }
    const own = Buffer.allocUnsafeSlow(end - start);
    own.set(buffer.subarray(start, end));
    // One that was made for a long message would be kept by the next short ones.
    if (buffer.length > SLAB_BYTES) this.#open(Buffer.alloc(0));
    return { buffer: own, start: 0, end: own.length };
  }

  /** What was written since {@link beginMessage} as a field of protobuf: its tag and its length in front. */
  takeMessage(field: number): Stretch {
    this.#bytes[this.#start] = (field << 3) | LENGTH_DELIMITED;
    this.#lengthBytes = this.prefixLength(1, this.#lengthBytes);
    return this.take();
  }

  /** Takes the message that is being written to memory with room for so many bytes more. */
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
