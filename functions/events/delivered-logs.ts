import type { Scan } from "../parser/scan/scan";
import { scanner } from "../parser/scan/scanner";
import { DRAFT, LOG_WORDS, SEEK, type WalkedLogs } from "../parser/scan/tape";
import { CLOSING_BRACKET, COMMA, endOfValue, skipSpaces, valueIn } from "./json-bytes";
import { lineOfLog, timeOfLog } from "./log-line";

/** Name of a log's time in its line. */
const STAMP = "__TIMESTAMP__";

/** Maximum bytes that are drafted in one step: a scan takes half as many lines, so a part would be moved unused. */
const MOST_DRAFTED = 128 * 1024;

/** Bytes per step if nothing is drafted: they stay in the CPU cache between the copy and the walk. */
const WALKED_AT_ONCE = 64 * 1024;

/**
 * The logs of a CLS event, in place in its JSON. Nothing is created from them until it is requested.
 *
 * To search all of them at once, search `json`, which is UTF-8. The text of a log's content appears there with the escapes
 * of a JSON string, in most events with no others: `"` as `\"` and a backslash as two; if the content is itself JSON, the
 * backslash of each of its own escapes is doubled. A writer can escape more than it must: if `json` contains `\u` or `\/`,
 * a text can appear in another form. A match need not be in a log: the topic's name and the member names are in `json` as
 * well.
 *
 * {@link pieces} tells which range of `json` belongs to which log, some thousands at a time and in a few hundred
 * microseconds a megabyte. {@link LogPiece.line} creates the line of a single log; its number among all is the `line` of
 * its record's place, counted from 1. `parseLogs` reads all of them as records.
 */
export class DeliveredLogs {
  /** The event's unpacked JSON; bytes that were not UTF-8 are replaced by U+FFFD. */
  readonly json: Buffer;
  readonly #start: number;
  #lines = 0;
  #longest = 0;
  /** The result of {@link end}: sixteen bytes per log. */
  #walked: LogPiece[] | undefined;

  /** @param start offset after the bracket that opens the list */
  constructor(json: Buffer, start: number) {
    this.json = json;
    this.#start = start;
  }

