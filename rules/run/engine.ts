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

/** How a rule text is compiled. */
export interface RulesOptions {
  /** Where the library groups are. */
  readonly parts: Parts;
  /** Names of the outputs that the text may use; any name will do where they are not given. */
  readonly outputs?: readonly string[];
  /** @default "linear" */
  readonly regexEngine?: RegexEngine;
  /** What `res_local` reads. @default the process's environment */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** An event that leaves the rules. */
export interface Emitted {
  /** The output that the text names, or `null` for the default one. */
  readonly output: string | null;
  readonly event: Event;
}

/** What became of one event. */
export interface RulesResult {
  /** What leaves the rules, in order; nothing where a step failed, since siblings share the fate. */
  readonly emitted: readonly Emitted[];
  /** Why a step failed. It may quote values of the event: it goes with the event and never to the log. */
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

/** What is wrong with a rule text, and what it needs; compiles it where nothing is. */
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
    /** Library groups that the zip must hold. */
    parts: [...compiler.parts].sort() as PartName[],
    /** Outputs that the text names. */
    outputs: [...compiler.outputs].sort(),
    resources: compiler.resources as readonly Resource[],
    statements: statements as readonly Statement[],
    nodes: nodes as readonly Expression[],
  };
}

/** Line of an offset, from 1, for offsets that grow. */
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
 * @throws RulesError with everything that is wrong with the text
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
    /** What becomes of events that the rules leave alone, and how the bytes of their records tell; undefined where none do. */
    readonly idle?: Idle,
  ) {
    this.#statements = statements;
    this.#resources = resources;
    this.#run = new CurrentRun(environment);
  }

  /** Loads what the rules read beside the events, or what of it changed. Before the first event of an invocation. */
  async refresh(): Promise<void> {
    const changes = await Promise.all(this.#resources.map((resource) => resource.refresh(this.#run)));
    if (changes.includes(true)) this.#run.version++;
  }

  /** Runs an event through all statements. Never throws for what an event holds. */
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

  /** Runs an event statement by statement, for people to look at. A step that fails is the last one. */
  *explain(event: Event): Generator<ExplainedStep> {
    const run = this.#run;
    let events: readonly Event[] = [event];
    for (const { line, text, step } of this.#statements) {
      run.emitted = [];
      try {
        // Each step gets copies, so that what was before it stays to be compared.
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

/** One statement's work on an event. */
export interface ExplainedStep {
  readonly line: number;
  /** The statement as it stands in the text. */
  readonly text: string;
  /** What is left to run on. */
  readonly events: readonly Event[];
  /** What it sent to outputs. */
  readonly emitted: readonly Emitted[];
  readonly failure?: string;
}

function failureAt(line: number, error: unknown): string {
  const { name, message, ruleFailure } = error as Error & { ruleFailure?: boolean };
  // Patterns and queries that an event brings are told as what they are; the rest is a fault of ours, under its name.
  const isTold = ruleFailure === true || name === "RegexError" || name === "QueryError";
  return `line ${line}: ${isTold ? message : `${name}: ${message}`}`;
}

/** Each event takes the step before any takes the next one: what is split runs on independently all the same. */
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
    // Most events are sent once, and a list that grows takes memory for many.
    if (this.emitted.length === 0) this.emitted = [{ output, event }];
    else this.emitted.push({ output, event });
    checkCount(this.emitted.length);
  }

  now(): number {
    return Date.now();
  }
}
