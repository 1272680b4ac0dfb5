import { bind } from "../check/binding";
import { Compiler } from "../run/compiler";
import { OPERATIONS } from "../check/constants";
import { parseParameters, valueOfDefault } from "../check/parameters";
import { parse } from "../language/parser";
import type { Parts } from "../run/parts";
import { ProblemError, problem, type Problem } from "../check/problem";
import { FUNCTIONS } from "../functions";
import type { CallNode, Expression } from "../language/syntax-tree";
import { isTrue, typeName, type Value } from "../run/values";
import { nativeConstant } from "./arguments";
import { EXPRESSIONS } from "./expressions";
import { STEPS } from "./steps";
import { call, quote } from "./text";
import type { NativeCall, NativeValue } from "./types";

/** A rule text in CLS's data processing dialect. */
export interface NativeRules {
  /** One call per line; deterministic. */
  readonly text: string;
  /** What CLS does not support. If there are any, the text is unusable. */
  readonly problems: readonly Problem[];
  /** Where CLS behaves differently, according to its documentation. */
  readonly notes: readonly Problem[];
}

/** Options for translating a rule text to the CLS dialect. */
export interface NativeOptions {
  readonly parts: Parts;
  /** Alias of the destination for events without one; if absent, they are dropped. */
  readonly defaultOutput?: string;
}

/** Compiles a rule text without errors to the CLS dialect, or reports everything that CLS does not support. */
export function compileNative(text: string, { defaultOutput, parts }: NativeOptions): NativeRules {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const translator = new Translator(text, { defaultOutput, parts }, problems, notes);
  const lines = parse(text, () => undefined).flatMap((statement) => translator.steps(statement));
  const last = defaultOutput === undefined ? call("log_drop", "True") : call("log_output", quote(defaultOutput));
  return { text: `${[...lines, last].join("\n")}\n`, problems: inOrder(problems), notes: inOrder(notes) };
}

/** In text order, because some problems are found in reverse. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.span.start - b.span.start);
}

/** Functions whose value is true or false. */
const CONDITIONS =
  /^(?:e_|op_(?:and|or|not|eq|ne|gt|ge|lt|le|in|not_in)$|str_(?:startswith|endswith)$|regex_match$|ip_cidrmatch$)/;

/** The function that reads something outside the event, if an expression calls one. */
function resourceIn(expression: Expression): string | undefined {
  if (expression.kind !== "call") return undefined;
  if (expression.name.startsWith("res_")) return expression.name;
  const inside = [...expression.positional, ...expression.keywords.map(({ value }) => value)];
  return inside.map(resourceIn).find((name) => name !== undefined);
}

class Translator {
  readonly #compiler: Compiler;
  readonly #problems: Problem[];
  readonly #notes: Problem[];
  readonly #defaultOutput: string | undefined;

  constructor(text: string, { defaultOutput, parts }: NativeOptions, problems: Problem[], notes: Problem[]) {
    this.#problems = problems;
    this.#notes = notes;
    this.#defaultOutput = defaultOutput;
    const report = (): void => undefined;
    this.#compiler = new Compiler(text, { parts, regexEngine: "linear", report });
  }

