import type { Summary } from "../../functions/invocation/summary";

/** Names of what of a type is a number. */
type NumbersOf<T> = { [Name in keyof T]-?: NonNullable<T[Name]> extends number ? Name : never }[keyof T] & string;

/** A number of what an output reports. */
export type OutputNumber = NumbersOf<Summary["outputs"][string]>;

/** A number of a summary: one of its own, or of what an output reports. A field that is renamed compiles no longer. */
export type SummaryNumber = NumbersOf<Summary> | { readonly output: string; readonly field: OutputNumber };

/** How the numbers of several summaries become one. */
export type Aggregate = "sum" | "avg" | "max";

/** A column of a result: which number, and how it is gathered. */
export interface SummaryColumn {
  readonly number: SummaryNumber;
  /** @default "sum" */
  readonly of?: Aggregate;
}

/** The first field of a summary, by which its line is told from others. */
const FIRST = "objects" satisfies keyof Summary;
const START = `{"${FIRST}":`;

/** A word of each summary, so that the index finds its lines before SQL looks at them. */
const WORD = "quarantined" satisfies keyof Summary;

/** The summary in a line of the log. SCF may write a time and an id before what a function prints. */
const DOCUMENT = `substr(SCF_Message, strpos(SCF_Message, '${START}'))`;

/** SCF's own line on the end of a request repeats what the function returned. */
const LINES = `SCF_Message LIKE '%${START}%' AND SCF_Message NOT LIKE 'Response RequestId:%'`;

const BY_TIME = (minutes: number): string => `histogram(cast(__TIMESTAMP__ as timestamp), interval ${minutes} minute)`;

/** The column that holds the time of a row. */
export const TIME_COLUMN = "time";

/**
 * A query over the summaries in a function's log, a row for each stretch of time: CQL, and SQL as CLS has it.
 * Fact: docs/design/facts/provider.md#dashboard.
 */
export function summaryQuery(
  functionName: string,
  columns: Readonly<Record<string, SummaryColumn>>,
  minutes: number,
): string {
  const values = Object.entries(columns).map(([name, column]) => `${valueOf(column)} AS "${name}"`);
  return rows(`SCF_FunctionName:"${functionName}" AND SCF_Message:${WORD}`, values, minutes, `WHERE ${LINES} `);
}

/** Invocations of a function that failed, by time. */
export function failureQuery(functionName: string, minutes: number): string {
  return rows(`SCF_FunctionName:"${functionName}" AND SCF_StatusCode:>=400`, ['count(*) AS "failed"'], minutes);
}

function rows(search: string, values: readonly string[], minutes: number, where = ""): string {
  const columns = [`${BY_TIME(minutes)} AS "${TIME_COLUMN}"`, ...values].join(", ");
  return `${search} | SELECT ${columns} ${where}GROUP BY "${TIME_COLUMN}" ORDER BY "${TIME_COLUMN}" LIMIT 10000`;
}

/** A field that is left out where it is 0 counts as that in a sum; one that is not known is no part of an average. */
function valueOf({ number, of = "sum" }: SummaryColumn): string {
  const path = typeof number === "string" ? `$.${number}` : `$.outputs["${number.output}"].${number.field}`;
  const value = `try_cast(json_extract_scalar(${DOCUMENT}, '${path}') AS bigint)`;
  return of === "sum" ? `sum(coalesce(${value}, 0))` : `${of}(${value})`;
}
