/** What the user can put right, or did: shown as one line, without a stack. */
export class StartError extends Error {
  override readonly name = "StartError";

  /** @param status the process's exit status */
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}
