import type { DeliveredLogs, LogPiece } from "./delivered-logs";

/** A run of consecutive lines. */
interface Run {
  readonly piece: LogPiece;
  /** Number of its first line among all, from 0. */
  readonly first: number;
  /** Its logs that are lines; undefined if all are. */
  readonly logs?: readonly number[];
}

/** The lines of an event: its logs except those with empty content, found by number, from 0, or by offset. */
export class DeliveredLines {
  readonly length: number;
  readonly #runs: readonly Run[];

  constructor(logs: DeliveredLogs) {
    let first = 0;
    this.#runs = [...logs.pieces()].map((piece) => {
      const run = { piece, first, logs: piece.lines === piece.count ? undefined : linesOf(piece) };
      first += piece.lines;
      return run;
    });
    this.length = first;
  }

  /** The line whose content contains an offset, or the first one after it; the number of lines if there is none. */
  from(place: number): number {
    if (this.length === 0) return 0;
    const { first, logs, piece } =
      this.#runs[lastOf(this.#runs.length, (run) => this.#runs[run].piece.start(0) <= place)];
    const line = (number: number): number => logs?.[number] ?? number;
    return first + firstOf(piece.lines, (number) => piece.contentEnd(line(number)) > place);
  }

  /** Where a line's log and its content start and end in the event's JSON. */
  at(line: number): LinePlace {
    const { first, logs, piece } = this.#runs[lastOf(this.#runs.length, (run) => this.#runs[run].first <= line)];
    const log = logs?.[line - first] ?? line - first;
    return {
      start: piece.start(log),
      end: piece.end(log),
      contentStart: piece.contentStart(log),
      contentEnd: piece.contentEnd(log),
    };
  }
}

/** Offsets in an event's JSON. */
export interface LinePlace {
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
}

function linesOf(piece: LogPiece): number[] {
  return Array.from({ length: piece.count }, (_, log) => log).filter(
    (log) => piece.contentEnd(log) > piece.contentStart(log),
  );
}

/** The first number below `count` that passes a monotonic test (false, then true), or `count`. */
function firstOf(count: number, test: (number: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The last number below `count` that passes a monotonic test (true, then false), or 0. */
function lastOf(count: number, test: (number: number) => boolean): number {
  return Math.max(0, firstOf(count, (number) => !test(number)) - 1);
}
