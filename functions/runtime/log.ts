import { maskSecrets } from "./mask";

/** Logs an error to stderr, in one line. */
export function logError(text: string): void {
  console.error(oneLine(text));
}

/** A text as one line without control characters (a key can contain any), without secrets, and below SCF's limit of 8 KB. */
export function oneLine(text: string): string {
  return maskSecrets(text)
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 2000);
}
