import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { isObject } from "../../functions/runtime/checked-json";
import { rulePartsIn } from "../../functions/runtime/loader";
import { partsFolder } from "../../lib/packaging/built-files";
import {
  type DefinitionProblem,
  type MonitorFile,
  pathText,
  problemText,
  readDefinition,
  type Source,
} from "../../monitor";
import { checkRules, positionAt, renderAt, type Span } from "../../rules";
import { UserError, UsageError } from "../../terminal/user-error";
import { spanIn } from "./place-in-yaml";

/** A problem of a file. */
export interface FileProblem {
  readonly span: Span;
  /** Path of the problem, `monitors[0].match.status`; undefined if the file is not YAML. */
  readonly path?: string;
  readonly message: string;
}

/** A file with a definition: its content, or all its problems in file order. */
export interface DefinitionText {
  readonly text: string;
  readonly file?: MonitorFile;
  readonly problems: readonly FileProblem[];
  /** Valid content that is probably not intended. */
  readonly warnings: readonly FileProblem[];
}

/** Reads a definition from a YAML or JSON file. Throws {@link UsageError} if there is no such file. */
export function readDefinitionText(path: string): DefinitionText {
  const text = textOf(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ pos: [start, end], message }) => ({
    span: { start, end: Math.max(end, start + 1) },
    message: message.split("\n")[0],
  }));
  if (broken.length > 0) return { text, problems: broken, warnings: [] };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases that would expand to gigabytes.
    return { text, problems: [{ span: { start: 0, end: 1 }, message: (error as Error).message }], warnings: [] };
  }
  // Cases are in the same file, but not part of the definition.
  if (isObject(value)) delete value.cases;
  const parts = rulePartsIn(partsFolder());
  const options = { checkRules: (rules: string) => checkRules(rules, { parts, outputs: [] }).problems };
  const { file, problems, warnings } = readDefinition(value, options);
  const placed = (found: readonly DefinitionProblem[]): FileProblem[] =>
    found
      .map((problem) => ({
        span: spanIn(text, document, problem),
        path: pathText(problem.path),
        message: problemText(problem),
      }))
      .sort((one, other) => one.span.start - other.span.start);
  return { text, file, problems: placed(problems), warnings: placed(warnings) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new UsageError(`FILE must be a file, got ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

export type Severity = "error" | "warning";

/** A problem in readable form: `file:line:column`, the message, the line and a caret. */
export function renderFileProblem(
  path: string,
  text: string,
  { span, message }: FileProblem,
  severity: Severity = "error",
): string {
  return `${path}:${renderAt(text, span, `${severity}: ${message}`)}`;
}

/** A problem as JSON. */
export function problemJson(path: string, text: string, problem: FileProblem, severity: Severity = "error"): object {
  const { message, path: keys, span } = problem;
  const found = { file: path, ...positionAt(text, span.start), path: keys, message };
  return severity === "error" ? found : { ...found, severity };
}

/** An invalid definition, reported in full, on several lines. */
export class DefinitionFileError extends UserError {
  override readonly name = "DefinitionFileError";
  override readonly severalLines = true;

  constructor(path: string, { text, problems }: DefinitionText) {
    const told = problems.map((problem) => renderFileProblem(path, text, problem)).join("\n");
    super(`${told}\n${problems.length} ${problems.length === 1 ? "error" : "errors"}`);
  }
}

/**
 * The definition of a file. Throws {@link DefinitionFileError} with all problems.
 *
 * @param warn receives warnings about what is probably not intended
 */
export function loadDefinition(path: string, warn?: (text: string) => void): MonitorFile {
  const read = readDefinitionText(path);
  if (!read.file) throw new DefinitionFileError(path, read);
  for (const warning of read.warnings) warn?.(renderFileProblem(path, read.text, warning, "warning"));
  return read.file;
}

/**
 * Refuses a definition that a construct wrote before the plan was applied, if it has unresolved names that are needed.
 *
 * @param isRead whether the topic of a source will be read
 */
export function requireIds({ records, sources, state }: MonitorFile, isRead: (source: Source) => boolean): void {
  const named: [path: string, value: string | undefined][] = [
    ...Object.entries(sources).flatMap(([name, source]): [string, string | undefined][] =>
      isRead(source)
        ? [
            [`sources.${name}.topic`, source.topic],
            [`sources.${name}.logset`, source.logset],
          ]
        : [],
    ),
    ...(state.type === "cos" ? ([["state.bucket", state.bucket]] as [string, string][]) : []),
    ["records.topic", records?.topic],
  ];
  const [open] = named.filter(([, value]) => value?.includes("${"));
  if (!open) return;
  throw new UsageError(
    `${open[0]} must be known, got the reference ${open[1]}; get the definition from Terraform after apply: ` +
      `add an output with the value of LogMonitor.definition to the stack, and run terraform output -raw NAME > FILE`,
  );
}
