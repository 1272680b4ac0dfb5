import type { Scan } from "../parser/scan/scan";
import { scanner } from "../parser/scan/scanner";
import { DRAFT, LOG_WORDS, SEEK, type WalkedLogs } from "../parser/scan/tape";
import { CLOSING_BRACKET, COMMA, endOfValue, skipSpaces, valueIn } from "./json-bytes";
import { lineOfLog } from "./log-line";

/** The name under which a log's time stands in its line. */
const STAMP = "__TIMESTAMP__";

/** Most bytes that are drafted in one step: more would be moved than are used, since a scan takes half as many lines. */
const MOST_DRAFTED = 128 * 1024;

/**
 * The logs of an event of CLS, where they stand in its JSON. Nothing is made of them before they are asked for.
 *
 * To look for something in all of them at once, search `json`, which is UTF-8: a text that a log's content holds stands
 * there with the escapes of a JSON string, and in most events with no others (`"` as `\"`, a backslash as two, and where the
 * content is itself JSON, each of its own escapes with its backslash doubled). Nothing says that a writer escapes no more
 * than it must: where `json` holds `\u`, or `\/`, a text may stand there in another form. What matches need not be a log's:
 * the topic's name and the names of members stand there as well.
 *
 * {@link pieces} tells which stretch of `json` is which log's, some thousands at a time and in a few hundred microseconds a
 * megabyte, and {@link LogPiece.line} makes the line of a single one; its number among all is the `line` of its record's place,
 * counted from 1. `parseLogs` reads all of them as records.
 */
export class DeliveredLogs {
  /** The event's JSON as it was unpacked; where that was not UTF-8, with U+FFFD for what was none. */
  readonly json: Buffer;
  readonly #start: number;
  #lines = 0;
  #longest = 0;

  /** @param start offset behind the bracket that opens the list */
  constructor(json: Buffer, start: number) {
    this.json = json;
    this.#start = start;
  }

  /** Offset behind the bracket that closes the list; undefined where what stands there is no list of JSON. */
  end(): number | undefined {
    this.#lines = this.#longest = 0;
    const pieces = this.#walk(0);
    for (;;) {
      const { done, value } = pieces.next();
      if (done) return value;
      this.#take(value);
    }
  }

  /** How many logs there are that are lines: those whose content is not empty. Known behind {@link end}. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes of the longest content; infinite where one is no text, or nobody knows. Known behind {@link end}. */
  get longest(): number {
    return this.#longest;
  }

  #take(piece: LogPiece): void {
    for (let log = 0; log < piece.count; log++) {
      const start = piece.contentStart(log);
      const bytes = start === piece.start(log) ? Infinity : piece.contentEnd(log) - start;
      if (bytes > 0) this.#lines++;
      if (bytes > this.#longest) this.#longest = bytes;
    }
  }

  /** The line of the log that stands there in `json`. @param end offset behind its last byte */
  lineIn(start: number, end: number): Buffer {
    return lineIn(this.json, start, end);
  }

  /** The logs in their order, each in one piece. A piece is good until the next one is asked for. The list must be JSON. */
  pieces(): IterableIterator<LogPiece> {
    return this.#walk(0);
  }

  /** The same with their lines, where they can be drafted. */
  drafts(): IterableIterator<LogPiece> {
    return this.#walk(DRAFT | (this.json.includes(STAMP) ? SEEK : 0));
  }

  *#walk(mode: number): Generator<LogPiece, number | undefined> {
    const { json } = this;
    const shared = scanner();
    let at = skipSpaces(json, this.#start);
    if (json[at] === CLOSING_BRACKET) return at + 1;
    for (;;) {
      const scan = shared?.begin();
      const walked = scan?.walkLogs(json.subarray(at, mode === 0 ? undefined : at + MOST_DRAFTED), mode);
      if (walked && walked.logs > 0) {
        yield new WalkedPiece(json, at, scan as Scan, walked);
        at += walked.reached;
        if (walked.isListEnd) return at;
        continue;
      }
      // It is longer than a piece or nested too deeply, or there is no scanner; or it is no JSON.
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

/** Some logs that follow each other; they are counted from 0. */
export interface LogPiece {
  readonly count: number;
  /** Offset in `json` of a log's first byte. */
  start(log: number): number;
  /** Offset behind its last byte. */
  end(log: number): number;
  /** Offset of the text in its `content`, behind the quote; of the log itself where that is no text, or is not known. */
  contentStart(log: number): number;
  /** Offset behind the text, which is that of the quote; behind the log itself where that is no text, or is not known. */
  contentEnd(log: number): number;
  /** The log's line, made of its JSON. */
  line(log: number): Buffer;
  /**
   * A scan that has not run, whose text are the lines of the logs, each with a line feed, where they are drafts. The draft
   * is the line where it is an object of JSON, else {@link line} is.
   */
  readonly drafts?: Scan;
}

class WalkedPiece implements LogPiece {
  readonly count: number;
  readonly drafts: Scan;
  readonly #json: Buffer;
  readonly #at: number;
  /** Four offsets for each log, from the piece's start on: a scan has the same memory for something else. */
  readonly #offsets: Int32Array;

  /** @param at where the piece starts in the JSON */
  constructor(json: Buffer, at: number, scan: Scan, { logs, table }: WalkedLogs) {
    this.count = logs;
    this.drafts = scan;
    this.#json = json;
    this.#at = at;
    this.#offsets = scan.words.slice(table, table + logs * LOG_WORDS);
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
