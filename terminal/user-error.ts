/** What the user can put right, or did: shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** Whether the message is shown as it is, such as with a caret under a fault; others are told in one line. */
  readonly severalLines: boolean = false;

  /** @param status the process's exit status */
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** A command line that is wrong, or what it needs and the environment lacks: exit status 2. */
export class UsageError extends UserError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, 2);
  }
}
