import { isUtf8 } from "node:buffer";
import type { Fields, FieldValue } from "../../records/contracts";
import type { BuildFields, Values } from "./build-fields";
import type { Demand } from "./demand";
import type { Shape } from "./shape";
import {
  ESCAPED,
  FALSE,
  KINDS,
  LINE_WORDS,
  LIST,
  LONG_NUMBER,
  MEMBER_WORDS,
  MEMBERS,
  NULL,
  NUMBER,
  OBJECT,
  PROVE,
  type ScanMode,
  type ScannerMemory,
  STRING,
  TRUE,
  type Verdict,
  VERDICTS,
  type WalkedLogs,
  WIDE,
} from "./tape";

/** A piece of a longer string that is shorter is a copy; V8 makes others that hold on to the whole. */
const COPIED_LENGTH = 13;

/** Longest line of whose fields one string is made that they may all hold on to. */
const SHARED_LENGTH = 1024;

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
  readonly #window: number;
  /** Address of the text, and how much of it there is. */
  readonly #start: number;
  #length = 0;
  /** Of the table of lines and of the tape, in words. */
  readonly #table: number;
  readonly #tape: number;
  readonly #inner: number;
  /** Which entry of the inner tape comes next. */
  #cursor = 0;
  #text: string | undefined;
  /** The text of the line whose fields are being made, and where that begins, where they may hold on to it. */
  #lineText: string | undefined;
  #lineStart = 0;
  #mode: ScanMode = PROVE;
  #demand: Demand | undefined;
  #isAsked = false;

  constructor(scanner: ScannerMemory, window: number, start: number, table: number, tape: number, inner: number) {
    this.#scanner = scanner;
    this.#words = scanner.words;
    this.#window = window;
    this.#start = start;
    this.#table = table >> 2;
    this.#tape = tape >> 2;
    this.#inner = inner >> 2;
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

  /**
   * Walks over the logs of an event, of which a piece stands there that begins with one; the text becomes that of their
   * lines, where these are drafted. Before the scan runs.
   */
  walkLogs(piece: Uint8Array, mode: number): WalkedLogs {
    const walked = this.#scanner.walkLogs(this.#window, piece, mode);
    this.#length = walked.textLength;
    return walked;
  }

  /** What the tables of {@link walkLogs} hold. */
  get words(): Int32Array {
    return this.#words;
  }

  /** A copy of the text. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#scanner.bytes.copy(copy, 0, this.#start, this.#start + this.#length);
    return copy;
  }

  /**
   * Looks at the lines, or at as many of them as its tables hold; returns where the next one begins in the text.
   *
   * @param demand is told what is asked of the lines
   */
  run(mode: ScanMode, demand?: Demand): number {
    this.#mode = mode;
    this.#demand = demand;
    const reached = this.#scanner.run(this.#window, this.#length, mode);
    this.lines = this.#scanner.lines;
    return reached;
  }

  /** At the first question: finds the members of lines that were only proven. Where these have no room, they stay unknown. */
  #ask(): void {
    this.#isAsked = true;
    this.#demand?.askOne();
    if (this.#mode === PROVE) this.#scanner.run(this.#window, this.#length, MEMBERS);
  }

  /** Whether the lines that were found are UTF-8, but for those that are not proven. */
  isUtf8(): boolean {
    for (let line = 0; line < this.lines; line++) {
      if (this.hasTrait(line, WIDE))
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

  hasTrait(line: number, trait: number): boolean {
    return (this.#words[this.#table + line * LINE_WORDS + 2] & trait) !== 0;
  }

  /** The keys of a line's object; undefined where there are too many kinds of them, or one holds an escape. */
  shape(line: number): Shape | undefined {
    return this.#scanner.shape(this.#shapeId(line));
  }

  /** The member of a line that holds the value of that name, -1 where none does; undefined where only its fields can tell. */
  find(line: number, name: string): number | undefined {
    const id = this.#shapeId(line);
    if (id === 0) return undefined;
    const first = this.firstMember(line);
    const shape = this.#scanner.shapeMetAgain(id) ?? (isAscii(name) ? undefined : this.#scanner.shape(id));
    if (!shape) return this.#seek(first, first + this.#scanner.keyCount(id), name);
    const index = shape.indexOf(name);
    return index === undefined ? -1 : first + index;
  }

  #shapeId(line: number): number {
    if (!this.#isAsked) this.#ask();
    return this.#words[this.#table + line * LINE_WORDS + 3];
  }

  /** Looks at key after key, from the last one on, since that counts. @param name of ASCII */
  #seek(first: number, end: number, name: string): number {
    for (let member = end - 1; member >= first; member--) {
      const start = this.keyStart(member);
      if (this.keyEnd(member) - start === name.length + 2 && this.#ascii.startsWith(name, start + 1)) return member;
    }
    return -1;
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

  /** Whether a member's value is a string without escapes. */
  isPlainText(member: number): boolean {
    return (this.#words[this.#tape + member * MEMBER_WORDS + 2] & (KINDS | ESCAPED)) === STRING;
  }

  /** A piece of the text, each byte a character. */
  latin1(start: number, end: number): string {
    return this.#ascii.slice(start, end);
  }

  /** All of a line's fields. */
  fields(line: number): Fields {
    this.#demand?.askWhole();
    const build = this.#scanner.shapeMetAgain(this.#shapeId(line))?.build;
    if (build) return this.#build(build, line);
    const isWide = this.hasTrait(line, WIDE);
    return JSON.parse(this.#textOf(this.lineStart(line), this.lineEnd(line), isWide)) as Fields;
  }

  /** One call makes the text of all values, which takes a fraction of what one for each would. */
  #build(build: BuildFields, line: number): Fields {
    const [start, end] = [this.lineStart(line), this.lineEnd(line)];
    if (end - start <= SHARED_LENGTH) {
      this.#lineText = this.#own(start, end);
      this.#lineStart = start;
    }
    const fields = build(this, this.firstMember(line));
    this.#lineText = undefined;
    return fields;
  }

  value(member: number): FieldValue {
    const at = this.#tape + member * MEMBER_WORDS;
    if ((this.#words[at + 2] & KINDS) < OBJECT || this.#words[at + 5] < 0) return this.#valueAt(at);
    this.#cursor = this.#words[at + 5];
    return this.next();
  }

  next(): FieldValue {
    const words = this.#words;
    const at = this.#inner + this.#cursor++ * MEMBER_WORDS;
    const kind = words[at + 2] & KINDS;
    if (kind === OBJECT) {
      const build = this.#scanner.shapeMetAgain(words[at])?.buildInner;
      if (build) return build(this, 0);
      this.#cursor = words[at + 1];
    } else if (kind === LIST) {
      const list: FieldValue[] = [];
      for (let left = words[at]; left > 0; left--) list.push(this.next());
      return list;
    }
    return this.#valueAt(at);
  }

  /** The value of an entry, where that is at hand or made of its text. */
  #valueAt(at: number): FieldValue {
    const words = this.#words;
    const kind = words[at + 2];
    switch (kind & KINDS) {
      case STRING:
        if ((kind & (ESCAPED | WIDE)) === 0) return this.#plain(words[at + 3] + 1, words[at + 4] - 1);
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
    return JSON.parse(this.#textOf(words[at + 3], words[at + 4], (kind & WIDE) !== 0)) as FieldValue;
  }

  /** A text of ASCII that code may keep for as long as it likes: it does not keep all that was scanned. */
  #plain(start: number, end: number): string {
    if (this.#lineText !== undefined) return this.#lineText.slice(start - this.#lineStart, end - this.#lineStart);
    return end - start < COPIED_LENGTH ? this.#ascii.slice(start, end) : this.#own(start, end);
  }

  #own(start: number, end: number): string {
    return this.#scanner.bytes.toString("latin1", this.#start + start, this.#start + end);
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

function isAscii(name: string): boolean {
  return !/[^\x00-\x7f]/.test(name);
}
