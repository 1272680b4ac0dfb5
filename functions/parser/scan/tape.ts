import type { Shape } from "./shape";
import type { ShortTexts } from "./short-texts";

/** What the scanner says of a line. With {@link PROVEN} stand traits. */
export type Verdict = typeof EMPTY | typeof PROVEN | typeof UNSURE;
export const EMPTY = 0;
export const PROVEN = 1;
/** JSON.parse must tell. */
export const UNSURE = 2;
export const VERDICTS = 3;

/** With the verdicts of a scan stands whether a line is empty, and whether one ends with a carriage return. */
export const WITH_EMPTY = 4;
export const WITH_RETURN = 8;

/**
 * Traits of a value, and of a line that holds such: a backslash, more than ASCII, a number that may be another one once it was
 * read and written (one that is big, or a zero with a minus).
 */
export const ESCAPED = 16;
export const WIDE = 32;
export const MAYBE_BIG = 64;

/** What a value is. */
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

/** Four-byte words of an entry in the table of lines, and on the tape. */
export const LINE_WORDS = 6;
export const MEMBER_WORDS = 8;

/** Numbers that tell of a member where it stands, for those who ask for no more. */
export const PLACE_WORDS = 5;

/** In place of a shape's number: the keys are not known, or one holds an escape; or they have no number, but stand on the tape. */
export const UNTOLD = -1;
export const UNNUMBERED = -2;

/**
 * What a scan finds of lines: only whether they are JSON objects, where their members stand as well, or all that is inside of
 * these too.
 */
export type ScanMode = typeof PROVE | typeof MEMBERS | typeof ALL;
export const PROVE = 0;
export const MEMBERS = 1;
export const ALL = 2;

/** Bits of the mode in which logs are walked over; `assembly/logs.ts` says what they mean. */
export const DRAFT = 1;
export const SEEK = 2;

/** Four-byte words of an entry in the table of logs: start and end of the log, and of its content's text. */
export const LOG_WORDS = 4;

/** What was found of a piece of a list of logs. */
export interface WalkedLogs {
  /** How many logs it tells of. */
  readonly logs: number;
  /** How many of them are lines: those whose content is not empty. */
  readonly lines: number;
  /** Bytes of the longest content; infinite where one is no text, or nobody knows. */
  readonly longest: number;
  /** Their table, in words. */
  readonly table: number;
  /** Where it stopped in the piece: in front of the next log, or behind the list. */
  readonly reached: number;
  readonly isListEnd: boolean;
  /** Bytes of the text that their lines take. */
  readonly textLength: number;
}

/** The scanner as a scan needs it. */
export interface ScannerMemory {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly texts: ShortTexts;
  /** Where in a window the table of lines, the tape of members and that of inner values begin. */
  readonly linesStart: number;
  readonly tapeStart: number;
  readonly innerStart: number;
  /** Copies so many words, which others may overwrite then; returns where they stand. */
  keepWords(at: number, count: number): { readonly words: Int32Array; readonly at: number };
  /** Scans a window's text of so many bytes; returns where it stopped, which is behind a line. */
  run(window: number, length: number, mode: ScanMode): number;
  /** How many lines it found last. */
  readonly lines: number;
  /** Walks over the logs of a piece, in a window that holds no scan yet. */
  walkLogs(window: number, piece: Uint8Array, mode: number): WalkedLogs;
  /** The verdicts and traits of these lines together, and whether any is empty or ends with a carriage return. */
  readonly verdicts: number;
  /** The shape of that number; undefined for those that stand for none. */
  shape(number: number): Shape | undefined;
  /** The same where it was asked for before: keys that are met once are not worth it. */
  shapeMetAgain(number: number): Shape | undefined;
}
