/** What a match must be, beside a match. */
export interface Constraints {
  /** It starts at the offset given. */
  readonly anchored?: boolean;
  /** It ends at the end of the text. */
  readonly full?: boolean;
  /** It is not the empty text at the offset given. */
  readonly advance?: boolean;
}

/** Finds the first match at or after an offset: the ends of the groups, -1 for what took no part, the whole match first. */
export interface Matcher {
  find(text: string, from: number, constraints: Constraints): Int32Array | null;
}
