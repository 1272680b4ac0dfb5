import { blaming, isRuleFailure } from "../check/blame";
import { bind, type Bound, type BoundArgument } from "../check/binding";
import { BoundCall, oncePerVersion, operationArgument, type CallServices } from "./bound-call";
import { checkConstant } from "../check/constant-checks";
import { CONSTANTS, OPERATIONS } from "../check/constants";
import type { Event } from "./event";
import { IMPLEMENTATIONS } from "../functions";
import type { Argument, Implementation, Implementations, PartName, Resource, Step, Thunk } from "./implementation";
import { callOf, lookUp } from "./invocation";
import { parseParameters } from "../check/parameters";
import type { Parts } from "./parts";
import { ProblemError, problem, type Problem, type Span } from "../check/problem";
import { compileQuery } from "../query";
import { compileRegex } from "../regex/compile";
import type { Regex, RegexEngine } from "../regex/regex";
import { SIGNATURES } from "../signatures";
import type { Signature } from "../signatures/signature";
import { suggestion } from "../check/similar";
import type { Call as CallNode, Expression } from "../language/syntax-tree";
import type { Value } from "./values";

/** What compiling needs to know beside the text. */
export interface CompileContext {
  readonly parts: Parts;
  readonly regexEngine: RegexEngine;
  /** Names of the pipeline's outputs; `undefined` where any name will do. */
  readonly outputs?: readonly string[];
  report(problem: Problem): void;
}

/** An operation that is not there, since its text has problems. */
const NO_STEP: Step = (event) => event;
const NO_VALUE: Thunk = () => null;

/** Patterns that events bring: how many are kept compiled. */
const MAX_DYNAMIC_PATTERNS = 1000;

/** Turns the tree of a rule text into closures, reporting everything that is wrong on the way. */
export class Compiler {
  /** Library groups that the text needs. */
  readonly parts = new Set<PartName>();
  /** Outputs that the text names. */
  readonly outputs = new Set<string>();
  readonly resources: Resource[] = [];
  readonly #context: CompileContext;
  /** How many errors were told. */
  #errors = 0;
  readonly #text: string;
  readonly #regexes = new Map<string, Regex>();
  readonly #queries = new Map<string, (event: Event) => boolean>();
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

  /** An expression where an operation must stand. */
  step(node: Expression): Step {
    const operation = node.kind === "name" ? OPERATIONS.get(node.name) : undefined;
    if (operation !== undefined) return this.step({ ...noArguments(operation, node.span) });
    if (node.kind === "literal" && node.value === null) return NO_STEP;
    if (node.kind !== "call") {
      this.#report("RULES_POSITION", node.span, "an operation must stand here, such as e_set(...), DROP or KEEP");
      return NO_STEP;
    }
    const signature = this.#signature(node, "operation");
    return (signature && this.#compileStep(node, signature)) ?? NO_STEP;
  }

  /** An expression where a value must stand. */
  argument(node: Expression): Argument {
    switch (node.kind) {
      case "literal":
        return constant(node.span, node.value);
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
    } else if (Object.hasOwn(SIGNATURES, name)) {
      this.#report("RULES_UNKNOWN_NAME", span, `${name} is a function and must be called; write ${name}(...)`);
    } else {
      // A bare name is a text without its quotes more often than a mistyped word.
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
    const signature = this.#signature(node, "expression");
    const compiled = signature && this.#compileThunk(node, signature);
    return compiled ?? { span: node.span, evaluate: NO_VALUE, stable: false };
  }

  /** The function that a call names, if it may stand where it stands. */
  #signature({ name, nameSpan }: CallNode, kind: Signature["kind"]): Signature | undefined {
    if (!Object.hasOwn(SIGNATURES, name)) {
      const hint = suggestion(name, Object.keys(SIGNATURES)) || "; see docs/rules-functions.md";
      this.#report("RULES_UNKNOWN_NAME", nameSpan, `${name} is no function of the rule language${hint}`);
      return undefined;
    }
    const signature: Signature = SIGNATURES[name as keyof typeof SIGNATURES];
    if (signature.refused !== undefined) {
      this.#report("RULES_UNSUPPORTED", nameSpan, `${name} cannot run here: ${signature.refused}`);
      return undefined;
    }
    if (signature.kind !== kind) {
      const message =
        kind === "operation"
          ? `${name} gives a value, and an operation must stand here; use it as an argument, as in e_set("field", ${name}(...))`
          : `${name} is an operation, and a value must stand here; make it a statement, or an argument of e_if`;
      this.#report("RULES_POSITION", nameSpan, message);
      return undefined;
    }
    return signature;
  }

  #compileStep(node: CallNode, signature: Signature): Step | undefined {
    const prepared = this.#prepare(node, signature);
    if (!prepared) return undefined;
    const { implementation, call } = prepared;
    if (!("step" in implementation)) throw new Error(`${node.name} must be implemented as an operation`);
    return this.#guarded(call, () => implementation.step(call));
  }

