import type { Checks } from "../errors";

/**
 * Returns what is wrong with a user's regular expression that must match in linear time; undefined if nothing is.
 *
 * @param look compiles it, and returns any other reason to refuse it; called whatever the flags are
 * @param remedy what to do if no engine matches it in linear time
 */
export function patternFault(flags: string, look: () => string | false, remedy?: string): string | undefined {
  let fault: string | undefined;
  try {
    fault = look() || undefined;
  } catch (error) {
    const { message, name } = error as Error;
    fault = name === "RegexError" && remedy !== undefined ? `${message}; ${remedy}` : message;
  }
  return /^[iu]*$/.test(flags) ? fault : "drop the other flags";
}

/** Refuses a content's pattern that has a {@link patternFault}. */
export function checkPattern(
  checks: Checks,
  prop: string,
  { source, flags }: { readonly source: string; readonly flags: string },
  fault: string | undefined,
): void {
  checks.that(
    fault === undefined,
    "LOGS_CONTENT_PATTERN",
    () =>
      `${prop} must be a regular expression that takes linear time, with no flags but i and u, got /${source}/${flags}; ${fault}`,
  );
}
