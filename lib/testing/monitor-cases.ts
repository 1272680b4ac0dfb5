import { holdsCases, readCases } from "../../cli/monitor/cases";
import { readDefinitionText, renderFileProblem, type FileProblem } from "../../cli/monitor/definition-file";
import { differenceOf } from "../../cli/monitor/test";
import { refuse } from "../errors";
import { CASES_CODE, casesFor, caseText, rowsOf, type CaseRow } from "./cases";

/**
 * The cases of a definition of monitors, as rows for `test.each`; the same files that `tencent-logs monitor test` reads.
 * Nothing is sent, and time passes as the cases say:
 *
 *     test.each(monitorCases("monitors.yaml"))("%s", (_, check) => check());
 *
 * @param definition path of the definition, YAML or JSON: one that you wrote, or the one that a `LogMonitor` leaves beside
 *   the stack (`definitionPath`)
 * @param cases path of the cases
 *   @default the definition itself where it has `cases`, else the file beside it, `monitors.test.yaml` beside `monitors.yaml`
 * @throws `LogsError` with all that is wrong with the definition or the cases
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
