import { type FunctionError, type Invocation } from "../../local";
import { layOut } from "../../terminal/table";
import { summaryOf, totalOf, type Summary } from "./summary";

/** Maximum invocations to show individually. */
const MAX_ROWS = 15;

const NUMBERS = ["bytes", "lines", "records", "invalid", "retries", "ms", "MB"];
const HEADERS = ["object", ...NUMBERS, "outcome"];

/** A short table of invocations: a row each, up to a limit, and their totals. Failed ones are always shown. */
export function invocationTable(invocations: readonly Invocation[]): string {
  const shown = invocations.filter((invocation, index) => index < MAX_ROWS || invocation.error !== undefined);
  const hidden = invocations.length - shown.length;
  const more = hidden > 0 ? [[`... ${hidden} more`]] : [];
  const total = row(countOf(invocations.length, "invocation"), totalOf(invocations), peak(invocations), "");
  return layOut(
    [HEADERS, ...shown.map(invocationRow), ...more, total],
    NUMBERS.map((_name, index) => index + 1),
  );
}

/** A number with its noun, such as `1 invocation` or `2 invocations`. */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function invocationRow(invocation: Invocation): string[] {
  const name = invocation.source.replace(/^cos:\/\/[^/]*\//, "");
  const attempt = invocation.attempt > 1 ? ` (attempt ${invocation.attempt})` : "";
  const summary = summaryOf(invocation);
  const outcome = invocation.error ? errorLine(invocation.error) : success(summary);
  const ms = invocation.error ? invocation.ms : summary.ms;
  return row(shorten(name, 60) + attempt, { ...summary, ms }, invocation.memoryMb, outcome);
}

function success(summary: Summary): string {
  return summary.quarantined > 0 ? `ok, ${summary.quarantined} quarantined` : "ok";
}

/** An error on one line: SCF's message, and the first line of the code's error. */
function errorLine(error: FunctionError): string {
  const thrown = error.stackTrace?.split("\n")[0];
  return thrown === undefined ? error.errorMessage : `${error.errorMessage}: ${thrown}`;
}

function row(name: string, summary: Summary, memoryMb: number, outcome: string): string[] {
  const { bytes, lines, records, invalid, retries, ms } = summary;
  const numbers = [bytes, lines, records, invalid, retries, ms, Math.round(memoryMb)];
  return [name, ...numbers.map((number) => number.toLocaleString("en-US")), outcome];
}

function peak(invocations: readonly Invocation[]): number {
  return invocations.reduce((most, invocation) => Math.max(most, invocation.memoryMb), 0);
}

/** Keeps the end of a long key, which distinguishes the objects. */
function shorten(text: string, length: number): string {
  return text.length <= length ? text : `...${text.slice(text.length - length + 3)}`;
}
