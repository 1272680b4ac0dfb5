import type { DeliveredLogs, LogPiece } from "./delivered-logs";

/** Some lines that follow each other. */
interface Run {
  readonly piece: LogPiece;
  /** Number of its first line among all, from 0. */
  readonly first: number;
  /** Its logs that are lines; undefined where all are. */
  readonly logs?: readonly number[];
}

/** The lines of an event, which are its logs but for those whose content is empty, by their numbers from 0 and their places. */
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

  /** The line that holds a place in its content, or else the first one behind it; as many as there are where none is. */
  from(place: number): number {
    if (this.length === 0) return 0;
    const { first, logs, piece } =
      this.#runs[lastOf(this.#runs.length, (run) => this.#runs[run].piece.start(0) <= place)];
    const line = (number: number): number => logs?.[number] ?? number;
    return first + firstOf(piece.lines, (number) => piece.contentEnd(line(number)) > place);
  }

  /** Where a line's log starts and ends in the event's JSON, and its content. */
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

/** The first of so many for which a test that holds from some on holds, or as many as there are. */
function firstOf(count: number, test: (number: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The last of so many for which a test that holds up to some holds, or the first. */
function lastOf(count: number, test: (number: number) => boolean): number {
  return Math.max(0, firstOf(count, (number) => !test(number)) - 1);
}
