import { piecesOf } from "./lines";
import { type LiveLine, MAX_TEXT_BYTES } from "./record";

/** Most bytes of text that wait to be sent. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Most lines, and bytes of their text, of five seconds: what SCF keeps of a request's log
 * (docs/design/facts/runtime.md#function-log).
 */
export const WINDOW_MS = 5_000;
export const MAX_WINDOW_LINES = 5_000;
export const MAX_WINDOW_BYTES = 1024 * 1024;

/** Less room than this in five seconds, in bytes, is none. */
const SMALL_BYTES = 256;

/** Most records, and about the most bytes of text, of one upload. */
const MAX_BATCH_RECORDS = 5_000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** During which run of the handler something was written. */
export interface During {
  readonly requestId: string;
  /** Counts the starts and the ends of runs. */
  readonly run: number;
}

/** What is sent, but for who sends it. */
export interface Waiting {
  readonly kind: "line" | "end" | "dropped";
  readonly during: During;
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly bytes: number;
  /** 0 until it is in a batch: what is let go before leaves no gap. */
  seq: number;
  readonly stream?: LiveLine["stream"];
  readonly level?: string;
  readonly text?: string;
  readonly piece?: string;
  readonly lines?: number;
  readonly droppedBytes?: number;
}

/** What was counted, and where the last of it was written. */
interface Dropped {
  readonly lines: number;
  readonly bytes: number;
  readonly during: During;
  readonly time: number;
}

/** Records that wait to be sent, in the order of writing, within bounds: what is above them is counted. */
export class Backlog {
  #records: Waiting[] = [];
  #bytes = 0;
  #seq = 0;
  #windowStart = 0;
  #windowLines = 0;
  #windowBytes = 0;
  #dropped: Dropped | undefined;

  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#dropped === undefined;
  }

  /** Whether what is written now is only counted: there is less room than a short line takes. */
  isFull(time: number): boolean {
    return (
      (this.#windowLines >= MAX_WINDOW_LINES || this.#windowBytes >= MAX_WINDOW_BYTES - SMALL_BYTES) &&
      time - this.#windowStart < WINDOW_MS * 1000
    );
  }

  /** @param text undefined where it was too long, or only a part of it was seen */
  addLine(
    text: string | undefined,
    bytes: number,
    stream: LiveLine["stream"],
    level: string,
    during: During,
    time: number,
  ): void {
    if (!this.#hasRoom(bytes, time) || text === undefined) return this.count(1, bytes, during, time);
    this.#windowLines++;
    this.#windowBytes += bytes;
    if (this.#dropped !== undefined) this.#tellDropped();
    if (bytes <= MAX_TEXT_BYTES) return this.#push({ kind: "line", during, time, stream, level, text, bytes, seq: 0 });
    const pieces = piecesOf(text);
    pieces.forEach((piece, index) => {
      const place = `${index + 1}/${pieces.length}`;
      const share = bytes / pieces.length;
      this.#push({ kind: "line", during, time, stream, level, text: piece, bytes: share, seq: 0, piece: place });
    });
  }

  /** The end of a request. @param lines how many it wrote */
  addEnd(lines: number, during: During, time: number): void {
    this.#tellDropped();
    this.#push({ kind: "end", during, time, lines, bytes: 0, seq: 0 });
  }

  /** Counts lines that are not sent. */
  count(lines: number, bytes: number, during: During, time: number): void {
    const { lines: lines_ = 0, bytes: bytes_ = 0 } = this.#dropped ?? {};
    this.#dropped = { lines: lines_ + lines, bytes: bytes_ + bytes, during, time };
  }

  /** The records that are sent next, numbered. They stay until {@link remove}. */
  batch(): readonly Waiting[] {
    this.#tellDropped();
    let count = 0;
    for (let bytes = 0; count < this.#records.length && count < MAX_BATCH_RECORDS; count++) {
      bytes += this.#records[count].bytes;
      if (bytes > MAX_BATCH_BYTES && count > 0) break;
    }
    const batch = this.#records.slice(0, count);
    for (const record of batch) record.seq ||= ++this.#seq;
    return batch;
  }

  /** Forgets a batch: it is sent. */
  remove(batch: readonly Waiting[]): void {
    if (this.#records[0] !== batch[0]) return;
    for (const { bytes } of this.#records.splice(0, batch.length)) this.#bytes -= bytes;
  }

  /** Counts a batch as dropped. */
  drop(batch: readonly Waiting[]): void {
    for (const { kind, piece, bytes, during, time } of batch) {
      const isFirst = piece === undefined || piece.startsWith("1/");
      if (kind === "line") this.count(isFirst ? 1 : 0, bytes, during, time);
    }
    this.remove(batch);
  }

  /** Lets go of all: nobody watches. */
  letGo(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#dropped = undefined;
  }

  /** Makes a record of what was counted so far. */
  #tellDropped(): void {
    if (this.#dropped === undefined) return;
    const { lines, bytes, during, time } = this.#dropped;
    this.#dropped = undefined;
    this.#push({ kind: "dropped", during, time, lines, droppedBytes: Math.round(bytes), bytes: 0, seq: 0 });
  }

  #push(record: Waiting): void {
    this.#bytes += record.bytes;
    this.#records.push(record);
  }

  #hasRoom(bytes: number, time: number): boolean {
    if (time - this.#windowStart >= WINDOW_MS * 1000 || time < this.#windowStart) {
      this.#windowStart = time;
      this.#windowLines = 0;
      this.#windowBytes = 0;
    }
    return (
      this.#windowLines < MAX_WINDOW_LINES &&
      this.#windowBytes + bytes <= MAX_WINDOW_BYTES &&
      this.#bytes + bytes <= MAX_WAITING_BYTES
    );
  }
}
