/**
 * Finds many literals at once in the raw bytes of JSON, or of pulled logs. `rules/literals` defines literals, and
 * determines which of them a pattern, a query or a rule text requires. This search finds where they are:
 *
 * ```ts
 * const search = new LiteralSearch(literals);            // compiled once
 * search.open(bytes, start, end);                        // some bytes at a time
 * search.next(from, to)                                  // the first place that contains one of them, or -1
 * search.marks(from, to)                                 // which of them there are
 * ```
 *
 * It finds every place with a literal, however JSON writes it, and some places without one: if it is not sure, it
 * reports a match. Bytes without a match need no further check; the rest is processed as if there were no search.
 */
import type { Literal } from "../../../rules";
import { entriesOf, type Entry, type SearchLevel } from "./entries";
import { type Searcher, searcher } from "./searcher";
import { tablesOf } from "./tables";

/** Length of the longest escape, since a piece of the input can end inside a literal. */
const LONGEST_ESCAPE = 6;

/** Number of bytes that are enough for most values of members, together with what separates them from their names. */
const MEMBER_BYTES = 64;

export interface SearchOptions {
  /** @default "lines" */
  readonly level?: SearchLevel;
  /** Undefined to search with a regular expression. @default the searcher of the process */
  readonly searcher?: Searcher | undefined;
}

/** A search for any of several literals. */
export class LiteralSearch {
  /**
   * The literals to find. The search also reports places that are possibly any of them, with the index after the last
   * one.
   */
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

  /** Sets the bytes to search, which must not change. Positions count from the start of `bytes`. */
  open(bytes: Buffer, start = 0, end = bytes.length): void {
    if (this.literals.length > 0) this.#engine.open(bytes, start, end);
  }

  /**
   * Position of the first literal that begins at or after `from`; -1 if none begins before `to`. A literal that ends
   * after `to` may be missed.
   */
  next(from: number, to: number): number {
    return this.literals.length === 0 ? -1 : this.#engine.next(from, to);
  }

  /** Index of the literal that `next` found, one of those that begin there. */
  get found(): number {
    return this.#engine.found;
  }

  /**
   * The literals between two positions: a list of ones and zeros by their indexes, valid until the next call. The last
   * entry means "possibly any of them".
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

/** Searches with vector instructions, in a memory that holds some hundred KiB at a time. */
class VectorEngine implements Engine {
  readonly #searcher: Searcher;
  readonly #tables: Uint8Array;
  /** Number of bytes that consecutive pieces share, so that no literal is cut. */
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
      // If the piece cuts a member's value, the member is reported regardless of the value, so it is searched again
      // with the whole value.
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

  /** Loads the bytes at a position if necessary. Returns the end of what is loaded, at most `to`. */
  #reach(at: number, to: number): number {
    const isThere = this.#searcher.isLoadedBy(this) && at >= this.#from && at < this.#to;
    // Reloading a piece that has been searched almost to its end would gain nothing.
    if (!isThere || (to > this.#to && this.#to - at <= this.#overlap)) this.#load(at);
    return Math.min(to, this.#to);
  }

  #load(at: number): void {
    this.#from = at;
    this.#to = Math.min(at + this.#searcher.maxBytes, this.#end);
    this.#searcher.load(this, this.#tables, this.#bytes.subarray(this.#from, this.#to));
  }
}

/** Searches with one regular expression for all literals, in text with one character per byte. */
class PatternEngine implements Engine {
  found = 0;
  readonly #all: RegExp;
  readonly #each: readonly { readonly number: number; readonly pattern: RegExp }[];
  #text = "";
  #start = 0;
  /** The last result, and the position from which it was searched: it applies to all positions in between. */
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

  /** Position of the first match, or the end. */
  #next(from: number): number {
    if (from >= this.#from && from <= this.#place) return this.#place;
    this.#all.lastIndex = from;
    this.#from = from;
    return (this.#place = this.#all.exec(this.#text)?.index ?? this.#text.length);
  }

  /** Indexes of the literals that begin at a position. */
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
