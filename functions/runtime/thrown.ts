/**
 * A text property of a thrown value; undefined if it has none. User code can throw anything: nothing, a text, an object
 * whose getters throw.
 */
export function textOfThrown(error: unknown, property: "name" | "message" | "stack" | "code"): string | undefined {
  try {
    const value: unknown = (error as Record<string, unknown> | null | undefined)?.[property];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The reason of a record's failure, which is sent with the record and can quote it. */
export function reasonOfThrown(error: unknown): string {
  if (typeof error === "string") return error;
  return `${textOfThrown(error, "name") ?? "Error"}: ${textOfThrown(error, "message") ?? typeof error}`;
}
