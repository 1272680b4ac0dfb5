/** What searches have done. */
export interface Work {
  /** Characters that automata have read, some of them many times. */
  read: number;
  /** Threads that the Pike machine has followed, each for one character. */
  steps: number;
}

/** What a match must be, beside a match. */
export interface Constraints {
  /** It starts at the offset given. */
  readonly anchored?: boolean;
  /** It ends at the end of the text. */
  readonly full?: boolean;
  /** It is not the empty text at the offset given. */
  readonly advance?: boolean;
  /** What the searches for all matches of a text have done so far, which is bounded for all of them together. */
  readonly work?: Work;
}

/** Finds the first match at or after an offset: the ends of the groups, -1 for what took no part, the whole match first. */
export interface Matcher {
  find(text: string, from: number, constraints: Constraints): Int32Array | null;
}
