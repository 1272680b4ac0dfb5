import type { LiveDropped, LiveEnd, LiveLine, LiveRecord } from "../../functions/live/record";

/** Output of an instance in order, and what was lost. */
export type Written =
  | { readonly kind: "line"; readonly line: LiveLine; readonly isLate: boolean }
  | { readonly kind: "end"; readonly end: LiveEnd }
  | { readonly kind: "dropped"; readonly dropped: LiveDropped }
  | { readonly kind: "gap"; readonly from: number; readonly to: number; readonly time: number };

/** Milliseconds that a gap is waited for: repeated records, and those of another partition, arrive within that time. */
export const GAP_MS = 2_000;

/** Milliseconds after which an incomplete line is shown with the pieces that arrived. */
const PIECES_MS = 5_000;

/** Maximum records that wait behind a gap. With more, the gap is reported immediately. */
const MAX_WAITING = 5_000;

interface Missing {
  readonly from: number;
  readonly to: number;
  /**
   * When to report it, in milliseconds: Infinity if it was reported, or written before the tail started. A late record
   * of the latter shows that those after it should have arrived.
   */
  tellAt: number;
}

/**
 * Puts the records of one instance in order, each once. Repeats are detected by their number. Records behind a gap wait
 * for a while; then the gap is reported, and records of it that still arrive are marked as late.
 */
export class Instance {
  /** Number of the next record; undefined until the start is known. */
  #next?: number;
  readonly #waiting = new Map<number, LiveRecord>();
  /** When the oldest waiting record arrived. */
  #waitingSince = 0;
  /** Numbers that were skipped, as ranges that do not touch. */
  #missing: Missing[] = [];
  readonly #lines = new Map<number, Pieces>();

  /** Takes a record; returns what is now next in order. @param now milliseconds */
  take(record: LiveRecord, now: number): Written[] {
    const { seq } = record;
    if (this.#next !== undefined && seq < this.#next) return this.#takeMissing(record, now);
    if (this.#waiting.has(seq)) return [];
    if (this.#waiting.size === 0) this.#waitingSince = now;
    this.#waiting.set(seq, record);
    if (this.#next === undefined && seq === 1) this.#next = 1;
    return [...this.#ready(now), ...(this.#waiting.size > MAX_WAITING ? this.#passGap(now) : [])];
  }

  /**
   * What is due by that time.
   *
   * @param isBehind whether earlier records may still be unread
   */
  due(now: number, isBehind: boolean): Written[] {
    const written: Written[] = [];
    if (this.#waiting.size > 0 && !isBehind) {
      // A tail that starts in the middle begins with the first number that it sees.
      if (this.#next === undefined) written.push(...this.#beginAt(Math.min(...this.#waiting.keys()), now));
      else if (now - this.#waitingSince >= GAP_MS) written.push(...this.#passGap(now));
    }
    if (!isBehind) written.push(...this.#gapsDue(now));
    for (const [first, pieces] of this.#lines) {
      if (isBehind || now - pieces.since < PIECES_MS) continue;
      this.#lines.delete(first);
      written.push({ kind: "line", line: pieces.asFarAsItCame(), isLate: true });
    }
    return written;
  }

  /** Everything that is held, at the end. */
  flush(now: number): Written[] {
    const written: Written[] = [];
    while (this.#waiting.size > 0) written.push(...this.#passGap(now));
    return [
      ...written,
      ...this.#gapsDue(Number.MAX_VALUE).map((gap) => ({ ...gap, time: now * 1000 })),
      ...this.due(Infinity, false),
    ];
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#lines.size === 0 && !this.#missing.some(({ tellAt }) => tellAt < Infinity);
  }

  #beginAt(first: number, now: number): Written[] {
    if (first > 1) this.#missing = [{ from: 1, to: first - 1, tellAt: Infinity }];
    this.#next = first;
    return this.#ready(now);
  }

  /** The numbers that have arrived without a gap. */
  #ready(now: number): Written[] {
    const written: Written[] = [];
    for (let record; this.#next !== undefined && (record = this.#waiting.get(this.#next)); this.#next++) {
      this.#waiting.delete(this.#next);
      this.#waitingSince = now;
      written.push(...this.#written(record, false, now));
    }
    return written;
  }

  #passGap(now: number): Written[] {
    const next = Math.min(...this.#waiting.keys());
    if (this.#next === undefined) return this.#beginAt(next, now);
    const gap = { from: this.#next, to: next - 1 };
    this.#missing.push({ ...gap, tellAt: Infinity });
    this.#next = next;
    const { time } = this.#waiting.get(next) as LiveRecord;
    return [{ kind: "gap", ...gap, time }, ...this.#ready(now)];
  }

  #gapsDue(now: number): Written[] {
    const due = this.#missing.filter(({ tellAt }) => tellAt <= now && tellAt < Infinity);
    for (const gap of due) gap.tellAt = Infinity;
    return due.map(({ from, to }) => ({ kind: "gap", from, to, time: now * 1000 }));
  }

  #takeMissing(record: LiveRecord, now: number): Written[] {
    const { seq } = record;
    const index = this.#missing.findIndex(({ from, to }) => from <= seq && seq <= to);
    if (index === -1) return [];
    const { from, to, tellAt } = this.#missing[index];
    const isFromBefore = from === 1 && tellAt === Infinity;
    const rest = [
      { from, to: seq - 1, tellAt },
      { from: seq + 1, to, tellAt: isFromBefore ? now + GAP_MS : tellAt },
    ].filter((range) => range.from <= range.to);
    this.#missing.splice(index, 1, ...rest);
    return this.#written(record, true, now);
  }

  #written(record: LiveRecord, isLate: boolean, now: number): Written[] {
    if (record.kind === "end") return [{ kind: "end", end: record }];
    if (record.kind === "dropped") return [{ kind: "dropped", dropped: record }];
    if (!record.piece) return [{ kind: "line", line: record, isLate: isLate || record.late }];
    const first = record.seq - record.piece.number + 1;
    const pieces = this.#lines.get(first) ?? new Pieces(record.piece.of, now);
    this.#lines.set(first, pieces);
    const line = pieces.add(record, isLate);
    if (!line) return [];
    this.#lines.delete(first);
    return [{ kind: "line", line, isLate: pieces.isLate }];
  }
}

/** A line in several pieces. */
class Pieces {
  readonly #pieces = new Map<number, LiveLine>();
  isLate = false;

  constructor(
    readonly count: number,
    readonly since: number,
  ) {}

  /** The whole line, once all its pieces have arrived. */
  add(line: LiveLine, isLate: boolean): LiveLine | undefined {
    this.#pieces.set(line.piece?.number ?? 1, line);
    this.isLate ||= isLate || line.late;
    return this.#pieces.size === this.count ? this.#joined("") : undefined;
  }

  asFarAsItCame(): LiveLine {
    return this.#joined(`[${this.count - this.#pieces.size} of ${this.count} pieces of this line are missing] `);
  }

  #joined(before: string): LiveLine {
    const inOrder = [...this.#pieces].sort(([a], [b]) => a - b).map(([, line]) => line);
    const { piece: _, ...last } = inOrder[inOrder.length - 1];
    return { ...last, time: inOrder[0].time, text: before + inOrder.map(({ text }) => text).join("") };
  }
}
