import type { Lines, Mark } from "./intake";
import { piecesOf } from "./lines";
import { type LiveLine, MAX_TEXT_BYTES } from "./record";

/** Maximum bytes of text that wait to be sent. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Maximum lines, and bytes of their text, in five seconds: the limits of SCF's log of a request
 * (docs/design/facts/runtime.md#function-log).
 */
export const WINDOW_MS = 5_000;
export const MAX_WINDOW_LINES = 5_000;
export const MAX_WINDOW_BYTES = 1024 * 1024;

/** Fewer remaining bytes than this in a window count as full. */
const SMALL_BYTES = 256;

/** Maximum UTF-8 bytes of one UTF-16 unit. */
const MOST_BYTES = 3;

/** Maximum records of an upload, and approximate maximum bytes of their text. */
const MAX_BATCH_RECORDS = 5_000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** The run of the handler during which something was written. */
export interface During {
  readonly requestId: string;
  /** Increases at the start and the end of each run. */
  readonly run: number;
}

/** Attributes of a written line; equal for lines written in the same way. */
export interface Manner extends Mark {
  readonly during: During;
}

/**
 * Records to be sent, without their origin: lines written in the same way, a piece of a line, the end of a request, or a
 * count of dropped lines. A function can write thousands of lines, so there is not one object per line.
 */
export interface Waiting {
  readonly kind: "line" | "end" | "dropped";
  readonly during: During;
  /** Microseconds since the epoch: one per line, or a single one for other kinds. */
  readonly times: number[];
  /** For lines: as many as times. */
  readonly texts: string[];
  /** Total bytes of the texts. */
  bytes: number;
  /**
   * Number of the first record; the others follow. 0 until it is in a batch, so that records discarded before leave no gap.
   */
  seq: number;
  readonly stream?: LiveLine["stream"];
  readonly level?: string;
  readonly piece?: string;
  readonly lines?: number;
  readonly droppedBytes?: number;
}

/** A count of dropped lines, and where the last of them was written. */
interface Dropped {
  readonly lines: number;
  readonly bytes: number;
  readonly during: During;
  readonly time: number;
}

