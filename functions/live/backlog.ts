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

/** Most records, and about the most bytes of text, of one upload. */
const MAX_BATCH_RECORDS = 5_000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** What is sent, but for who sends it. */
export interface Waiting {
  readonly kind: "line" | "end" | "dropped";
  readonly requestId: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** Number of the run of the handler in which it was written. */
  readonly run: number;
  readonly bytes: number;
  /** 0 until it is in a batch: what is let go before leaves no gap. */
  seq: number;
  readonly level?: string;
  readonly stream?: LiveLine["stream"];
  readonly text?: string;
  readonly piece?: string;
  readonly lines?: number;
  readonly droppedBytes?: number;
}

/** A line as it was written. */
export interface Written {
  readonly stream: LiveLine["stream"];
  readonly level: string;
  readonly requestId: string;
  readonly time: number;
  readonly run: number;
}

/** What was counted, and where the last of it was written. */
interface Dropped {
  readonly lines: number;
  readonly bytes: number;
  readonly written: Pick<Written, "requestId" | "time" | "run">;
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

  /** @param text undefined where it was too long, or only a part of it was seen */
  addLine(text: string | undefined, bytes: number, { time, ...written }: Written): void {
    if (!this.#hasRoom(bytes, time) || text === undefined) {
      const { requestId, run } = written;
      return this.#countDropped(bytes, { requestId, time, run });
    }
    this.#windowLines++;
    this.#windowBytes += bytes;
    this.#tellDropped();
    if (bytes <= MAX_TEXT_BYTES) return this.#push({ kind: "line", ...written, time, text, bytes, seq: 0 });
    const pieces = piecesOf(text);
    pieces.forEach((piece, index) => {
      const place = `${index + 1}/${pieces.length}`;
      this.#push({ kind: "line", ...written, time, text: piece, bytes: bytes / pieces.length, seq: 0, piece: place });
    });
  }

  /** The end of a request. @param lines how many it wrote */
  addEnd(lines: number, written: Dropped["written"]): void {
    this.#tellDropped();
    this.#push({ kind: "end", ...written, lines, bytes: 0, seq: 0 });
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
    for (const { kind, piece, bytes, requestId, time, run } of batch) {
      const isLine = kind === "line" && (piece === undefined || piece.startsWith("1/"));
      if (kind === "line") this.#countDropped(bytes, { requestId, time, run }, isLine ? 1 : 0);
    }
    this.remove(batch);
  }

  /** Lets go of all: nobody watches. */
  letGo(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#dropped = undefined;
  }

  #countDropped(bytes: number, written: Dropped["written"], lines = 1): void {
    const before = this.#dropped ?? { lines: 0, bytes: 0 };
    this.#dropped = { lines: before.lines + lines, bytes: before.bytes + bytes, written };
  }

  /** Makes a record of what was counted so far. */
  #tellDropped(): void {
    if (this.#dropped === undefined) return;
    const { lines, bytes, written } = this.#dropped;
    this.#dropped = undefined;
    this.#push({ kind: "dropped", ...written, lines, droppedBytes: Math.round(bytes), bytes: 0, seq: 0 });
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
