/** Work done by searches. */
export interface Work {
  /** Characters that automata have read, counting repeats. */
  read: number;
  /** Threads that the Pike machine has followed, counted per character. */
  steps: number;
}

/** Additional conditions on a match. */
export interface Constraints {
  /** It starts at the given offset. */
  readonly anchored?: boolean;
  /** It ends at the end of the text. */
  readonly full?: boolean;
  /** It is not empty at the given offset. */
  readonly advance?: boolean;
  /** Work of the searches for all matches of a text so far, which has a common limit. */
  readonly work?: Work;
}

/**
 * Finds the first match at or after an offset: the positions of the groups, -1 for a group that did not participate,
 * the whole match first.
 */
export interface Matcher {
  find(text: string, from: number, constraints: Constraints): Int32Array | null;
}
