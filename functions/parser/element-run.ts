import { MAX_RUN_BYTES } from "./lines";

/** Receives what is found in the input at the places of records. */
export interface TakeElements {
  /** Objects, each followed by a line feed: `buffer` up to `end`. @param bytes where each begins in the input */
  run(buffer: Buffer, end: number, bytes: readonly number[]): void;
  /** An object that is too long for a run. @param cut whether only its head is here */
  alone(buffer: Buffer, end: number, byte: number, cut: boolean): void;
  /** Something that is not an object. */
  broken(buffer: Buffer, end: number, byte: number, reason: "not a JSON object" | "without what expand names"): void;
}

/**
 * Collects objects into runs of complete objects, each followed by a line feed. The bytes of the current object come
 * after them.
 */
export class ElementRun {
  #buffer: Buffer = Buffer.alloc(0);
  /** End of the complete objects. */
  #end = 0;
  #used = 0;
  #bytes: number[] = [];
  #isCut = false;

  constructor(
    private readonly maxBytes: number,
    private readonly hand: TakeElements,
  ) {}

  /** Appends bytes to the current object. Of an object over the limit, only the head is kept. */
  append(source: Buffer, start: number, end: number): void {
    const kept = Math.min(end - start, this.maxBytes + 1 - (this.#used - this.#end));
    if (kept < end - start) this.#isCut = true;
    if (this.#used + kept + 1 > this.#buffer.length) this.#makeRoom(kept + 1);
    source.copy(this.#buffer, this.#used, start, start + kept);
    this.#used += kept;
  }

  /** Removes the last bytes of the current object, which belong to another one. */
  takeBack(bytes: number): void {
    if (!this.#isCut) this.#used -= bytes;
  }

  /** The current object has ended. @param byte where it begins in the input */
  finish(byte: number, isBroken: boolean): void {
    const [isLong, isCut] = [this.#used - this.#end > this.maxBytes, this.#isCut];
    this.#isCut = false;
    if (this.#used >= MAX_RUN_BYTES) this.flush();
    if (!isBroken && !isLong && !isCut && this.#used < MAX_RUN_BYTES) {
      this.#bytes.push(byte);
      this.#buffer[this.#used++] = 0x0a;
      this.#end = this.#used;
      return;
    }
    const element = Buffer.from(this.#buffer.subarray(this.#end, Math.min(this.#used, this.#end + this.maxBytes)));
    this.#used = this.#end;
    this.flush();
    if (isLong || isCut) this.hand.alone(element, element.length, byte, true);
    else if (isBroken) this.hand.broken(element, element.length, byte, "not a JSON object");
    else this.hand.alone(element, element.length, byte, false);
  }

  /** Passes the complete objects on. Records keep the buffer, so the current object moves to another one. */
  flush(): void {
    if (this.#end === 0) return;
    const [buffer, end, bytes] = [this.#buffer, this.#end, this.#bytes];
    const open = buffer.subarray(end, this.#used);
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(MAX_RUN_BYTES, open.length + 1));
    open.copy(this.#buffer);
    [this.#used, this.#end, this.#bytes] = [open.length, 0, []];
    this.hand.run(buffer, end, bytes);
  }

  #makeRoom(needed: number): void {
    this.flush();
    const used = this.#used;
    if (used + needed <= this.#buffer.length) return;
    const next = Buffer.allocUnsafeSlow(Math.max(MAX_RUN_BYTES, used + needed, Math.min(this.maxBytes + 2, 2 * used)));
    this.#buffer.copy(next, 0, 0, used);
    this.#buffer = next;
  }
}
