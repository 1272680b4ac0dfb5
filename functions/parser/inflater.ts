import { createGunzip } from "node:zlib";
import { ContentError } from "./content-error";
import { type MemberStart, MemberStarts } from "./member-starts";

/**
 * Size in bytes of the buffers that zlib fills one after the other; a chunk is what one call wrote into one of them. A
 * piece of logs takes one or two calls. With half of this, it takes more: 3 to 5 % more CPU time and 6 to 14 % more time.
 * zlib's default of 16 KiB takes three times as long. Twice as much takes no less CPU time and up to 30 MB more memory.
 */
const CHUNK_BYTES = 1024 * 1024;

/** Maximum bytes that are held back because they can be padding. */
export const HELD_BYTES = 4096;

/** The output of one piece. */
export interface Unpacked {
  readonly chunks: readonly Uint8Array[];
  /** The members that begin in it, except the very first. */
  readonly members: readonly MemberStart[];
  /** Set if nothing follows. */
  readonly last: boolean;
}

/**
 * A wrapper of zlib's stream that processes one piece at a time. On an error, the stream's own async iterator would
 * drop its buffered output; here all output of earlier pieces is returned before the fault is thrown.
 *
 * After a member, zlib treats all bytes except NUL as the start of another member, and if they are not one, it drops
 * the output of the same write. Bytes that can be padding are therefore held back until more follow; if nothing
 * follows, they are fed byte by byte.
 */
export class Inflater {
  /** Number of output bytes so far. */
  unpackedBytes = 0;
  /** Number of packed bytes that were fed without a fault. */
  goodBytes = 0;
  readonly #holds: boolean;
  readonly #gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  readonly #starts = new MemberStarts();
  #chunks: Uint8Array[] = [];
  #members: MemberStart[] = [];
  #fault: Fault | undefined;
  /** End of the last member, once zlib has found that no member follows. */
  #end: number | undefined;
  #isProbing = false;
  #hasEnded = false;
  #fed = 0;
  #lastByte = 0;
  #held: Uint8Array = new Uint8Array(0);
  #settle: () => void = () => undefined;

  /**
   * @param holds whether possible padding is held back; otherwise use pieces of one byte, which show exactly where the
   * last member ends
   */
  constructor(holds: boolean) {
    this.#holds = holds;
    this.#gunzip.on("data", (chunk: Buffer) => {
      if (this.#isProbing) return;
      this.#chunks.push(chunk);
      this.unpackedBytes += chunk.length;
    });
    this.#gunzip.on("end", () => {
      this.#hasEnded = true;
      this.#settle();
    });
    this.#gunzip.on("error", ({ message }) => {
      this.#fault = { message };
      this.#settle();
    });
  }

  /** Number of packed bytes that were understood. */
  get packedBytes(): number {
    return this.#gunzip.bytesWritten;
  }

  /** Number of padding bytes after the last member; known at the end. */
  get paddingBytes(): number {
    return this.#end === undefined ? 0 : this.#fed - this.#end;
  }

  /**
   * Unpacks a piece, or ends the input if there is none.
   *
   * @throws ContentError for the fault of an earlier piece, or of this one if it had no output
   */
  async unpack(piece: Uint8Array | undefined): Promise<Unpacked> {
    this.#throwFault();
    if (piece) await this.#feed(piece);
    else await this.#finish();
    if (!this.#fault) this.goodBytes = this.#fed;
    const [chunks, members] = [this.#chunks, this.#members];
    [this.#chunks, this.#members] = [[], []];
    if (chunks.length === 0) this.#throwFault();
    return { chunks, members, last: piece === undefined && !this.#fault };
  }

  close(): void {
    this.#gunzip.destroy();
  }

  async #feed(piece: Uint8Array): Promise<void> {
    if (!this.#holds) return this.#write(piece);
    const all = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const end = startOfPadding(all);
    this.#held = all.subarray(end);
    if (end > 0) await this.#write(all.subarray(0, end));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const before = this.#lastByte;
    this.#fed += bytes.length;
    this.#lastByte = bytes[bytes.length - 1];
    if (this.#end !== undefined) return this.#requirePadding(bytes);
    const found = this.#starts.find(bytes);
    const { unpackedBytes } = this;
    await this.#until((settle) => this.#gunzip.write(bytes, settle));
    this.#members.push(...this.#starts.confirm(found, unpackedBytes, this.unpackedBytes));
    if (this.#hasEnded) {
      this.#end = this.#gunzip.bytesWritten;
      this.#requirePadding(bytes.subarray(bytes.length - (this.#fed - this.#end)));
    } else if (bytes.length === 1 && this.#isNoMember()) {
      // zlib needs two bytes to decide.
      this.#endAt(this.#fed - 2, [before, bytes[0]]);
    }
  }

  /** Feeds the bytes that were held back; then a NUL, which zlib treats as padding only at the end of a member. */
  async #finish(): Promise<void> {
    for (let at = 0; at < this.#held.length && !this.#fault; at++) await this.#write(this.#held.subarray(at, at + 1));
    if (this.#fault || this.#end !== undefined) return;
    this.#isProbing = true;
    await this.#until((settle) => this.#gunzip.write(new Uint8Array(1), settle));
    if (this.#hasEnded) return;
    // A single byte that begins a member is a member that was cut off.
    if (this.#isNoMember() && this.#lastByte !== MAGIC) return this.#endAt(this.#fed - 1, [this.#lastByte]);
    const message = `gzip must be complete, got its first ${this.#fed} bytes; upload it again`;
    this.#fault = { error: new ContentError("GZIP_TRUNCATED", message, this.#fed) };
  }

  #until(start: (settle: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      start(resolve);
    });
  }

  /** Whether the last fed bytes show that no other member follows. */
  #isNoMember(): boolean {
    return this.#fault?.message === "incorrect header check";
  }

  #endAt(end: number, behind: readonly number[]): void {
    this.#fault = undefined;
    this.#end = end;
    this.#requirePadding(behind);
  }

  /** Anything else can be a broken member, which must be reported. */
  #requirePadding(behind: ArrayLike<number>): void {
    if (Array.from(behind).every((byte) => PADDING.has(byte))) return;
    const message = "gzip must end with its last member, got bytes behind it that are none; upload it again";
    this.#fault = { error: new ContentError("GZIP_CORRUPT", message, this.#end ?? 0) };
  }

  #throwFault(): void {
    if (!this.#fault) return;
    const { error, message } = this.#fault;
    throw (
      error ?? new ContentError("GZIP_CORRUPT", `gzip must be intact, got ${message}; upload it again`, this.goodBytes)
    );
  }
}

/** The fault that ended the reading: zlib's error, or an error with more detail. */
interface Fault {
  readonly message?: string;
  readonly error?: ContentError;
}

/** The first byte of a member. */
const MAGIC = 0x1f;

/** Padding that tools and transports add after gzip: NUL, tab, line ends, space, and the end-of-file mark of DOS. */
const PADDING: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x1a, 0x20]);

/** Start of the trailing bytes that can be padding, within the last HELD_BYTES. */
function startOfPadding(bytes: Uint8Array): number {
  const first = Math.max(0, bytes.length - HELD_BYTES);
  let at = bytes.length;
  while (at > first && PADDING.has(bytes[at - 1])) at--;
  return at;
}
