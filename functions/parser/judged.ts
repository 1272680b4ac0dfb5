import { type Beginning, isUnfed, START_BYTES } from "./content-kind";
import type { MemberStart } from "./member-starts";

/** Checks content by its start. */
export interface Judge {
  /**
   * @param start the first {@link START_BYTES} of a stretch, or all of it @param packed where the stretch begins in the
   * stored object
   */
  faultOf(start: Buffer, beginning: Beginning, packed: number): Error | undefined;
  /** The fault for text that is a single line although it looks like many; undefined if that is allowed. */
  readonly unfed?: () => Error;
}

const LINE_FEED = 0x0a;

/**
 * Passes content on after its start was checked, and the start of each further stretch. Chunks can be as small as one
 * byte.
 *
 * @param starts starts of the stretches after the first; each arrives before its bytes, some arrive twice; they are
 * removed
 */
export async function* judged(
  content: AsyncIterable<Uint8Array>,
  starts: MemberStart[],
  judge: Judge,
): AsyncGenerator<Uint8Array> {
  const hold = new Hold(starts, judge);
  try {
    for await (const chunk of content) {
      const { bytes, fault } = hold.take(chunk);
      if (bytes) yield bytes;
      if (fault) throw fault;
    }
  } catch (error) {
    // Passes on what has arrived. The original fault is reported in any case.
    const bytes = hold.good();
    if (bytes) yield bytes;
    throw error;
  }
  const { bytes, fault } = hold.end();
  if (bytes) yield bytes;
  if (fault) throw fault;
}

/** What can be passed on, if anything, and the fault that follows it, if any. */
interface Checked {
  readonly bytes: Buffer | undefined;
  readonly fault: Error | undefined;
}

/** Bytes that are held back because the stretch that begins in them is not checked yet. */
class Hold {
  readonly #starts: MemberStart[];
  readonly #judge: Judge;
  #held: Buffer = Buffer.alloc(0);
  /** Position of the held bytes, and the byte before them. */
  #from = 0;
  #byteBefore: number | undefined;
  /** The next stretch to check, if known, and the first position at which another one can begin. */
  #open: MemberStart | undefined = { packed: 0, unpacked: 0 };
  #least = 1;
  /** Number of starts that were already processed. */
  #taken = 0;
  /** Whether a line feed that would end the first line is still missing. */
  #isUnfed = false;

  constructor(starts: MemberStart[], judge: Judge) {
    this.#starts = starts;
    this.#judge = judge;
  }

  take(chunk: Uint8Array): Checked {
    const { buffer, byteOffset, byteLength } = chunk;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const fault = this.#settle(false);
    return { bytes: this.#release(), fault };
  }

  end(): Checked {
    const fault = this.#settle(true);
    const bytes = this.#release();
    return { bytes, fault: fault ?? (this.#isUnfed ? this.#judge.unfed?.() : undefined) };
  }

  /** What can be passed on if the rest cannot arrive. */
  good(): Buffer | undefined {
    this.#settle(true);
    return this.#release();
  }

  /** Checks each stretch that is complete enough. One that is not, or that has a fault, stays open. */
  #settle(isEnd: boolean): Error | undefined {
    const end = this.#from + this.#held.length;
    for (let open = this.#open ?? this.#takeStart(); open; open = this.#takeStart()) {
      this.#open = open;
      const { packed, unpacked } = open;
      const isFirst = unpacked === 0;
      // The first stretch is also reported if it is empty.
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

  /** Everything before the open stretch; undefined if that is nothing. */
  #release(): Buffer | undefined {
    const { length } = this.#held;
    const bytes = this.#held.subarray(0, this.#open ? Math.min(length, this.#open.unpacked - this.#from) : length);
    if (bytes.length === 0) return undefined;
    this.#held = this.#held.subarray(bytes.length);
    this.#from += bytes.length;
    this.#byteBefore = bytes[bytes.length - 1];
    if (this.#isUnfed && bytes.includes(LINE_FEED)) this.#isUnfed = false;
    return bytes;
  }

  /**
   * The start of a stretch ends where another stretch begins at a line's start. A stretch that continues a line is part
   * of it.
   */
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
