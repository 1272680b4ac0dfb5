/** The machine lacks what the deploy tests need; the message says what, and how to come by it. */
export class NotRunError extends Error {
  override readonly name = "NotRunError";
}

/** Exit status that tells "could not run" from "failed". */
export const NOT_RUN_STATUS = 3;
