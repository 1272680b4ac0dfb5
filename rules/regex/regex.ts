/** Result of a match. Offsets are in UTF-16 units. */
export interface RegexMatch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The capture groups, starting with the first; `undefined` for a group that did not participate. */
  readonly groups: readonly (string | undefined)[];
}

/** A compiled pattern of Python's `re`. */
export interface Regex {
  readonly pattern: string;
  /** Approximate number of steps of its program, which determines its memory, and its time for each character. */
  readonly size: number;
  readonly groupCount: number;
  /** Releases the memory of its searches; later ones allocate it again. */
  forget(): void;
  /** Number of each named group, from 1, in pattern order. */
  readonly groupNames: ReadonlyMap<string, number>;
  /** Whether the text contains a match. */
  test(text: string): boolean;
  /** The first match at or after an offset. */
  search(text: string, from?: number): RegexMatch | null;
  /** Whether the whole text matches; fast, for names and `e_match`. */
  testFull(text: string): boolean;
  /** The match of the whole text. */
  fullMatch(text: string): RegexMatch | null;
  /** The match at the start of the text. */
  prefixMatch(text: string): RegexMatch | null;
  /** Matches without overlaps, empty ones as in Python. */
  matches(text: string): IterableIterator<RegexMatch>;
}

/**
 * `linear` refuses patterns that cannot run in linear time; `backtracking` accepts them, with a time limit for each
 * match.
 */
export type RegexEngine = "linear" | "backtracking";

/** The pattern cannot be compiled. */
export class RegexError extends Error {
  override readonly name = "RegexError";

  constructor(
    message: string,
    /** Position in the pattern, in UTF-16 units. */
    readonly offset: number,
    /** Whether `regexEngine: "backtracking"` would accept the pattern. */
    readonly needsBacktracking = false,
  ) {
    super(message);
  }

  /** The message, with a remedy if the other engine would accept the pattern. */
  get remedied(): string {
    const remedy = '; rewrite it, or set regexEngine to "backtracking" for this rule text';
    return this.needsBacktracking ? this.message + remedy : this.message;
  }
}
