/** Stops reading standard input from keeping the process alive. */
export function releaseStdin(): void {
  const { stdin } = process;
  // A file does not keep the process alive.
  if ("unref" in stdin) stdin.unref();
}
