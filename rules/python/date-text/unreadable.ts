/** Thrown while a date is parsed, if the text is not a date. It is always caught. */
export class UnreadableDate extends Error {
  override readonly name = "UnreadableDate";
}

const REASON = new UnreadableDate("no date");

/**
 * Gives up. It always throws the same error: nobody reads its stack, and creating one takes longer than parsing a date.
 */
export function unreadable(): never {
  throw REASON;
}
