import { blaming, isRuleFailure } from "../check/blame";
import { bind, type Bound, type BoundArgument } from "../check/binding";
import { constant, defaultsOf, operationArgument, withDefault } from "./argument";
import { CompiledCall, oncePerVersion, type CallServices } from "./bound-call";
import { checkConstant } from "../check/constant-checks";
import { CONSTANTS, OPERATIONS } from "../check/constants";
import type { Event } from "./event";
import { FUNCTIONS } from "../functions";
import { kindOf, type Definition } from "../functions/define";
import type { Argument, Implementation, Implementations, PartName, Resource, Step, Thunk } from "./implementation";
import { checkMade, named } from "./guarded";
import { callOf } from "./invocation";
import { Kept } from "./kept";
import { parseParameters, type Parameter } from "../check/parameters";
import type { Parts } from "./parts";
import { ProblemError, problem, type Problem, type Span } from "../check/problem";
import { compileQuery } from "../query";
import type { Origin } from "../regex/bounds";
import { compileRegex } from "../regex/compile";
import type { Regex, RegexEngine } from "../regex/regex";
import { sharedText } from "./shared-text";
import { suggestion } from "../check/similar";
import type { CallNode, Expression } from "../language/syntax-tree";
import type { Value } from "./values";

/** Context for compiling a text. */
export interface CompileContext {
  readonly parts: Parts;
  readonly regexEngine: RegexEngine;
  /** Names of the pipeline's outputs; `undefined` if every name is allowed. */
  readonly outputs?: readonly string[];
  report(problem: Problem): void;
}

/** A function that is supported. */
type Available = Exclude<Definition, { readonly refused: unknown }>;

/** Placeholder for an operation, because its text has problems. */
const NO_STEP: Step = (event) => event;
const NO_VALUE: Thunk = () => null;

/** Maximum steps of cached compiled patterns, since events can bring any number: about 600 bytes each, 30 MB. */
const MOST_STEPS_KEPT = 50_000;

/** Compiles the tree of a rule text to closures, and reports all problems. */
export class Compiler {
  /** Library groups that the text needs. */
  readonly parts = new Set<PartName>();
  /** Outputs that the text names. */
  readonly outputs = new Set<string>();
  readonly resources: Resource[] = [];
  readonly #context: CompileContext;
  /** Number of reported errors. */
  #errors = 0;
  readonly #text: string;
  /** Origin of the patterns that are currently compiled. */
  #origin: Origin = "text";
  readonly #regexes = new Kept<Regex>(MOST_STEPS_KEPT);
  readonly #queries = new Kept<(event: Event) => boolean>(MOST_STEPS_KEPT);
  readonly #services: CallServices = {
    step: (node) => this.step(node),
    regex: (pattern) => this.#regex(pattern),
    query: (text) => this.#query(text),
    part: (name) => this.#part(name),
    resource: (resource) => void this.resources.push(resource),
    blaming: (argument, make) => blaming(this.#text, () => argument, make),
    warn: (span, message) => this.#context.report({ ...problem("RULES_VALUE", span, message), severity: "warning" }),
  };

  constructor(text: string, context: CompileContext) {
    this.#text = text;
    const report = (found: Problem): void => {
      if (found.severity === "error") this.#errors++;
      context.report(found);
    };
    this.#context = { ...context, report };
  }

  /** Ends the compilation of the text: patterns from now on come from events. */
  endText(): void {
    this.#origin = "event";
  }

  /** Compiles an expression that must be an operation. */
  step(node: Expression): Step {
    const operation = node.kind === "name" ? OPERATIONS.get(node.name) : undefined;
    if (operation !== undefined) return this.step({ ...noArguments(operation, node.span) });
    if (node.kind === "literal" && node.value === null) return NO_STEP;
    if (node.kind !== "call") {
      this.#report("RULES_POSITION", node.span, "an operation must stand here, such as e_set(...), DROP or KEEP");
      return NO_STEP;
    }
    const definition = this.#definition(node, "operation");
    return (definition && this.#compileStep(node, definition)) ?? NO_STEP;
  }

  /** Compiles an expression that must be a value. */
  argument(node: Expression): Argument {
    switch (node.kind) {
      case "literal":
        return constant(node.span, typeof node.value === "string" ? sharedText(node.value) : node.value);
      case "name":
        return this.#name(node.name, node.span);
      case "sequence":
        return this.#sequence(node.span, node.items);
      case "dict":
        return this.#dict(node.span, node.entries);
      case "and":
      case "or":
        return this.#logical(node);
      case "call":
        return this.#call(node);
    }
  }

  #name(name: string, span: Span): Argument {
    const value = CONSTANTS.get(name);
    if (value !== undefined) return constant(span, value);
    if (OPERATIONS.has(name)) {
      this.#report("RULES_POSITION", span, `${name} is an operation, and a value must stand here; give a condition`);
    } else if (FUNCTIONS.has(name)) {
      this.#report("RULES_UNKNOWN_NAME", span, `${name} is a function and must be called; write ${name}(...)`);
    } else {
      // A bare name is more often a string without quotes than a mistyped word.
      const words = [...CONSTANTS.keys(), ...OPERATIONS.keys(), "None", "True", "False"];
      const alike = words.filter((word) => word[0].toLowerCase() === name[0].toLowerCase());
      const hint = suggestion(name, alike) || `; write "${name}" for a text`;
      this.#report("RULES_UNKNOWN_NAME", span, `${name} is no name of the rule language${hint}`);
    }
    return constant(span, null);
  }

