/** What is still being read of standard input keeps the process alive no longer. */
export function releaseStdin(): void {
  const { stdin } = process;
  // A file has nothing to be let go of.
  if ("unref" in stdin) stdin.unref();
}
