import type { Checks } from "../errors";

/**
 * What is wrong with a regular expression of a user's that must take linear time; undefined where nothing is.
 *
 * @param look compiles it, and tells what else it must not do; called whatever the flags are
 * @param remedy what to do where no engine matches it in linear time
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

/** Refuses a pattern of a content that has a {@link patternFault}. */
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