  /** Offset after the bracket that closes the list; undefined if it is not a JSON list. */
  end(): number | undefined {
    this.#lines = this.#longest = 0;
    const walked: LogPiece[] = (this.#walked = []);
    const pieces = this.#walk(0);
    for (;;) {
      const { done, value } = pieces.next();
      if (done) return value;
      walked.push(value);
      this.#lines += value.lines;
      this.#longest = Math.max(this.#longest, value.longest);
    }
  }

  /** Number of logs that are lines, which are those with content that is not empty. Known after {@link end}. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes of the longest content; infinite if one is not text, or is unknown. Known after {@link end}. */
  get longest(): number {
    return this.#longest;
  }

  /** When the last log was written, in epoch milliseconds, if it says so. Known after {@link end}, until {@link drafts}. */
  get lastTime(): number | undefined {
    const piece = this.#walked?.at(-1);
    if (!piece) return undefined;
    const last = piece.count - 1;
    return timeOfLog(JSON.parse(this.json.toString("utf8", piece.start(last), piece.end(last))));
  }

  /** The line of the log that begins at `start` in `json`. @param end offset after its last byte */
  lineIn(start: number, end: number): Buffer {
    return lineIn(this.json, start, end);
  }

  /** The logs in order, each within one piece. The list must be JSON. */
  pieces(): IterableIterator<LogPiece> {
    return this.#walked?.values() ?? this.#walk(0);
  }

  /** The same with their lines, if these can be drafted. A piece is valid until the next one is requested. */
  drafts(): IterableIterator<LogPiece> {
    // A caller that reads all of them requests no single one.
    this.#walked = undefined;
    return this.#walk(DRAFT | (this.json.includes(STAMP) ? SEEK : 0));
  }

  *#walk(mode: number): Generator<LogPiece, number | undefined> {
    const { json } = this;
    const shared = scanner();
    const step = mode === 0 ? WALKED_AT_ONCE : MOST_DRAFTED;
    let at = skipSpaces(json, this.#start);
    if (json[at] === CLOSING_BRACKET) return at + 1;
    for (;;) {
      // Drafts are examined later; without them, everything is known when the walk ends.
      const scan = mode === 0 ? shared?.borrow() : shared?.begin();
      let walked = scan?.walkLogs(json.subarray(at, at + step), mode);
      if (walked?.logs === 0 && mode === 0) walked = scan?.walkLogs(json.subarray(at), mode);
      if (scan && walked && walked.logs > 0) {
        yield new WalkedPiece(json, at, scan.words, walked, mode === 0 ? undefined : scan);
        at += walked.reached;
        if (walked.isListEnd) return at;
        continue;
      }
      // The log is longer than a piece, nested too deeply, or not JSON, or there is no scanner.
      const end = endOfValue(json, at);
      if (!valueIn(json, at, end)) return undefined;
      yield new SinglePiece(json, at, end);
      at = skipSpaces(json, end);
      if (json[at] === CLOSING_BRACKET) return at + 1;
      if (json[at] !== COMMA) return undefined;
      at = skipSpaces(json, at + 1);
    }
  }
}

/** Some consecutive logs, counted from 0. */
export interface LogPiece {
  readonly count: number;
  /** Number of logs that are lines, which are those with content that is not empty. */
  readonly lines: number;
  /** Bytes of the longest content; infinite if one is not text, or is unknown. */
  readonly longest: number;
  /** Offset in `json` of a log's first byte. */
  start(log: number): number;
  /** Offset after its last byte. */
  end(log: number): number;
  /** Offset of the text in its `content`, after the quote; of the log itself if that is not text, or is unknown. */
  contentStart(log: number): number;
  /** Offset after the text, which is that of the quote; after the log itself if that is not text, or is unknown. */
  contentEnd(log: number): number;
  /** The log's line, created from its JSON. */
  line(log: number): Buffer;
  /**
   * A scan that has not run. Its text is the drafted lines of the logs, each with a line feed. A draft that is a JSON
   * object is the line; otherwise {@link line} is.
   */
  readonly drafts?: Scan;
}

class WalkedPiece implements LogPiece {
  readonly count: number;
  readonly lines: number;
  readonly longest: number;
  readonly drafts?: Scan;
  readonly #json: Buffer;
  readonly #at: number;
  /** Four offsets per log, relative to the piece's start; copied, because a scan reuses its memory. */
  readonly #offsets: Int32Array;

  /** @param at where the piece starts in the JSON */
  constructor(json: Buffer, at: number, words: Int32Array, walked: WalkedLogs, drafts?: Scan) {
    const { logs, table } = walked;
    this.count = logs;
    this.lines = walked.lines;
    this.longest = walked.longest;
    this.drafts = drafts;
    this.#json = json;
    this.#at = at;
    this.#offsets = words.slice(table, table + logs * LOG_WORDS);
  }

  start(log: number): number {
    return this.#at + this.#offsets[log * LOG_WORDS];
  }

  end(log: number): number {
    return this.#at + this.#offsets[log * LOG_WORDS + 1];
  }

  contentStart(log: number): number {
    return this.#at + this.#offsets[log * LOG_WORDS + 2];
  }

  contentEnd(log: number): number {
    return this.#at + this.#offsets[log * LOG_WORDS + 3];
  }

  line(log: number): Buffer {
    return lineIn(this.#json, this.start(log), this.end(log));
  }
}

class SinglePiece implements LogPiece {
  readonly count = 1;
  readonly lines = 1;
  readonly longest = Infinity;
  readonly #json: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(json: Buffer, start: number, end: number) {
    this.#json = json;
    this.#start = start;
    this.#end = end;
  }

  start(): number {
    return this.#start;
  }

  end(): number {
    return this.#end;
  }

  contentStart(): number {
    return this.#start;
  }

  contentEnd(): number {
    return this.#end;
  }

  line(): Buffer {
    return lineIn(this.#json, this.#start, this.#end);
  }
}

function lineIn(json: Buffer, start: number, end: number): Buffer {
  return Buffer.from(lineOfLog(JSON.parse(json.toString("utf8", start, end))));
}
