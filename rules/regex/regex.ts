/** What a match holds. Offsets are UTF-16 units. */
export interface RegexMatch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The capture groups from the first on; `undefined` where a group took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** A compiled pattern of Python's `re`. */
export interface Regex {
  readonly pattern: string;
  /** Steps of its program, about: what it takes of memory, and of time for each character. */
  readonly size: number;
  readonly groupCount: number;
  /** Gives back the memory that its searches have taken, which grows anew with the next ones. */
  forget(): void;
  /** Number of each named group, from 1, in the order of the pattern. */
  readonly groupNames: ReadonlyMap<string, number>;
  /** Whether the text holds a match anywhere. */
  test(text: string): boolean;
  /** The first match at or after an offset. */
  search(text: string, from?: number): RegexMatch | null;
  /** Whether the whole text matches; the fast way for names and `e_match`. */
  testFull(text: string): boolean;
  /** The match of the whole text. */
  fullMatch(text: string): RegexMatch | null;
  /** The match that starts at the text's first character. */
  prefixMatch(text: string): RegexMatch | null;
  /** Matches that do not overlap, empty ones as Python gives them. */
  matches(text: string): IterableIterator<RegexMatch>;
}

/** `linear` refuses what cannot run in linear time; `backtracking` takes it, with a time limit for each match. */
export type RegexEngine = "linear" | "backtracking";

/** The pattern cannot be compiled. */
export class RegexError extends Error {
  override readonly name = "RegexError";

  constructor(
    message: string,
    /** Where in the pattern, in UTF-16 units. */
    readonly offset: number,
    /** Whether `regexEngine: "backtracking"` would take the pattern. */
    readonly needsBacktracking = false,
  ) {
    super(message);
  }

  /** The message, with what to do where the other engine would take the pattern. */
  get remedied(): string {
    const remedy = '; rewrite it, or set regexEngine to "backtracking" for this rule text';
    return this.needsBacktracking ? this.message + remedy : this.message;
  }
}
