/** Tells of a fault on stderr, in a line. */
export function logError(text: string): void {
  console.error(oneLine(text));
}

/** A key may hold any character, and SCF keeps 8 KB of a line. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").slice(0, 2000);
}
