/** What the user can put right: shown as one line, without a stack. */
export class CliError extends Error {
  override readonly name = "CliError";
}
