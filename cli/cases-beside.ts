import { existsSync } from "node:fs";

/**
 * The file of cases for another file, `access.test.yaml` next to `access.sls`: its expected path, and the actual one.
 */
export function casesBeside(path: string): { readonly expected: string; readonly found: string | undefined } {
  const base = path.replace(/\.[^./\\]+$/, "");
  const expected = `${base}.test.yaml`;
  return { expected, found: [expected, `${base}.test.yml`].find(existsSync) };
}
