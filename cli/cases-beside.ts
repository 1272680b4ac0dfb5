import { existsSync } from "node:fs";

/** The file of cases beside another: where it is looked for, `access.test.yaml` beside `access.sls`, and where it is. */
export function casesBeside(path: string): { readonly expected: string; readonly found: string | undefined } {
  const base = path.replace(/\.[^./\\]+$/, "");
  const expected = `${base}.test.yaml`;
  return { expected, found: [expected, `${base}.test.yml`].find(existsSync) };
}
