/** Thrown within the reading of a date where a text is none; never leaves it. */
export class UnreadableDate extends Error {
  override readonly name = "UnreadableDate";
}

const REASON = new UnreadableDate("no date");

/** Gives up. The same error each time: nobody reads its stack, and making one costs more than reading a date. */
export function unreadable(): never {
  throw REASON;
}