  #sequence(span: Span, nodes: readonly Expression[]): Argument {
    const items = nodes.map((node) => this.argument(node));
    const evaluate: Thunk = (event, run) => items.map((item) => item.evaluate(event, run));
    return this.#composed(span, items, evaluate);
  }

  #dict(span: Span, nodes: readonly (readonly [Expression, Expression])[]): Argument {
    const entries = nodes.map(([key, value]) => [this.argument(key), this.argument(value)] as const);
    const evaluate: Thunk = (event, run) =>
      new Map(entries.map(([key, value]) => [key.evaluate(event, run), value.evaluate(event, run)]));
    return this.#composed(span, entries.flat(), evaluate);
  }

  #logical({ kind, span, operands }: Extract<Expression, { kind: "and" | "or" }>): Argument {
    const name = kind === "and" ? "op_and" : "op_or";
    return this.#call({ kind: "call", span, name, nameSpan: span, positional: operands, keywords: [] });
  }

  #call(node: CallNode): Argument {
    const definition = this.#definition(node, "expression");
    const compiled = definition && this.#compileThunk(node, definition);
    return compiled ?? { span: node.span, evaluate: NO_VALUE, stable: false };
  }

  /** The function of a call, if it is allowed at this position. */
  #definition({ name, nameSpan }: CallNode, kind: ReturnType<typeof kindOf>): Available | undefined {
    const definition = FUNCTIONS.get(name);
    if (!definition) {
      const hint = suggestion(name, FUNCTIONS.keys()) || "; see docs/rules-functions.md";
      this.#report("RULES_UNKNOWN_NAME", nameSpan, `${name} is no function of the rule language${hint}`);
      return undefined;
    }
    if ("refused" in definition) {
      const { reason, remedy } = definition.refused;
      this.#report("RULES_UNSUPPORTED", nameSpan, `${name} cannot run here: ${reason}; ${remedy}`);
      return undefined;
    }
    if (kindOf(definition) !== kind) {
      const message =
        kind === "operation"
          ? `${name} gives a value, and an operation must stand here; use it as an argument, as in e_set("field", ${name}(...))`
          : `${name} is an operation, and a value must stand here; make it a statement, or an argument of e_if`;
      this.#report("RULES_POSITION", nameSpan, message);
      return undefined;
    }
    return definition;
  }

  #compileStep(node: CallNode, definition: Available): Step | undefined {
    const prepared = this.#prepare(node, definition);
    if (!prepared) return undefined;
    const { implementation, call } = prepared;
    if (!("step" in implementation)) throw new Error(`${node.name} must be implemented as an operation`);
    const step = this.#guarded(call, () => implementation.step(call));
    return step && named(node.name, step);
  }

  #compileThunk(node: CallNode, definition: Available): Argument | undefined {
    const prepared = this.#prepare(node, definition);
    if (!prepared) return undefined;
    const { implementation, call, values } = prepared;
    const { name } = node;
    if ("pure" in implementation) {
      const invoke = callOf({ name, invoke: implementation.pure as (...values: unknown[]) => Value, slots: values });
      return this.#composed(node.span, values.flat().filter(isPresent), invoke);
    }
    if ("impure" in implementation) {
      const invoke = implementation.impure as (...values: unknown[]) => Value;
      return { span: node.span, evaluate: callOf({ name, invoke, slots: values, withRun: true }), stable: false };
    }
    if (!("thunk" in implementation)) throw new Error(`${node.name} must be implemented as an expression`);
    const thunk = this.#guarded(call, () => implementation.thunk(call));
    if (!thunk) return undefined;
    const evaluate = named(name, (event, run) => checkMade(thunk(event, run)));
    const isStable = definition.stable === true && values.flat().every((value) => value?.stable ?? true);
    const made = { span: node.span, evaluate: isStable ? oncePerVersion(evaluate) : evaluate, stable: isStable };
    return { ...made, ...(definition.givesText?.(call) && { isText: true }) };
  }

  /** A composite value: constant if its members are, computed once per version if they are stable. */
  #composed(span: Span, members: readonly Argument[], evaluate: Thunk): Argument {
    if (members.every((member) => member.constant !== undefined)) {
      try {
        return constant(span, evaluate(undefined as never, undefined as never));
      } catch (error) {
        // A value that cannot be computed fails for each event that needs it, as in the reference.
        if (!isRuleFailure(error)) throw error;
        this.#services.warn(span, `every event that comes here fails: ${error.message}`);
        return { span, evaluate, stable: false };
      }
    }
    const stable = members.every((member) => member.stable);
    return { span, evaluate: stable ? oncePerVersion(evaluate) : evaluate, stable };
  }

  #prepare(node: CallNode, definition: Available) {
    const { report } = this.#context;
    const before = this.#errors;
    const parameters = parseParameters(definition.parameters);
    const bound = bind(node, parameters, report);
    // Operations are compiled by `call.step`, after the call itself is valid.
    const compile = (given: BoundArgument): Argument => {
      if (given.type === "op") return operationArgument(given.expression);
      const argument = this.argument(given.expression);
      this.#check(given, argument, bound, report);
      return argument;
    };
    const named = new Map<string, Argument>();
    for (const [name, given] of bound.named) named.set(name, compile(given));
    const rest = bound.rest.map(compile);
    const implementation = this.#implementation(node.name, definition);
    // Problems that follow from the arguments' own errors are not reported.
    if (this.#errors > before) {
      // Problems of the operations inside are reported too.
      for (const { type, expression } of [...bound.named.values(), ...bound.rest]) {
        if (type === "op") this.step(expression);
      }
      return undefined;
    }
    const defaults = defaultsOf([...parameters.positional, ...parameters.keywords], node.nameSpan);
    if (definition.noneIsDefault) {
      for (const [name, argument] of named) named.set(name, withDefault(argument, defaults.get(name)));
    }
    const call = new CompiledCall(node, named, defaults, rest, this.#services);
    definition.hint?.(call);
    const slotOf = ({ names: [name], default: fallback }: Parameter): Argument | undefined =>
      named.has(name) || fallback ? call.argument(name) : undefined;
    const values = [
      ...parameters.positional.map(slotOf),
      ...(parameters.rest ? [call.rest] : []),
      ...parameters.keywords.map(slotOf),
    ];
    return { implementation, call, values };
  }

  #check(bound: BoundArgument, argument: Argument, all: Bound, report: (problem: Problem) => void): void {
    if (bound.type === "any" || !argument.constant) return;
    const { value } = argument.constant;
    if (bound.type === "cond") {
      if (typeof value === "string" && value !== "") {
        this.#services.warn(argument.span, "a text is always true; write e_search(...) around a query");
      }
      return;
    }
    if (bound.type === "output" && typeof value === "string") this.outputs.add(value);
    if (bound.type === "jmes" && value !== "" && value !== null) this.parts.add("jmes");
    checkConstant({
      type: bound.type,
      parameter: bound.parameter,
      value,
      span: argument.span,
      text: this.#text,
      extend: bound.type === "grok" ? this.#extension(all) : undefined,
      outputs: this.#context.outputs,
      regexEngine: this.#context.regexEngine,
      regex: (pattern) => this.#regex(pattern),
      query: (text) => this.#query(text),
      part: (name) => this.#part(name),
      report,
    });
  }

  /** The additional patterns of a grok call, if they are known. */
  #extension({ named }: Bound): { readonly value: Value } | undefined {
    const given = named.get("extend");
    return given ? this.argument(given.expression).constant : { value: null };
  }

  #implementation(name: string, definition: Available): Implementation {
    if (!("part" in definition)) return definition;
    const { implementations } = this.#part<{ implementations: Implementations }>(definition.part);
    if (Object.hasOwn(implementations, name)) return implementations[name];
    throw new Error(`${name} must be implemented in the part ${definition.part}`);
  }

  #regex(pattern: string): Regex {
    return this.#regexes.get(pattern, () => {
      const made = compileRegex(pattern, this.#context.regexEngine, this.#origin);
      return { made, size: made.size, forget: () => made.forget() };
    });
  }

  #query(text: string): (event: Event) => boolean {
    return this.#queries.get(text, () => {
      const regexes: Regex[] = [];
      const made = compileQuery(text, (pattern) => {
        const regex = this.#regex(pattern);
        regexes.push(regex);
        return regex;
      });
      const size = regexes.reduce((sum, regex) => sum + regex.size, text.length);
      return { made, size, forget: () => regexes.forEach((regex) => regex.forget()) };
    });
  }

  #part<T>(name: PartName): T {
    this.parts.add(name);
    return this.#context.parts.load(name) as T;
  }

  /** What an implementation refuses at compile time is a problem of the text: of an argument, otherwise of the call. */
  #guarded<T>(call: CompiledCall, compile: () => T): T | undefined {
    try {
      const blamed = (parameter: string) => (parameter === "" ? { span: call.nameSpan } : call.argument(parameter));
      return blaming(this.#text, blamed, compile);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#context.report(error.problem);
      return undefined;
    }
  }

  #report(code: Problem["code"], span: Span, message: string): void {
    this.#context.report(problem(code, span, message));
  }
}

function noArguments(name: string, span: Span): CallNode {
  return { kind: "call", span, name, nameSpan: span, positional: [], keywords: [] };
}

function isPresent(argument: Argument | undefined): argument is Argument {
  return argument !== undefined;
}
