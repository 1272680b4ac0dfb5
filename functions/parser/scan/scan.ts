import { isUtf8 } from "node:buffer";
import type { Fields, FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
import type { LineBlock } from "../../records/line-block";
import type { BuildFields, Values } from "./build-fields";
import type { Demand } from "./demand";
import type { Shape } from "./shape";
import { SHORT_LENGTH, type ShortTexts } from "./short-texts";
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
  PLACE_WORDS,
  PROVE,
  PROVEN,
  type ScanMode,
  type ScannerMemory,
  STRING,
  TRUE,
  UNTOLD,
  type Verdict,
  VERDICTS,
  type WalkedLogs,
  WIDE,
} from "./tape";

/** V8 copies a substring that is shorter than this; a longer one keeps the whole string in memory. */
const COPIED_LENGTH = 13;

/** Bytes of text that are converted to one string which fields can share, and the maximum length of such a field. */
const SHARED_LENGTH = 4096;
const SHARING_LENGTH = 512;

const NONE: number[] = [];

/** Is the number of no shape. */
const NONE_BUILT = -3;

/** Positions of the texts that are currently passed on. */
let textPlaces = new Int32Array(128);

/**
 * A text that the scanner has processed: some lines, and the positions of their members. It reads from the scanner's
 * memory, so it is unusable once it is no longer live.
 *
 * Lines are numbered from 0. Members can only be accessed on proven lines.
 *
 * It also creates the strings: in a class of their own, whole objects took 1.5 to 2 % more CPU time.
 */
export class Scan implements Values {
  /** Whether the scanner's memory still holds this scan. */
  isLive = true;
  /** Number of lines. */
  lines = 0;
  readonly #scanner: ScannerMemory;
  readonly #words: Int32Array;
  readonly #texts: ShortTexts;
  readonly #window: number;
  /** Address of the text; the length follows. */
  readonly #start: number;
  #length = 0;
  /** The table of lines, in words: the scanner's own, or a copy. */
  #lines: Int32Array;
  #table: number;
  /** Positions of the tapes, in words. */
  readonly #tape: number;
  readonly #inner: number;
  /** Index of the next entry of the inner tape. */
  #cursor = 0;
  #text: string | undefined;
  /** The shape whose fields were created last, and its function: consecutive lines usually have the same shape. */
  #lastBuilt = NONE_BUILT;
  #lastBuild: BuildFields | undefined;
  /** Whether fields are being created as a whole; then the string that they share, and its position. */
  #isWhole = false;
  #shared = "";
  #sharedStart = 0;
  #sharedEnd = 0;
  /** Whether a long field shares it. */
  #isSharedByLong = false;
  #mode: ScanMode = PROVE;
  #verdicts = 0;
  #demand: Demand | undefined;
  #isAsked = false;

  /** @param start address of the window */
  constructor(scanner: ScannerMemory, window: number, start: number) {
    this.#scanner = scanner;
    this.#words = scanner.words;
    this.#texts = scanner.texts;
    this.#window = window;
    this.#start = start;
    this.#lines = scanner.words;
    this.#table = (start + scanner.linesStart) >> 2;
    this.#tape = (start + scanner.tapeStart) >> 2;
    this.#inner = (start + scanner.innerStart) >> 2;
  }

  /** Ends the scan, because the scanner's memory is reused. The positions of the lines remain available. */
  end(): void {
    if (!this.isLive) return;
    this.isLive = false;
    this.#text = undefined;
    this.#shared = "";
    this.#sharedEnd = 0;
    const kept = this.#scanner.keepWords(this.#table, this.lines * LINE_WORDS);
    this.#lines = kept.words;
    this.#table = kept.at;
  }

  /** Length of the text in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Appends to the text, which must have room. */
  append(bytes: Uint8Array): void {
    this.#scanner.bytes.set(bytes, this.#start + this.#length);
    this.#length += bytes.length;
  }

  /**
   * Walks over the logs of an event. `piece` begins with a log. If lines are drafted, they become the text. Call it
   * before the scan runs.
   */
  walkLogs(piece: Uint8Array, mode: number): WalkedLogs {
    const walked = this.#scanner.walkLogs(this.#window, piece, mode);
    this.#length = walked.textLength;
    return walked;
  }