  #compileThunk(node: CallNode, signature: Signature): Argument | undefined {
    const prepared = this.#prepare(node, signature);
    if (!prepared) return undefined;
    const { implementation, call, values } = prepared;
    if ("pure" in implementation) {
      const invoke = callOf(implementation.pure as (...values: unknown[]) => Value, values);
      return this.#composed(node.span, values.flat().filter(isPresent), invoke);
    }
    if ("impure" in implementation) {
      const invoke = callOf(implementation.impure as (...values: unknown[]) => Value, values, true);
      return { span: node.span, evaluate: invoke, stable: false };
    }
    if (!("thunk" in implementation)) throw new Error(`${node.name} must be implemented as an expression`);
    const evaluate = this.#guarded(call, () => implementation.thunk(call));
    const isStable = STABLE_THUNKS.has(node.name) && values.flat().every((value) => value?.stable ?? true);
    return evaluate && { span: node.span, evaluate: isStable ? oncePerVersion(evaluate) : evaluate, stable: isStable };
  }

  /** A value made of others: folded where they are constants, made once a version where they are stable. */
  #composed(span: Span, parts: readonly Argument[], evaluate: Thunk): Argument {
    if (parts.every((part) => part.constant !== undefined)) {
      try {
        return constant(span, evaluate(undefined as never, undefined as never));
      } catch (error) {
        // A value that cannot be made is the failure of each event that asks for it, as in the reference.
        if (!isRuleFailure(error)) throw error;
        this.#services.warn(span, `every event that comes here fails: ${error.message}`);
        return { span, evaluate, stable: false };
      }
    }
    const stable = parts.every((part) => part.stable);
    return { span, evaluate: stable ? oncePerVersion(evaluate) : evaluate, stable };
  }

  #prepare(node: CallNode, signature: Signature) {
    const { report } = this.#context;
    const before = this.#errors;
    const parameters = parseParameters(signature.parameters);
    const bound = bind(node, parameters, report);
    // Operations are compiled by `call.step`, once the call itself is sound.
    const compile = (given: BoundArgument): Argument => {
      if (given.type === "op") return operationArgument(given.expression);
      const argument = this.argument(given.expression);
      this.#check(given, argument, bound, report);
      return argument;
    };
    const named = new Map<string, Argument>();
    for (const [name, given] of bound.named) named.set(name, compile(given));
    const rest = bound.rest.map(compile);
    const implementation = this.#implementation(node.name, signature.part);
    // What the arguments' own errors bring with them would not be worth telling.
    if (this.#errors > before) {
      // The problems of the operations inside are told as well.
      for (const { type, expression } of [...bound.named.values(), ...bound.rest]) {
        if (type === "op") this.step(expression);
      }
      return undefined;
    }
    const call = new BoundCall(node, named, rest, this.#services);
    const values = [
      ...parameters.positional.map(({ names }) => call.argument(names[0])),
      ...(parameters.rest ? [call.rest] : []),
      ...parameters.keywords.map(({ names }) => call.argument(names[0])),
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

  /** The further patterns of a grok call, where they are known. */
  #extension({ named }: Bound): { readonly value: Value } | undefined {
    const given = named.get("extend");
    return given ? this.argument(given.expression).constant : { value: null };
  }

  #implementation(name: string, part: PartName | undefined): Implementation {
    const table = part ? this.#part<{ implementations: Implementations }>(part).implementations : IMPLEMENTATIONS;
    const implementation = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!implementation) throw new Error(`${name} must be implemented${part ? ` in the part ${part}` : ""}`);
    return implementation;
  }

  #regex(pattern: string): Regex {
    return lookUp(this.#regexes, pattern, MAX_DYNAMIC_PATTERNS, () => compileRegex(pattern, this.#context.regexEngine));
  }

  #query(text: string): (event: Event) => boolean {
    return lookUp(this.#queries, text, MAX_DYNAMIC_PATTERNS, () =>
      compileQuery(text, (pattern) => this.#regex(pattern)),
    );
  }

  #part<T>(name: PartName): T {
    this.parts.add(name);
    return this.#context.parts.load(name) as T;
  }

  /** What an implementation refuses while it is compiled is a problem of the text: of an argument, else of the call. */
  #guarded<T>(call: BoundCall, compile: () => T): T | undefined {
    try {
      const blamed = (parameter: string) => call.argument(parameter) ?? { span: call.nameSpan };
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

/** Thunks that give the same for all events where their arguments do, until a resource changes. */
const STABLE_THUNKS = new Set(["res_local", "res_oss_file"]);

function noArguments(name: string, span: Span): CallNode {
  return { kind: "call", span, name, nameSpan: span, positional: [], keywords: [] };
}

function constant(span: Span, value: Value): Argument {
  return { span, evaluate: () => value, constant: { value }, stable: true };
}

function isPresent(argument: Argument | undefined): argument is Argument {
  return argument !== undefined;
}
