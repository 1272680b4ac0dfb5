/**
 * Finds literals in the raw bytes of JSON, or of logs as they are pulled, many at once. `rules/literals` says what a literal is, and which of them a
 * pattern, a query or a rule text cannot do without; this tells where they are:
 *
 *     const search = new LiteralSearch(literals);            // compiled once
 *     search.open(bytes, start, end);                        // some bytes at a time
 *     search.next(from, to)                                  // the first place that holds one of them, or -1
 *     search.marks(from, to)                                 // which of them there are
 *
 * It finds each place where a literal is, in whatever way JSON writes it, and some where none is: what it is not sure of, it
 * finds. So what is in bytes of which it says no needs no other look; the rest is read as if there were no search.
 */
import type { Literal } from "../../../rules";
import { entriesOf, type Entry, type SearchLevel } from "./entries";
import { type Searcher, searcher } from "./searcher";
import { tablesOf } from "./tables";

/** Longest escape; a literal may be cut by the end of what is searched at a time. */
const LONGEST_ESCAPE = 6;

/** Bytes of most values of members, with what stands between them and their names. */
const MEMBER_BYTES = 64;

export interface SearchOptions {
  /** @default "lines" */
  readonly level?: SearchLevel;
  /** Undefined for none: then a regular expression searches. @default that of the process */
  readonly searcher?: Searcher | undefined;
}

/** A search for any of some literals. */
export class LiteralSearch {
  /** What it looks for. Beside them it finds what may be any of them, whose number is how many they are. */
  readonly literals: readonly Literal[];
  readonly #engine: Engine;
  readonly #marks: Uint8Array;

  constructor(literals: readonly Literal[], options: SearchOptions = {}) {
    const { level = "lines" } = options;
    const own = "searcher" in options ? options.searcher : searcher();
    this.literals = literals;
    this.#marks = new Uint8Array(literals.length + 1);
    const { entries, characters } = entriesOf(literals, level);
    const tables = own && tablesOf(entries, characters, own.layout);
    this.#engine = own && tables ? new VectorEngine(own, tables, longestOf(entries)) : new PatternEngine(entries);
  }

  /** Takes the bytes to be searched; they must not change. Places count from the start of `bytes`. */
  open(bytes: Buffer, start = 0, end = bytes.length): void {
    if (this.literals.length > 0) this.#engine.open(bytes, start, end);
  }

  /**
   * The first place from `from` on where a literal begins; -1 where none does before `to`. It must end there too, or may be
   * missed.
   */
  next(from: number, to: number): number {
    return this.literals.length === 0 ? -1 : this.#engine.next(from, to);
  }

  /** Number of the literal that `next` found: one of those that begin there. */
  get found(): number {
    return this.#engine.found;
  }

  /**
   * Which literals are between two places: a list of ones and zeros by their numbers, good until the next call. The last one
   * is what may be any of them.
   */
  marks(from: number, to: number): Readonly<Uint8Array> {
    this.#marks.fill(0);
    if (this.literals.length > 0) this.#engine.mark(from, to, this.#marks);
    return this.#marks;
  }
}

interface Engine {
  open(bytes: Buffer, start: number, end: number): void;
  next(from: number, to: number): number;
  readonly found: number;
  mark(from: number, to: number, marks: Uint8Array): void;
}

/** Searches with vectors, in a memory that holds some hundred KiB at a time. */
class VectorEngine implements Engine {
  readonly #searcher: Searcher;
  readonly #tables: Uint8Array;
  /** What two pieces that follow each other share, so that no literal is cut. */
  readonly #overlap: number;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  /** The piece that is in the searcher's memory. */
  #from = 0;
  #to = 0;

  constructor(own: Searcher, tables: Uint8Array, longest: number) {
    this.#searcher = own;
    this.#tables = tables;
    this.#overlap = longest;
  }

  open(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#load(start);
  }

  next(from: number, to: number): number {
    const last = Math.min(to, this.#end);
    for (let at = from; at < last;) {
      const end = this.#reach(at, last);
      const place = this.#searcher.next(at - this.#from, end - this.#from);
      if (place < 0) {
        if (end === last) return -1;
        at = end - this.#overlap;
        continue;
      }
      at = this.#from + place;
      if (end === last || end - at > this.#overlap + MEMBER_BYTES) return at;
      // A member whose value the piece cuts is found, whatever it is: once more, with all of it.
      this.#load(at);
    }
    return -1;
  }

  get found(): number {
    return this.#searcher.found;
  }

  mark(from: number, to: number, marks: Uint8Array): void {
    const last = Math.min(to, this.#end);
    for (let at = from; at < last;) {
      const end = this.#reach(at, last);
      this.#searcher.mark(at - this.#from, end - this.#from, marks);
      if (end === last) return;
      at = end - this.#overlap;
    }
  }

  /** Has in memory what begins at a place; returns how far it goes, at most to `to`. */
  #reach(at: number, to: number): number {
    const isThere = this.#searcher.isLoadedBy(this) && at >= this.#from && at < this.#to;
    // What is nearly searched to its end would not bring it any further.
    if (!isThere || (to > this.#to && this.#to - at <= this.#overlap)) this.#load(at);
    return Math.min(to, this.#to);
  }

  #load(at: number): void {
    this.#from = at;
    this.#to = Math.min(at + this.#searcher.maxBytes, this.#end);
    this.#searcher.load(this, this.#tables, this.#bytes.subarray(this.#from, this.#to));
  }
}

/** Searches with one regular expression of all of them, in a text in which each byte is a character. */
class PatternEngine implements Engine {
  found = 0;
  readonly #all: RegExp;
  readonly #each: readonly { readonly number: number; readonly pattern: RegExp }[];
  #text = "";
  #start = 0;
  /** What the last search found, and from where on: the same for all that begin between. */
  #from = 0;
  #place = -1;

  constructor(entries: readonly Entry[]) {
    this.#all = new RegExp(entries.map(({ pattern }) => pattern).join("|"), "g");
    this.#each = entries.map(({ number, pattern }) => ({ number, pattern: new RegExp(pattern, "y") }));
  }

  open(bytes: Buffer, start: number, end: number): void {
    this.#text = bytes.toString("latin1", start, end);
    this.#start = start;
    this.#place = -1;
  }

  next(from: number, to: number): number {
    const place = this.#next(from - this.#start);
    if (place >= Math.min(to - this.#start, this.#text.length)) return -1;
    [this.found] = this.#numbersAt(place);
    return this.#start + place;
  }

  mark(from: number, to: number, marks: Uint8Array): void {
    const last = Math.min(to - this.#start, this.#text.length);
    for (let at = this.#next(from - this.#start); at < last; at = this.#next(at + 1)) {
      for (const number of this.#numbersAt(at)) marks[number] = 1;
    }
  }

  /** Place of the first one, or the end. */
  #next(from: number): number {
    if (from >= this.#from && from <= this.#place) return this.#place;
    this.#all.lastIndex = from;
    this.#from = from;
    return (this.#place = this.#all.exec(this.#text)?.index ?? this.#text.length);
  }

  /** Numbers of the literals that begin at a place. */
  #numbersAt(place: number): number[] {
    return this.#each.flatMap(({ number, pattern }) => {
      pattern.lastIndex = place;
      return pattern.test(this.#text) ? [number] : [];
    });
  }
}

function longestOf(entries: readonly Entry[]): number {
  return Math.max(LONGEST_ESCAPE, ...entries.map(({ bytes }) => bytes.length));
}