  /** Memory of the tables of {@link walkLogs}. */
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
   * Scans the lines, or as many of them as the tables hold. Returns where the next one begins in the text.
   *
   * @param demand receives the accesses to the lines
   */
  run(mode: ScanMode, demand?: Demand): number {
    this.#mode = mode;
    this.#demand = demand;
    const reached = this.#scanner.run(this.#window, this.#length, mode);
    this.lines = this.#scanner.lines;
    this.#verdicts = this.#scanner.verdicts;
    return reached;
  }

  /**
   * On the first access: finds the members of lines that were only proven. If there is no room for them, they stay
   * unknown.
   */
  #ask(): void {
    this.#isAsked = true;
    this.#demand?.askOne();
    if (this.#mode === PROVE) this.#scanner.run(this.#window, this.#length, MEMBERS);
  }

  /** Whether all lines are proven and need no further check: none is empty or contains a number that may be big. */
  get isPlain(): boolean {
    return (this.#verdicts & ~(ESCAPED | WIDE)) === PROVEN;
  }

  /** Whether the proven lines are UTF-8. */
  isUtf8(): boolean {
    if ((this.#verdicts & WIDE) === 0) return true;
    return isUtf8(this.#scanner.bytes.subarray(this.#start, this.#start + this.#length));
  }

  /** Position of a line's start in the text. */
  lineStart(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS];
  }

  /** Position of its end, without the line end. */
  lineEnd(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS + 1];
  }

  verdict(line: number): Verdict {
    return (this.#lines[this.#table + line * LINE_WORDS + 2] & VERDICTS) as Verdict;
  }

  hasTrait(line: number, trait: number): boolean {
    return (this.#lines[this.#table + line * LINE_WORDS + 2] & trait) !== 0;
  }

  /** The keys of a line's object; undefined if there are too many different ones, or one contains an escape. */
  shape(line: number): Shape | undefined {
    return this.#scanner.shape(this.#shapeOf(line));
  }

  /** The member of a line with that name, or -1 if there is none; undefined if only the line's fields can tell. */
  find(line: number, name: string): number | undefined {
    const number = this.#shapeOf(line);
    const shape = this.#scanner.shapeMetAgain(number);
    if (shape === undefined) return this.#seek(line, number, name);
    const index = shape.indexOf(name);
    return index === undefined ? -1 : this.firstMember(line) + index;
  }

  #shapeOf(line: number): number {
    if (!this.#isAsked) this.#ask();
    return this.#lines[this.#table + line * LINE_WORDS + 3];
  }

  /** Compares key by key, from the last one on, because the last one applies. */
  #seek(line: number, shape: number, name: string): number | undefined {
    if (shape === UNTOLD || !isAscii(name)) return undefined;
    const first = this.firstMember(line);
    for (let member = first + this.#memberCount(line) - 1; member >= first; member--) {
      const start = this.keyStart(member);
      if (this.keyEnd(member) - start === name.length + 2 && this.#ascii().startsWith(name, start + 1)) return member;
    }
    return -1;
  }

  firstMember(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS + 4];
  }

  #memberCount(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS + 5];
  }

  /** Position of a member's key in the text, with its opening quote. */
  keyStart(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS];
  }

  /** Position after its closing quote. */
  keyEnd(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 1];
  }

