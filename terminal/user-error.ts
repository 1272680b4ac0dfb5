/** An error that the user can fix or caused: shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** Whether the message keeps its lines, for example with a caret under an error; others are shown on one line. */
  readonly severalLines: boolean = false;

  /** @param status the process's exit status */
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** An invalid command line, or a requirement that the environment does not meet: exit status 2. */
export class UsageError extends UserError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, 2);
  }
}
