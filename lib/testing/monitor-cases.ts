import { holdsCases, readCases } from "../../cli/monitor/cases";
import { readDefinitionText, renderFileProblem, type FileProblem } from "../../cli/monitor/definition-file";
import { differenceOf } from "../../cli/monitor/test";
import { refuse } from "../errors";
import { CASES_CODE, casesFor, caseText, rowsOf, type CaseRow } from "./cases";

/**
 * Returns the test cases of a monitor definition as rows for `test.each`. It reads the same files as
 * `tencent-logs monitor test`. Nothing is sent, and the cases control the time.
 *
 * ```ts
 * test.each(monitorCases("monitors.yaml"))("%s", (_, check) => check());
 * ```
 *
 * @param definition path of the definition, YAML or JSON: one that you wrote, or the one that a `LogMonitor` writes to
 * the stack's folder (`definitionPath`)
 * @param cases path of the cases; by default the definition itself if it contains `cases`, else the file next to it:
 * `monitors.test.yaml` for `monitors.yaml`
 * @throws `LogsError` with all problems of the definition or the cases
 */
export function monitorCases(definition: string, cases?: string): CaseRow[] {
  const own = caseText(SCOPE, "definition", definition);
  const read = readDefinitionText(definition);
  const { file } = read;
  if (!file) return refuseAll("definition", definition, read.text, read.problems);

  const path = cases ?? (holdsCases(own) ? definition : casesFor(SCOPE, definition));
  const text = caseText(SCOPE, "cases", path);
  const { cases: found, problems } = readCases(text, file);
  if (problems.length > 0) refuseAll("cases", path, text, problems);
  return rowsOf(found, (one) => differenceOf(file, one));
}

const SCOPE = "monitorCases";

function refuseAll(what: string, path: string, text: string, problems: readonly FileProblem[]): never {
  const told = problems.map((problem) => renderFileProblem(path, text, problem)).join("\n");
  return refuse(SCOPE, CASES_CODE, `${what} must be right, got ${problems.length} errors; correct them:\n${told}`);
}
