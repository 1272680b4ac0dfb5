import { isUtf8 } from "node:buffer";
import type { Fields, FieldValue } from "../../records/contracts";
import type { Values } from "./build-fields";
import type { Shape } from "./shape";
import {
  ESCAPED,
  FALSE,
  KINDS,
  LINE_WORDS,
  LONG_NUMBER,
  MEMBER_WORDS,
  NULL,
  NUMBER,
  type ScanMode,
  type ScannerMemory,
  STRING,
  TRUE,
  type Verdict,
  VERDICTS,
  WIDE,
} from "./tape";

/**
 * One text that the scanner looked at: some lines, and where their members stand. It reads from the scanner's memory, so it
 * is good for nothing once it is not live.
 *
 * Lines are counted from 0. What is asked of a line's members may be asked of proven lines only.
 */
export class Scan implements Values {
  /** Whether the scanner's memory holds this scan still. */
  isLive = true;
  /** How many lines it tells of. */
  lines = 0;
  readonly #scanner: ScannerMemory;
  readonly #words: Int32Array;
  readonly #region: number;
  /** Address of the text, and how much of it there is. */
  readonly #start: number;
  #length = 0;
  /** Of the table of lines and of the tape, in words. */
  readonly #table: number;
  readonly #tape: number;
  #text: string | undefined;

  constructor(scanner: ScannerMemory, region: number, start: number, table: number, tape: number) {
    this.#scanner = scanner;
    this.#words = scanner.words;
    this.#region = region;
    this.#start = start;
    this.#table = table >> 2;
    this.#tape = tape >> 2;
  }

  /** The scanner's memory is used for something else. */
  end(): void {
    this.isLive = false;
    this.#text = undefined;
  }

  /** Bytes of the text. */
  get length(): number {
    return this.#length;
  }

  /** Adds to the text, for which there must be room. */
  append(bytes: Uint8Array): void {
    this.#scanner.bytes.set(bytes, this.#start + this.#length);
    this.#length += bytes.length;
  }

  /** Looks at the lines, or at as many of them as its tables hold; returns where the next one begins in the text. */
  run(mode: ScanMode): number {
    const reached = this.#scanner.run(this.#region, this.#length, mode);
    this.lines = this.#scanner.lines;
    return reached;
  }

  /** Whether the lines that were found are UTF-8, but for those that are not proven. */
  isUtf8(): boolean {
    for (let line = 0; line < this.lines; line++) {
      if (this.hasMark(line, WIDE))
        return isUtf8(this.#scanner.bytes.subarray(this.#start, this.#start + this.#length));
    }
    return true;
  }

  /** Where a line starts in the text. */
  lineStart(line: number): number {
    return this.#words[this.#table + line * LINE_WORDS];
  }

  /** Where it ends, without its line end. */
  lineEnd(line: number): number {
    return this.#words[this.#table + line * LINE_WORDS + 1];
  }

  verdict(line: number): Verdict {
    return (this.#words[this.#table + line * LINE_WORDS + 2] & VERDICTS) as Verdict;
  }

  hasMark(line: number, mark: number): boolean {
    return (this.#words[this.#table + line * LINE_WORDS + 2] & mark) !== 0;
  }

  /** The keys of a line's object; undefined where there are too many kinds of them. */
  shape(line: number): Shape | undefined {
    return this.#scanner.shape(this.#words[this.#table + line * LINE_WORDS + 3]);
  }

  firstMember(line: number): number {
    return this.#words[this.#table + line * LINE_WORDS + 4];
  }

  /** Where a member's key starts in the text, with its opening quote. */
  keyStart(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS];
  }

  /** Behind its closing quote. */
  keyEnd(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 1];
  }

  valueStart(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 3];
  }

  valueEnd(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 4];
  }

  /** All of a line's fields. */
  fields(line: number): Fields {
    const build = this.shape(line)?.build;
    if (build) return build(this, this.firstMember(line));
    const isWide = this.hasMark(line, WIDE);
    return JSON.parse(this.#textOf(this.lineStart(line), this.lineEnd(line), isWide)) as Fields;
  }

  value(member: number): FieldValue {
    const words = this.#words;
    const at = this.#tape + member * MEMBER_WORDS;
    const kind = words[at + 2];
    switch (kind & KINDS) {
      case STRING:
        if ((kind & (ESCAPED | WIDE)) === 0) return this.#ascii.slice(words[at + 3] + 1, words[at + 4] - 1);
        if ((kind & ESCAPED) === 0) return this.#wide(words[at + 3] + 1, words[at + 4] - 1);
        break;
      case NUMBER:
        return this.#scanner.doubles[(at >> 1) + 3];
      case LONG_NUMBER:
        return Number(this.#ascii.slice(words[at + 3], words[at + 4]));
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
    }
    const text = this.#textOf(words[at + 3], words[at + 4], (kind & WIDE) !== 0);
    return JSON.parse(text) as FieldValue;
  }

  #textOf(start: number, end: number, isWide: boolean): string {
    return isWide ? this.#wide(start, end) : this.#ascii.slice(start, end);
  }

  /** The text, each byte a character: right where there is nothing beyond ASCII. */
  get #ascii(): string {
    return (this.#text ??= this.#scanner.bytes.toString("latin1", this.#start, this.#start + this.#length));
  }

  #wide(start: number, end: number): string {
    return this.#scanner.bytes.toString("utf8", this.#start + start, this.#start + end);
  }
}