/** Records that wait to be sent, in the order of writing, within limits. Those above the limits are only counted. */
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

  /** Whether new lines are only counted, because there is less room than a short line takes. */
  isFull(time: number): boolean {
    return (
      (this.#windowLines >= MAX_WINDOW_LINES || this.#windowBytes >= MAX_WINDOW_BYTES - SMALL_BYTES) &&
      time - this.#windowStart < WINDOW_MS * 1000
    );
  }

  /** Adds lines, in one step if there is room for all of them. */
  addLines(lines: Lines, manner: Manner): void {
    const { bytes, texts, times } = lines;
    this.#turnWindow(times[0]);
    const isShort = bytes <= MAX_TEXT_BYTES || texts.every((text) => text.length * MOST_BYTES <= MAX_TEXT_BYTES);
    if (isShort && this.#isInWindow(times[times.length - 1]) && this.#hasRoom(texts.length, bytes)) {
      this.#takeRoom(texts.length, bytes);
      return this.#keep(lines, manner);
    }
    for (let index = 0; index < texts.length; index++)
      this.addLine(texts[index], Buffer.byteLength(texts[index]), times[index], manner);
  }

  /** @param text undefined if it was too long, or only a part of it was seen */
  addLine(text: string | undefined, bytes: number, time: number, manner: Manner): void {
    this.#turnWindow(time);
    if (text === undefined || !this.#hasRoom(1, bytes)) return this.count(1, bytes, manner.during, time);
    this.#takeRoom(1, bytes);
    if (bytes <= MAX_TEXT_BYTES) return this.#keep({ texts: [text], times: [time], bytes }, manner);
    const pieces = piecesOf(text);
    pieces.forEach((text, index) => {
      const piece = `${index + 1}/${pieces.length}`;
      const share = bytes / pieces.length;
      this.#records.push({ kind: "line", times: [time], texts: [text], bytes: share, seq: 0, piece, ...manner });
    });
  }

  /** Adds the end of a request. @param lines number of lines that it wrote */
  addEnd(lines: number, during: During, time: number): void {
    this.#tellDropped();
    this.#records.push({ kind: "end", during, times: [time], texts: [], bytes: 0, seq: 0, lines });
  }

  /** Counts lines that are not sent. */
  count(lines: number, bytes: number, during: During, time: number): void {
    const { lines: lines_ = 0, bytes: bytes_ = 0 } = this.#dropped ?? {};
    this.#dropped = { lines: lines_ + lines, bytes: bytes_ + bytes, during, time };
  }

  /** The next records to be sent, numbered. They stay until {@link remove}. */
  batch(): readonly Waiting[] {
    this.#tellDropped();
    let count = 0;
    for (let lines = 0, bytes = 0; count < this.#records.length; count++) {
      const record = this.#records[count];
      const room = roomFor(record, MAX_BATCH_RECORDS - lines, MAX_BATCH_BYTES - bytes);
      if (room === 0) break;
      if (room < record.times.length) this.#records.splice(count + 1, 0, cutOff(record, room));
      if (record.seq === 0) {
        record.seq = this.#seq + 1;
        this.#seq += room;
      }
      lines += room;
      bytes += record.bytes;
    }
    return this.#records.slice(0, count);
  }

  /** Removes a batch that was sent. */
  remove(batch: readonly Waiting[]): void {
    if (this.#records[0] !== batch[0]) return;
    for (const { bytes } of this.#records.splice(0, batch.length)) this.#bytes -= bytes;
  }

  /** Counts a batch as dropped. */
  drop(batch: readonly Waiting[]): void {
    for (const { kind, piece, bytes, during, times } of batch) {
      const lines = piece === undefined || piece.startsWith("1/") ? times.length : 0;
      if (kind === "line") this.count(lines, bytes, during, times[times.length - 1]);
    }
    this.remove(batch);
  }

  /** Discards everything, because nobody watches. */
  letGo(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#dropped = undefined;
  }

  /** Turns the count so far into a record. */
  #tellDropped(): void {
    if (this.#dropped === undefined) return;
    const { lines, bytes, during, time } = this.#dropped;
    this.#dropped = undefined;
    const droppedBytes = Math.round(bytes);
    this.#records.push({ kind: "dropped", during, times: [time], texts: [], bytes: 0, seq: 0, lines, droppedBytes });
  }

  /** Appends the lines to preceding ones that were written in the same way, unless these can be in transit. */
  #keep({ bytes, texts, times }: Lines, { during, level, stream }: Manner): void {
    const last = this.#records.at(-1);
    if (last?.kind === "line" && last.seq === 0 && last.piece === undefined && last.during === during)
      if (last.stream === stream && last.level === level) {
        last.texts.push(...texts);
        last.times.push(...times);
        last.bytes += bytes;
        return;
      }
    this.#records.push({ kind: "line", during, times, texts, bytes, seq: 0, stream, level });
  }

  /** Starts a new window of five seconds if the last one is over. */
  #turnWindow(time: number): void {
    if (this.#isInWindow(time)) return;
    this.#windowStart = time;
    this.#windowLines = 0;
    this.#windowBytes = 0;
  }

  #isInWindow(time: number): boolean {
    return time >= this.#windowStart && time - this.#windowStart < WINDOW_MS * 1000;
  }

  #hasRoom(lines: number, bytes: number): boolean {
    return (
      this.#windowLines + lines <= MAX_WINDOW_LINES &&
      this.#windowBytes + bytes <= MAX_WINDOW_BYTES &&
      this.#bytes + bytes <= MAX_WAITING_BYTES
    );
  }

  #takeRoom(lines: number, bytes: number): void {
    this.#windowLines += lines;
    this.#windowBytes += bytes;
    this.#bytes += bytes;
    this.#tellDropped();
  }
}

/** How many of a record's lines fit into a batch. */
function roomFor({ kind, times, texts, bytes: all }: Waiting, lines: number, bytes: number): number {
  if (kind !== "line" || (times.length <= lines && all <= bytes)) return Math.min(times.length, lines);
  let [count, rest] = [0, bytes];
  while (count < Math.min(times.length, lines) && (rest -= Buffer.byteLength(texts[count])) >= 0) count++;
  return count;
}

/** Shortens a record to this number of lines. @returns a record of the rest */
function cutOff(record: Waiting, count: number): Waiting {
  const [times, texts] = [record.times.splice(count), record.texts.splice(count)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  record.bytes -= bytes;
  return { ...record, times, texts, bytes, seq: record.seq === 0 ? 0 : record.seq + count };
}
