import { readFileSync } from "node:fs";
import { casesBeside } from "../../cli/cases-beside";
import { refuse } from "../errors";

/**
 * A row of `test.each` in Jest or Vitest for one case of a file: its name, and a function that checks it. The function
 * throws an error with one line for each difference between the result and the expectation.
 */
export type CaseRow = readonly [name: string, check: () => Promise<void>];

/** The text of a file; refused with a code if there is no file. */
export function caseText(scope: string, what: string, path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    return refuse(scope, CASES_CODE, `${what} must be a file, got ${path} (${why}); correct the path`);
  }
}

/** The file of cases next to another file; refused with a code if there is none. */
export function casesFor(scope: string, path: string): string {
  const { expected, found } = casesBeside(path);
  if (found !== undefined) return found;
  return refuse(scope, CASES_CODE, `cases must stand in ${expected}, got no such file; write it, or name another`);
}

/** Rows of cases; each reports its differences as an error. */
export function rowsOf<Case extends { readonly name: string }>(
  cases: readonly Case[],
  difference: (one: Case) => Promise<string[]>,
): CaseRow[] {
  return cases.map((one) => [
    one.name,
    async () => {
      const lines = await difference(one);
      if (lines.length > 0) throw new Error(`${one.name}\n${lines.map((line) => `    ${line}`).join("\n")}`);
    },
  ]);
}

export const CASES_CODE = "LOGS_TEST_CASES";
