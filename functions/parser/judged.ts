import { type Beginning, isUnfed, START_BYTES } from "./content-kind";
import type { MemberStart } from "./member-starts";

/** What content is judged by. */
export interface Judge {
  /** @param start the first {@link START_BYTES} of a stretch, or all of it @param packed where it begins as it is stored */
  faultOf(start: Buffer, beginning: Beginning, packed: number): Error | undefined;
  /** The fault of text that is one line, though it looks like many; undefined where it may be that. */
  readonly unfed?: () => Error;
}

const LINE_FEED = 0x0a;

/**
 * Hands content on once its start is judged, and that of each stretch that stands behind it. Chunks may be of a byte each.
 *
 * @param starts of the stretches behind the first: each comes before its bytes, some twice; they are taken out
 */
export async function* judged(
  content: AsyncIterable<Uint8Array>,
  starts: MemberStart[],
  judge: Judge,
): AsyncGenerator<Uint8Array> {
  const hold = new Hold(starts, judge);
  try {
    for await (const chunk of content) yield* hold.take(chunk);
  } catch (error) {
    // As much as came; the fault that ended it is told, whatever it was.
    yield* hold.good();
    throw error;
  }
  yield* hold.end();
}

/** What came and is not handed on, since the stretch that begins in it is not judged yet. */
class Hold {
  readonly #starts: MemberStart[];
  readonly #judge: Judge;
  #held: Buffer = Buffer.alloc(0);
  /** Where what is held begins, and the byte before. */
  #from = 0;
  #byteBefore: number | undefined;
  /** The stretch that is to be judged next, where one is known, and the first byte with which another may begin. */
  #open: MemberStart | undefined = { packed: 0, unpacked: 0 };
  #least = 1;
  /** Starts that are taken already. */
  #taken = 0;
  /** Whether a line feed is missed that would end the first line. */
  #isUnfed = false;

  constructor(starts: MemberStart[], judge: Judge) {
    this.#starts = starts;
    this.#judge = judge;
  }

  *take(chunk: Uint8Array): Generator<Uint8Array> {
    const { buffer, byteOffset, byteLength } = chunk;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const fault = this.#settle(false);
    yield* this.#release();
    if (fault) throw fault;
  }

  *end(): Generator<Uint8Array> {
    const fault = this.#settle(true);
    yield* this.#release();
    if (fault) throw fault;
    if (this.#isUnfed && this.#judge.unfed) throw this.#judge.unfed();
  }

  /** What of it can be handed on where something else keeps the rest from coming. */
  *good(): Generator<Uint8Array> {
    this.#settle(true);
    yield* this.#release();
  }

  /** Judges each stretch that is there. The one that is not yet, or is a fault, stays open. */
  #settle(isEnd: boolean): Error | undefined {
    const end = this.#from + this.#held.length;
    for (let open = this.#open ?? this.#takeStart(); open; open = this.#takeStart()) {
      this.#open = open;
      const { packed, unpacked } = open;
      const isFirst = unpacked === 0;
      // Of the first stretch it is told that it is empty.
      if (unpacked >= end && !(isFirst && isEnd)) return undefined;
      const until = this.#endOfStart(unpacked, end);
      if (until > end && !isEnd) return undefined;
      const start = this.#held.subarray(unpacked - this.#from, until - this.#from);
      const fault = this.#judge.faultOf(start, isFirst ? "content" : this.#beginning(unpacked), packed);
      if (fault) return fault;
      if (isFirst) this.#isUnfed = isUnfed(this.#held.subarray(0, START_BYTES));
    }
    this.#open = undefined;
    return undefined;
  }

  /** Hands on what is before the stretch that is open. */
  *#release(): Generator<Uint8Array> {
    const { length } = this.#held;
    const bytes = this.#held.subarray(0, this.#open ? Math.min(length, this.#open.unpacked - this.#from) : length);
    if (bytes.length === 0) return;
    this.#held = this.#held.subarray(bytes.length);
    this.#from += bytes.length;
    this.#byteBefore = bytes[bytes.length - 1];
    if (this.#isUnfed && bytes.includes(LINE_FEED)) this.#isUnfed = false;
    yield bytes;
  }

  /** A start ends with the stretch, and a stretch where another begins a line: one that goes on with a line is more of it. */
  #endOfStart(unpacked: number, end: number): number {
    const longest = unpacked + START_BYTES;
    this.#nextStart();
    for (let at = this.#taken; at < this.#starts.length; at++) {
      const next = this.#starts[at].unpacked;
      if (next >= longest || next > end) break;
      if (next > unpacked && this.#beginning(next) === "line") return next;
    }
    return longest;
  }

  #beginning(unpacked: number): Beginning {
    const before = unpacked > this.#from ? this.#held[unpacked - this.#from - 1] : this.#byteBefore;
    return before === LINE_FEED ? "line" : "cut";
  }

  #takeStart(): MemberStart | undefined {
    if (this.#nextStart() === Infinity) {
      this.#taken -= this.#starts.splice(0, this.#taken).length;
      return undefined;
    }
    const start = this.#starts[this.#taken++];
    this.#least = start.unpacked + 1;
    return start;
  }

  #nextStart(): number {
    while (this.#taken < this.#starts.length && this.#starts[this.#taken].unpacked < this.#least) this.#taken++;
    return this.#starts.at(this.#taken)?.unpacked ?? Infinity;
  }
}