  valueStart(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 3];
  }

  valueEnd(member: number): number {
    return this.#words[this.#tape + member * MEMBER_WORDS + 4];
  }

  /**
   * Passes on members with the names of their line's shape; `first` is the line's first member, `from` and `to` are the
   * range of names. Strings are passed on as bytes in the scanner's memory.
   */
  hand(first: number, names: readonly string[], from: number, to: number, taker: FieldTaker): void {
    const words = this.#words;
    const { bytes } = this.#scanner;
    const start = this.#start;
    if (textPlaces.length < 2 * to) textPlaces = new Int32Array(4 * to);
    const places = textPlaces;
    const kinds = KINDS | ESCAPED;
    // The first of the strings that were not passed on yet.
    let text = from;
    for (let name = from, at = this.#tape + (first + from) * MEMBER_WORDS; name < to; name++, at += MEMBER_WORDS) {
      const kind = words[at + 2] & kinds;
      const begin = start + words[at + 3] + 1;
      const end = start + words[at + 4] - 1;
      if (kind === STRING) {
        places[2 * name] = begin;
        places[2 * name + 1] = end;
        continue;
      }
      if (text < name) taker.texts(names, text, name, bytes, places);
      text = name + 1;
      if (kind === (STRING | ESCAPED) && taker.escaped) taker.escaped(names[name], bytes, begin, end);
      else taker.value(names[name], this.value(first + name));
    }
    if (text < to) taker.texts(names, text, to, bytes, places);
  }

  /**
   * Writes the positions of consecutive members: start and end of the key, start and end of the value, and 1 if the
   * value is a string with escapes, or 0.
   *
   * @param shift added to offsets in the text
   */
  places(first: number, count: number, shift: number, to: Int32Array): void {
    const words = this.#words;
    for (let place = 0, at = this.#tape + first * MEMBER_WORDS; place < count * PLACE_WORDS; at += MEMBER_WORDS) {
      to[place++] = words[at] + shift;
      to[place++] = words[at + 1] + shift;
      to[place++] = words[at + 3] + shift;
      to[place++] = words[at + 4] + shift;
      to[place++] = (words[at + 2] & (KINDS | ESCAPED)) === (STRING | ESCAPED) ? 1 : 0;
    }
  }

  /** Copies a piece of the text. */
  copyTo(block: LineBlock, start: number, end: number): void {
    block.copy(this.#scanner.bytes, this.#start + start, this.#start + end);
  }

  /** All fields of a line. */
  fields(line: number): Fields {
    this.#demand?.askWhole();
    const number = this.#shapeOf(line);
    if (number === this.#lastBuilt) return this.#build(this.#lastBuild!, line);
    const shape = this.#scanner.shapeMetAgain(number);
    if (shape === undefined && number !== UNTOLD) return this.#rare(line);
    const build = shape?.build;
    if (build) {
      this.#lastBuilt = number;
      this.#lastBuild = build;
      return this.#build(build, line);
    }
    const isWide = this.hasTrait(line, WIDE);
    return JSON.parse(this.#textOf(this.lineStart(line), this.lineEnd(line), isWide)) as Fields;
  }

  /**
   * Fields whose names were not seen before in this order, and are unlikely to be seen again. V8 would create a class
   * for each order, which takes longer than everything else. An object without a prototype is treated as a hash table
   * instead.
   */
  #rare(line: number): Fields {
    const fields = Object.create(null) as Fields;
    const isWide = this.hasTrait(line, WIDE);
    const first = this.firstMember(line);
    const end = first + this.#memberCount(line);
    this.#isWhole = true;
    for (let member = first; member < end; member++) {
      fields[this.#textOf(this.keyStart(member) + 1, this.keyEnd(member) - 1, isWide)] = this.value(member);
    }
    this.#isWhole = false;
    return Object.setPrototypeOf(fields, Object.prototype) as Fields;
  }

  #build(build: BuildFields, line: number): Fields {
    this.#isWhole = true;
    const fields = build(this, this.firstMember(line));
    this.#isWhole = false;
    return fields;
  }

  /** The value of a member. The most frequent kinds need no further call. */
  read(member: number): FieldValue {
    const words = this.#words;
    const at = this.#tape + member * MEMBER_WORDS;
    const kind = words[at + 2];
    if (kind === NUMBER) return this.#scanner.doubles[(at >> 1) + 3];
    if (kind === STRING) {
      const start = words[at + 3] + 1;
      const end = words[at + 4] - 1;
      if (end - start <= SHORT_LENGTH) return this.#texts.text(words[at + 6], words[at + 7], end - start);
      if (end - start < COPIED_LENGTH) return this.#ascii().slice(start, end);
    }
    return this.value(member);
  }

  /**
   * Like `read`, for callers that do not keep the value: a string may keep all scanned text in memory, and is created
   * in a fraction of the time.
   */
  look(member: number): FieldValue {
    const words = this.#words;
    const at = this.#tape + member * MEMBER_WORDS;
    const isLong = words[at + 2] === STRING && words[at + 4] - words[at + 3] - 2 > SHORT_LENGTH;
    return isLong ? this.#ascii().slice(words[at + 3] + 1, words[at + 4] - 1) : this.read(member);
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
      return this.#list(words[at]);
    }
    return this.#valueAt(at);
  }

  /** A list of this number of following values. A list of only numbers takes less memory and time in V8. */
  #list(length: number): FieldValue[] {
    const isOfNumbers = length > 0 && this.#words[this.#inner + this.#cursor * MEMBER_WORDS + 2] === NUMBER;
    const numbers = isOfNumbers ? this.#numbers(length) : NONE;
    if (isOfNumbers && numbers.length === length) return numbers;
    const list: FieldValue[] = [];
    for (let at = 0; at < numbers.length; at++) list.push(numbers[at]);
    while (list.length < length) list.push(this.next());
    return list;
  }

  /** The numbers at the start of the following values, at most this many. */
  #numbers(most: number): number[] {
    const words = this.#words;
    const { doubles } = this.#scanner;
    const numbers: number[] = [];
    let at = this.#inner + this.#cursor * MEMBER_WORDS;
    for (; numbers.length < most && words[at + 2] === NUMBER; at += MEMBER_WORDS) numbers.push(doubles[(at >> 1) + 3]);
    this.#cursor += numbers.length;
    return numbers;
  }

  /** The value of an entry, from the tape or parsed from its text. */
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
        return Number(this.#ascii().slice(words[at + 3], words[at + 4]));
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
    }
    return JSON.parse(this.#textOf(words[at + 3], words[at + 4], (kind & WIDE) !== 0)) as FieldValue;
  }

  /**
   * An ASCII string that code can keep for any time without keeping all scanned text in memory. V8 copies short ones.
   * Long ones of nearby lines share one string, which is created in a single call, in a fraction of the time of separate
   * ones. If lines are read in another order, it would keep far more than the lines in memory.
   */
  #plain(start: number, end: number): string {
    const isShort = end - start < COPIED_LENGTH;
    if (isShort && !this.#sharesShort(start, end)) return this.#ascii().slice(start, end);
    if (!this.#isWhole || end - start > SHARING_LENGTH || start < this.#sharedStart) return this.#own(start, end);
    if (end > this.#sharedEnd) this.#share(start);
    if (!isShort) this.#isSharedByLong = true;
    return this.#shared.slice(start - this.#sharedStart, end - this.#sharedStart);
  }

  /**
   * Whether a short string is cut from a shared one, so that the text is not converted twice: unless it already is, or no
   * long string used the last shared one, in which case there are hardly any in this scan.
   */
  #sharesShort(start: number, end: number): boolean {
    if (!this.#isWhole || this.#text !== undefined || start < this.#sharedStart) return false;
    return end <= this.#sharedEnd || this.#sharedEnd === 0 || this.#isSharedByLong;
  }

  #share(start: number): void {
    this.#sharedStart = start;
    this.#sharedEnd = Math.min(start + SHARED_LENGTH, this.#length);
    this.#shared = this.#own(start, this.#sharedEnd);
    this.#isSharedByLong = false;
  }

  #own(start: number, end: number): string {
    return this.#scanner.bytes.toString("latin1", this.#start + start, this.#start + end);
  }

  #textOf(start: number, end: number, isWide: boolean): string {
    return isWide ? this.#wide(start, end) : this.#ascii().slice(start, end);
  }

  /** The text with one character per byte, which is correct for ASCII. */
  #ascii(): string {
    return (this.#text ??= this.#scanner.bytes.toString("latin1", this.#start, this.#start + this.#length));
  }

  #wide(start: number, end: number): string {
    return this.#scanner.bytes.toString("utf8", this.#start + start, this.#start + end);
  }
}

function isAscii(name: string): boolean {
  return !/[^\x00-\x7f]/.test(name);
}
