import type { Summary } from "../../functions/invocation/summary";

/** Names of the properties of a type that are numbers. */
type NumbersOf<T> = { [Name in keyof T]-?: NonNullable<T[Name]> extends number ? Name : never }[keyof T] & string;

/** A number in the report of an output. */
export type OutputNumber = NumbersOf<Summary["outputs"][string]>;

/**
 * A number of a summary: its own, or one in the report of an output. Renaming the field in the summary is a compile
 * error here.
 */
export type SummaryNumber = NumbersOf<Summary> | { readonly output: string; readonly field: OutputNumber };

/** How the numbers of several summaries are aggregated. */
export type Aggregate = "sum" | "avg" | "max";

/** A column of a result: a number and its aggregation. */
export interface SummaryColumn {
  readonly number: SummaryNumber;
  /** @default "sum" */
  readonly of?: Aggregate;
}

/** The first field of a summary, which identifies its line. */
const FIRST = "objects" satisfies keyof Summary;
const START = `{"${FIRST}":`;

/** A word in every summary, with which the index finds the lines before SQL reads them. */
const WORD = "quarantined" satisfies keyof Summary;

/** The summary in a line of the log. SCF can write a time and an id before the output of a function. */
const DOCUMENT = `substr(SCF_Message, strpos(SCF_Message, '${START}'))`;

/** SCF's own line at the end of a request repeats the function's return value. */
const LINES = `SCF_Message LIKE '%${START}%' AND SCF_Message NOT LIKE 'Response RequestId:%'`;

const BY_TIME = (minutes: number): string => `histogram(cast(__TIMESTAMP__ as timestamp), interval ${minutes} minute)`;

/** The column with the time of a row. */
export const TIME_COLUMN = "time";

/**
 * Returns a query over the summaries in a function's log, with one row per interval: CQL, and SQL in CLS's form. Fact:
 * docs/design/facts/provider.md#dashboard.
 */
export function summaryQuery(
  functionName: string,
  columns: Readonly<Record<string, SummaryColumn>>,
  minutes: number,
): string {
  const values = Object.entries(columns).map(([name, column]) => `${valueOf(column)} AS "${name}"`);
  return rows(`SCF_FunctionName:"${functionName}" AND SCF_Message:${WORD}`, values, minutes, `WHERE ${LINES} `);
}

/** Returns a query for a function's failed invocations, by time. */
export function failureQuery(functionName: string, minutes: number): string {
  return rows(`SCF_FunctionName:"${functionName}" AND SCF_StatusCode:>=400`, ['count(*) AS "failed"'], minutes);
}

function rows(search: string, values: readonly string[], minutes: number, where = ""): string {
  const columns = [`${BY_TIME(minutes)} AS "${TIME_COLUMN}"`, ...values].join(", ");
  return `${search} | SELECT ${columns} ${where}GROUP BY "${TIME_COLUMN}" ORDER BY "${TIME_COLUMN}" LIMIT 10000`;
}

/**
 * A field that a summary leaves out counts as 0 in a sum. It is not part of an average, because its value is not known.
 */
function valueOf({ number, of = "sum" }: SummaryColumn): string {
  const path = typeof number === "string" ? `$.${number}` : `$.outputs["${number.output}"].${number.field}`;
  const value = `try_cast(json_extract_scalar(${DOCUMENT}, '${path}') AS bigint)`;
  return of === "sum" ? `sum(coalesce(${value}, 0))` : `${of}(${value})`;
}
