import { maskSecrets } from "./mask";

/** Tells of a fault on stderr, in a line. */
export function logError(text: string): void {
  console.error(oneLine(text));
}

/** A key may hold any character, SCF keeps 8 KB of a line, and no secret belongs into one. */
export function oneLine(text: string): string {
  return maskSecrets(text)
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 2000);
}
