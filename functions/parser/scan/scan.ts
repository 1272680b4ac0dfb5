import { isUtf8 } from "node:buffer";
import type { Fields, FieldValue } from "../../records/contracts";
import type { FieldTaker } from "../../records/field-taker";
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

/** A piece of a longer string that is shorter is a copy; V8 makes others that hold on to the whole. */
const COPIED_LENGTH = 13;

/** Bytes of the text of which one string is made that long fields may all hold on to, and the longest field that does. */
const SHARED_LENGTH = 2048;
const SHARING_LENGTH = 512;

const NONE: number[] = [];

/** Where the texts stand that are being handed over. */
let textPlaces = new Int32Array(128);

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
  readonly #texts: ShortTexts;
  readonly #window: number;
  /** Address of the text, and how much of it there is. */
  readonly #start: number;
  #length = 0;
  /** The table of lines, in words: the scanner's own, or what is kept of it. */
  #lines: Int32Array;
  #table: number;
  /** Of the tapes, in words. */
  readonly #tape: number;
  readonly #inner: number;
  /** Which entry of the inner tape comes next. */
  #cursor = 0;
  #text: string | undefined;
  /** Whether fields are being made as a whole; what they share, and where that stands. */
  #isWhole = false;
  #shared = "";
  #sharedStart = 0;
  #sharedEnd = 0;
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

  /** The scanner's memory is used for something else. Where the lines are is known still. */
  end(): void {
    if (!this.isLive) return;
    this.isLive = false;
    this.#text = undefined;
    this.#shared = "";
    const kept = this.#scanner.keepWords(this.#table, this.lines * LINE_WORDS);
    this.#lines = kept.words;
    this.#table = kept.at;
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
    this.#verdicts = this.#scanner.verdicts;
    return reached;
  }

  /** At the first question: finds the members of lines that were only proven. Where these have no room, they stay unknown. */
  #ask(): void {
    this.#isAsked = true;
    this.#demand?.askOne();
    if (this.#mode === PROVE) this.#scanner.run(this.#window, this.#length, MEMBERS);
  }

  /** Whether each line is proven, and holds what it is made of: there is none that is empty, and no number that may be big. */
  get isPlain(): boolean {
    return (this.#verdicts & ~(ESCAPED | WIDE)) === PROVEN;
  }

  /** Whether the lines that were found are UTF-8, but for those that are not proven. */
  isUtf8(): boolean {
    if ((this.#verdicts & WIDE) === 0) return true;
    return isUtf8(this.#scanner.bytes.subarray(this.#start, this.#start + this.#length));
  }

  /** Where a line starts in the text. */
  lineStart(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS];
  }

  /** Where it ends, without its line end. */
  lineEnd(line: number): number {
    return this.#lines[this.#table + line * LINE_WORDS + 1];
  }

  verdict(line: number): Verdict {
    return (this.#lines[this.#table + line * LINE_WORDS + 2] & VERDICTS) as Verdict;
  }

  hasTrait(line: number, trait: number): boolean {
    return (this.#lines[this.#table + line * LINE_WORDS + 2] & trait) !== 0;
  }

  /** The keys of a line's object; undefined where there are too many kinds of them, or one holds an escape. */
  shape(line: number): Shape | undefined {
    return this.#scanner.shape(this.#shapeOf(line));
  }

  /** The member of a line that holds the value of that name, -1 where none does; undefined where only its fields can tell. */
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

  /** Looks at key after key, from the last one on, since that counts. */
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

  /**
   * Hands over members by the names of their line's shape, the first of which is the member `first`: those from the name with the
   * number `from` up to the one before `to`. Texts are the bytes that they stand in, in the scanner's memory.
   */
  hand(first: number, names: readonly string[], from: number, to: number, taker: FieldTaker): void {
    const words = this.#words;
    const { bytes } = this.#scanner;
    const start = this.#start;
    if (textPlaces.length < 2 * to) textPlaces = new Int32Array(4 * to);
    const places = textPlaces;
    const kinds = KINDS | ESCAPED;
    // The first of the texts that are not handed over yet.
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
   * Writes where members from one on stand: start and end of the key, start and end of the value, and 1 where that is a string
   * with escapes, or 0.
   *
   * @param shift is added to offsets in the text
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

  /** A piece of the text, each byte a character. */
  latin1(start: number, end: number): string {
    return this.#ascii().slice(start, end);
  }

  /** All of a line's fields. */
  fields(line: number): Fields {
    this.#demand?.askWhole();
    const number = this.#shapeOf(line);
    const shape = this.#scanner.shapeMetAgain(number);
    if (shape === undefined && number !== UNTOLD) return this.#rare(line);
    const build = shape?.build;
    if (build) return this.#build(build, line);
    const isWide = this.hasTrait(line, WIDE);
    return JSON.parse(this.#textOf(this.lineStart(line), this.lineEnd(line), isWide)) as Fields;
  }

  /**
   * Fields whose names were not met before in this order, and hardly will be again. V8 makes a class for each order, which
   * takes longer than all else; an object without a prototype it takes for a table, and lets it be one.
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

  /** The value of a member; those that most members hold without a call. */
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

  /** The same for who does not keep it: a text may hold on to all that was scanned, and is made in a fraction of the time. */
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

  /** A list of so many of the next values. Numbers by themselves take less memory and time, as long as V8 sees no other. */
  #list(length: number): FieldValue[] {
    const isOfNumbers = length > 0 && this.#words[this.#inner + this.#cursor * MEMBER_WORDS + 2] === NUMBER;
    const numbers = isOfNumbers ? this.#numbers(length) : NONE;
    if (isOfNumbers && numbers.length === length) return numbers;
    const list: FieldValue[] = [];
    for (let at = 0; at < numbers.length; at++) list.push(numbers[at]);
    while (list.length < length) list.push(this.next());
    return list;
  }

  /** Those of the next values, at most so many, that are numbers. */
  #numbers(most: number): number[] {
    const words = this.#words;
    const { doubles } = this.#scanner;
    const numbers: number[] = [];
    let at = this.#inner + this.#cursor * MEMBER_WORDS;
    for (; numbers.length < most && words[at + 2] === NUMBER; at += MEMBER_WORDS) numbers.push(doubles[(at >> 1) + 3]);
    this.#cursor += numbers.length;
    return numbers;
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
   * A text of ASCII that code may keep for as long as it likes: it does not keep all that was scanned. Long ones of some lines
   * share a text, which one call makes, in a fraction of the time that one for each would take.
   */
  #plain(start: number, end: number): string {
    if (end - start < COPIED_LENGTH) return this.#ascii().slice(start, end);
    if (!this.#isWhole || end - start > SHARING_LENGTH) return this.#own(start, end);
    if (start < this.#sharedStart || end > this.#sharedEnd) this.#share(start);
    return this.#shared.slice(start - this.#sharedStart, end - this.#sharedStart);
  }

  #share(start: number): void {
    this.#sharedStart = start;
    this.#sharedEnd = Math.min(start + SHARED_LENGTH, this.#length);
    this.#shared = this.#own(start, this.#sharedEnd);
  }

  #own(start: number, end: number): string {
    return this.#scanner.bytes.toString("latin1", this.#start + start, this.#start + end);
  }

  #textOf(start: number, end: number, isWide: boolean): string {
    return isWide ? this.#wide(start, end) : this.#ascii().slice(start, end);
  }

  /** The text, each byte a character: right where there is nothing beyond ASCII. */
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
