import { Compiler } from "./compiler";
import type { Event } from "./event";
import type { PartName, Resource, Run, Step } from "./implementation";
import { parse } from "../language/parser";
import type { Expression } from "../language/syntax-tree";
import { type Idle, idleOf } from "../literals/idle";
import { ProblemList } from "../check/problem-list";
import type { Parts } from "./parts";
import { renderProblem, type Problem } from "../check/problem";
import type { RegexEngine } from "../regex/regex";
import { checkCount, checkSize } from "./steps";

/** Options for compiling a rule text. */
export interface RulesOptions {
  /** Location of the library groups. */
  readonly parts: Parts;
  /** Names of the outputs that the text can use. @default every name is allowed */
  readonly outputs?: readonly string[];
  /** @default "linear" */
  readonly regexEngine?: RegexEngine;
  /** Read by `res_local`. @default the process's environment */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** An event that leaves the rules. */
export interface Emitted {
  /** The output that the text names, or `null` for the default output. */
  readonly output: string | null;
  readonly event: Event;
}

/** Result for one event. */
export interface RulesResult {
  /** The events that leave the rules, in order; empty if a step failed, because siblings fail together. */
  readonly emitted: readonly Emitted[];
  /** Why a step failed. It can quote values of the event, so it accompanies the event and must never be logged. */
  readonly failure?: string;
}

/** A rule text has errors. */
export class RulesError extends Error {
  override readonly name = "RulesError";
  readonly code = "LOGS_RULES";

  constructor(
    readonly text: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map((problem) => renderProblem(text, problem)).join("\n"));
  }
}

/** Returns the problems of a rule text and what it needs; compiles it if there are none. */
export function checkRules(text: string, options: RulesOptions) {
  const found = new ProblemList();
  const report = (problem: Problem): void => found.add(problem);
  const { parts, outputs, regexEngine = "linear" } = options;
  const compiler = new Compiler(text, { parts, outputs, regexEngine, report });
  const lineOf = lineCounter(text);
  const statements: Statement[] = [];
  const nodes: Expression[] = [];
  found.collect(() => {
    for (const statement of parse(text, report)) {
      const { start, end } = statement.span;
      nodes.push(statement);
      statements.push({ line: lineOf(start), text: text.slice(start, end), step: compiler.step(statement) });
    }
  });
  compiler.endText();
  return {
    problems: found.inOrder(),
    /** Library groups that the zip must contain. */
    parts: [...compiler.parts].sort() as PartName[],
    /** Outputs that the text names. */
    outputs: [...compiler.outputs].sort(),
    resources: compiler.resources as readonly Resource[],
    statements: statements as readonly Statement[],
    nodes: nodes as readonly Expression[],
  };
}

/** Line of an offset, from 1, for ascending offsets. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let end = text.indexOf("\n");
  return (offset) => {
    for (; end !== -1 && end < offset; end = text.indexOf("\n", end + 1)) line++;
    return line;
  };
}

/**
 * Compiles a rule text.
 *
 * @throws RulesError with all problems of the text
 */
export function compileRules(text: string, options: RulesOptions): Rules {
  const { problems, statements, nodes, resources } = checkRules(text, options);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new RulesError(text, errors);
  return new Rules(statements, resources, options.environment ?? process.env, idleOf(nodes));
}

/** One statement of the text. */
export interface Statement {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly step: Step;
}

/** A compiled rule text. */
export class Rules {
  readonly #statements: readonly Statement[];
  readonly #resources: readonly Resource[];
  readonly #run: CurrentRun;

  constructor(
    statements: readonly Statement[],
    resources: readonly Resource[],
    environment: Readonly<Record<string, string | undefined>>,
    /**
     * What happens to events that the rules leave unchanged, and how the bytes of their records show it; undefined if
     * unknown.
     */
    readonly idle?: Idle,
  ) {
    this.#statements = statements;
    this.#resources = resources;
    this.#run = new CurrentRun(environment);
  }

  /**
   * Loads the data that the rules read in addition to events, or its changes. Call it before the first event of an
   * invocation.
   */
  async refresh(): Promise<void> {
    const changes = await Promise.all(this.#resources.map((resource) => resource.refresh(this.#run)));
    if (changes.includes(true)) this.#run.version++;
  }

  /** Runs an event through all statements. Never throws because of an event's content. */
  run(event: Event): RulesResult {
    const run = this.#run;
    run.emitted = [];
    let line = 0;
    try {
      let events: readonly Event[] = [event];
      for (const statement of this.#statements) {
        line = statement.line;
        events = runOn(statement.step, events, run);
        if (events.length === 0) break;
      }
      for (const left of events) run.emit(left, null);
      if (run.emitted.length > 1) checkSize(run.emitted.map(({ event: left }) => left));
      return { emitted: run.emitted };
    } catch (error) {
      return { emitted: [], failure: failureAt(line, error) };
    }
  }

  /** Runs an event statement by statement, to show the steps. A failed step is the last one. */
  *explain(event: Event): Generator<ExplainedStep> {
    const run = this.#run;
    let events: readonly Event[] = [event];
    for (const { line, text, step } of this.#statements) {
      run.emitted = [];
      try {
        // Each step gets copies, so that the previous state can be compared.
        events = runOn(
          step,
          events.map((one) => one.clone()),
          run,
        );
      } catch (error) {
        yield { line, text, events: [], emitted: [], failure: failureAt(line, error) };
        return;
      }
      yield { line, text, events, emitted: run.emitted };
      if (events.length === 0) return;
    }
  }
}

/** The effect of one statement on an event. */
export interface ExplainedStep {
  readonly line: number;
  /** The statement from the text. */
  readonly text: string;
  /** The events that remain. */
  readonly events: readonly Event[];
  /** The events that it sent to outputs. */
  readonly emitted: readonly Emitted[];
  readonly failure?: string;
}

function failureAt(line: number, error: unknown): string {
  const { name, message, ruleFailure } = error as Error & { ruleFailure?: boolean };
  // Errors in patterns and queries from an event are reported unchanged; any other error is a bug of ours, reported by
  // its name.
  const isTold = ruleFailure === true || name === "RegexError" || name === "QueryError";
  return `line ${line}: ${isTold ? message : `${name}: ${message}`}`;
}

/** All events take a step before any takes the next one. They are independent, so the result is the same. */
function runOn(step: Step, events: readonly Event[], run: Run): readonly Event[] {
  if (events.length === 1) {
    const outcome = step(events[0], run);
    if (outcome === events[0]) return events;
    return outcome === null ? [] : Array.isArray(outcome) ? outcome : [outcome as Event];
  }
  const left: Event[] = [];
  for (const event of events) {
    const outcome = step(event, run);
    if (outcome === null) continue;
    if (Array.isArray(outcome)) for (const one of outcome as readonly Event[]) left.push(one);
    else left.push(outcome as Event);
    checkCount(left.length);
  }
  if (left.length > events.length) checkSize(left);
  return left;
}

class CurrentRun implements Run {
  version = 0;
  emitted: Emitted[] = [];

  constructor(readonly environment: Readonly<Record<string, string | undefined>>) {}

  emit(event: Event, output: string | null): void {
    // Most events are sent once, and `push` on an empty list allocates memory for many entries.
    if (this.emitted.length === 0) this.emitted = [{ output, event }];
    else this.emitted.push({ output, event });
    checkCount(this.emitted.length);
  }

  now(): number {
    return Date.now();
  }
}
