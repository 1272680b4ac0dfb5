import type { Shape } from "./shape";
import type { ShortTexts } from "./short-texts";

/** The scanner's verdict on a line. {@link PROVEN} is combined with traits. */
export type Verdict = typeof EMPTY | typeof PROVEN | typeof UNSURE;
export const EMPTY = 0;
export const PROVEN = 1;
/** JSON.parse must decide. */
export const UNSURE = 2;
export const VERDICTS = 3;

/** The verdicts of a scan also include whether a line is empty, and whether one ends with a carriage return. */
export const WITH_EMPTY = 4;
export const WITH_RETURN = 8;

/**
 * Traits of a value, and of a line with such a value: a backslash, characters beyond ASCII, or a number that can change
 * when it is read and written (a big one, or a negative zero).
 */
export const ESCAPED = 16;
export const WIDE = 32;
export const MAYBE_BIG = 64;

/** Kinds of values. */
export const STRING = 0;
/** Its double is on the tape. */
export const NUMBER = 1;
export const LONG_NUMBER = 2;
export const TRUE = 3;
export const FALSE = 4;
export const NULL = 5;
export const OBJECT = 6;
export const LIST = 7;
export const KINDS = 7;

/** Number of four-byte words of an entry in the table of lines, and on the tape. */
export const LINE_WORDS = 6;
export const MEMBER_WORDS = 8;

/** Number of values that describe a member's position, for callers that need no more. */
export const PLACE_WORDS = 5;

/**
 * In place of a shape's number: the keys are unknown or one contains an escape; or they have no number, but are on the
 * tape.
 */
export const UNTOLD = -1;
export const UNNUMBERED = -2;

/**
 * What a scan finds: only whether lines are JSON objects, also the positions of their members, or everything inside
 * these too.
 */
export type ScanMode = typeof PROVE | typeof MEMBERS | typeof ALL;
export const PROVE = 0;
export const MEMBERS = 1;
export const ALL = 2;

/** Bits of the mode of walking over logs; see `assembly/logs.ts`. */
export const DRAFT = 1;
export const SEEK = 2;

/** Number of four-byte words of an entry in the table of logs: start and end of the log, and of its content's text. */
export const LOG_WORDS = 4;

/** The result of walking over a piece of a list of logs. */
export interface WalkedLogs {
  /** Number of logs. */
  readonly logs: number;
  /** Number of logs that are lines, that is, whose content is not empty. */
  readonly lines: number;
  /** Bytes of the longest content; infinite if one is not text, or it is not known. */
  readonly longest: number;
  /** Position of their table, in words. */
  readonly table: number;
  /** Where it stopped in the piece: before the next log, or after the list. */
  readonly reached: number;
  readonly isListEnd: boolean;
  /** Bytes of the text that their lines take. */
  readonly textLength: number;
}

/** The scanner as a scan uses it. */
export interface ScannerMemory {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly texts: ShortTexts;
  /** Positions of the table of lines, the tape of members and the tape of inner values in a window. */
  readonly linesStart: number;
  readonly tapeStart: number;
  readonly innerStart: number;
  /** Copies words that can be overwritten afterwards. Returns where the copy is. */
  keepWords(at: number, count: number): { readonly words: Int32Array; readonly at: number };
  /** Scans a window's text of this length. Returns where it stopped, which is after a line. */
  run(window: number, length: number, mode: ScanMode): number;
  /** Number of lines that the last scan found. */
  readonly lines: number;
  /** Walks over the logs of a piece, in a window without a scan. */
  walkLogs(window: number, piece: Uint8Array, mode: number): WalkedLogs;
  /** The combined verdicts and traits of these lines, and whether any is empty or ends with a carriage return. */
  readonly verdicts: number;
  /** The shape of that number; undefined for numbers that stand for none. */
  shape(number: number): Shape | undefined;
  /** The same, but only if it was asked for before: keys that occur once are not worth it. */
  shapeMetAgain(number: number): Shape | undefined;
}