  steps(node: Expression): string[] {
    if (node.kind === "name") return this.#operation(node.name, node);
    if (node.kind !== "call") return [];
    const translate = Object.hasOwn(STEPS, node.name) ? STEPS[node.name] : undefined;
    return this.#guarded([], () => {
      if (!translate) return this.#refuse(`${node.name}`, node);
      return translate(this.#bind(node));
    });
  }

  #operation(name: string, { span }: Expression): string[] {
    const operation = OPERATIONS.get(name);
    if (operation === undefined) return [];
    return this.steps({ kind: "call", span, name: operation, nameSpan: span, positional: [], keywords: [] });
  }

  #value(node: Expression): NativeValue {
    const constant = this.#constant(node);
    if (constant) return nativeConstant(constant.value, (reason) => this.#refuse(reason, node));
    if (node.kind === "and" || node.kind === "or") return { text: this.#condition(node), type: "boolean" };
    if (node.kind !== "call") return this.#refuse("a list or a dict as a value", node);
    const translate = Object.hasOwn(EXPRESSIONS, node.name) ? EXPRESSIONS[node.name] : undefined;
    if (!translate) return this.#refuse(node.name, node);
    return translate(this.#bind(node));
  }

  /** In the rule language, non-empty values are true, including "0" and "false", which are false in CLS. */
  #condition(node: Expression): string {
    if (node.kind === "and" || node.kind === "or") {
      return call(`op_${node.kind}`, ...node.operands.map((operand) => this.#condition(operand)));
    }
    const constant = this.#constant(node);
    if (constant) return isTrue(constant.value) ? "True" : "False";
    const value = this.#value(node);
    if (value.type === "boolean" || value.type === "number") return value.text;
    if (node.kind === "call" && CONDITIONS.test(node.name)) return value.text;
    if (value.type === "any") {
      this.#refuse("a condition whose type only the event tells; compare it, as in op_gt(ct_int(...), 0)", node);
    }
    const isFilled = call("op_not", call("op_str_eq", value.text, quote("")));
    const isOneField = node.kind === "call" && node.name === "v" && node.positional.length === 1;
    const name = isOneField ? this.#constant((node as CallNode).positional[0])?.value : undefined;
    return typeof name === "string" ? call("op_and", call("has_field", quote(name)), isFilled) : isFilled;
  }

  #constant(node: Expression): { readonly value: Value } | undefined {
    if (node.kind === "call" && !FUNCTIONS.has(node.name)) return undefined;
    return this.#compiler.argument(node).constant;
  }

  #bind(node: CallNode): NativeCall {
    const definition = FUNCTIONS.get(node.name)!;
    const noneIsDefault = "noneIsDefault" in definition;
    const parameters = parseParameters(definition.parameters);
    const defaults = new Map(
      [...parameters.positional, ...parameters.keywords].flatMap(({ names: [name], default: fallback }) =>
        fallback ? [[name, { ...fallback.expression, span: node.nameSpan }] as const] : [],
      ),
    );
    const bound = bind(node, parameters, () => undefined);
    const given = (parameter: string): Expression | undefined => bound.named.get(parameter)?.expression;
    const orDefault = (name: string): Expression | undefined => given(name) ?? defaults.get(name);
    const constantOf = (expression: Expression, what: string): Value => {
      const constant = this.#constant(expression);
      if (constant) return constant.value;
      const resource = resourceIn(expression);
      return this.#refuse(`a ${what} that ${resource ?? "the event"} gives`, expression);
    };
    const constant = (parameter: string): Value => {
      const expression = orDefault(parameter);
      const value = expression ? constantOf(expression, parameter) : null;
      const fallback = defaults.get(parameter);
      return value === null && noneIsDefault && fallback ? valueOfDefault(fallback) : value;
    };
    return {
      node,
      bound,
      defaultOutput: this.#defaultOutput,
      given,
      ordered: parameters.positional.map(({ names }) => orDefault(names[0])),
      rest: bound.rest.map(({ expression }) => expression),
      constant,
      constantOf,
      isConstant: (expression) => this.#constant(expression) !== undefined,
      text: (parameter) => {
        const value = constant(parameter);
        if (typeof value === "string") return value;
        return this.#refuse(`${parameter} that is ${typeName(value)}`, given(parameter) ?? node);
      },
      flag: (parameter) => isTrue(constant(parameter)),
      value: (expression) => this.#value(expression),
      condition: (expression) => this.#guarded("False", () => this.#condition(expression)),
      steps: (expression) => this.steps(expression),
      refuse: (reason, at = node) => this.#refuse(reason, at),
      note: (text) => this.#note(node, text),
    };
  }

  #note({ nameSpan }: CallNode, text: string): void {
    const isKnown = this.#notes.some(({ message, span }) => message === text && span.start === nameSpan.start);
    if (!isKnown) this.#notes.push({ ...problem("RULES_UNSUPPORTED", nameSpan, text), severity: "warning" });
  }

  #refuse(reason: string, { span }: Expression): never {
    throw new ProblemError(
      problem("RULES_UNSUPPORTED", span, `CLS has no counterpart of ${reason}; run it in a function`),
    );
  }

  /** Reports one problem for each operation and condition. Problems inside are reported after that one is fixed. */
  #guarded<T>(fallback: T, translate: () => T): T {
    try {
      return translate();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#problems.push(error.problem);
      return fallback;
    }
  }
}
