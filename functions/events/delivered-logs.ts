import type { Scan } from "../parser/scan/scan";
import { scanner } from "../parser/scan/scanner";
import { DRAFT, LOG_WORDS, SEEK, type WalkedLogs } from "../parser/scan/tape";
import { CLOSING_BRACKET, COMMA, endOfValue, skipSpaces, valueIn } from "./json-bytes";
import { lineOfLog, timeOfLog } from "./log-line";

/** The name under which a log's time stands in its line. */
const STAMP = "__TIMESTAMP__";

/** Most bytes that are drafted in one step: more would be moved than are used, since a scan takes half as many lines. */
const MOST_DRAFTED = 128 * 1024;

/** Bytes that are walked over in one step where nothing is drafted: they stay in the processor's cache from copy to walk. */
const WALKED_AT_ONCE = 64 * 1024;

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
  /** What {@link end} walked over: sixteen bytes a log. */
  #walked: LogPiece[] | undefined;

  /** @param start offset behind the bracket that opens the list */
  constructor(json: Buffer, start: number) {
    this.json = json;
    this.#start = start;
  }

  /** Offset behind the bracket that closes the list; undefined where what stands there is no list of JSON. */
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

  /** How many logs there are that are lines: those whose content is not empty. Known behind {@link end}. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes of the longest content; infinite where one is no text, or nobody knows. Known behind {@link end}. */
  get longest(): number {
    return this.#longest;
  }

  /** When the last log was written, in epoch milliseconds, where it says so. Known behind {@link end}, until {@link drafts}. */
  get lastTime(): number | undefined {
    const piece = this.#walked?.at(-1);
    if (!piece) return undefined;
    const last = piece.count - 1;
    return timeOfLog(JSON.parse(this.json.toString("utf8", piece.start(last), piece.end(last))));
  }

  /** The line of the log that stands there in `json`. @param end offset behind its last byte */
  lineIn(start: number, end: number): Buffer {
    return lineIn(this.json, start, end);
  }

  /** The logs in their order, each in one piece. The list must be JSON. */
  pieces(): IterableIterator<LogPiece> {
    return this.#walked?.values() ?? this.#walk(0);
  }

  /** The same with their lines, where they can be drafted. A piece is good until the next one is asked for. */
  drafts(): IterableIterator<LogPiece> {
    // Who reads all of them asks for no single one.
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
      // What is drafted is looked at later; what is not is known when the walk ends.
      const scan = mode === 0 ? shared?.borrow() : shared?.begin();
      let walked = scan?.walkLogs(json.subarray(at, at + step), mode);
      if (walked?.logs === 0 && mode === 0) walked = scan?.walkLogs(json.subarray(at), mode);
      if (scan && walked && walked.logs > 0) {
        yield new WalkedPiece(json, at, scan.words, walked, mode === 0 ? undefined : scan);
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
  /** How many of them are lines: those whose content is not empty. */
  readonly lines: number;
  /** Bytes of the longest content; infinite where one is no text, or nobody knows. */
  readonly longest: number;
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
  readonly lines: number;
  readonly longest: number;
  readonly drafts?: Scan;
  readonly #json: Buffer;
  readonly #at: number;
  /** Four offsets for each log, from the piece's start on: a scan has the same memory for something else. */
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
