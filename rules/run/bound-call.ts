import type { Event } from "./event";
import type { Argument, BoundCall, Derived, PartName, Resource, Step } from "./implementation";
import type { Span } from "../check/problem";
import type { Regex } from "../regex/regex";
import type { CallNode, Expression } from "../language/syntax-tree";
import type { OperationArgument } from "./argument";
import { fail, type Value } from "./values";

/** What calls need from the compiler. */
export interface CallServices {
  step(node: Expression): Step;
  regex(pattern: string): Regex;
  query(text: string): (event: Event) => boolean;
  part(name: PartName): unknown;
  resource(resource: Resource): void;
  warn(span: Span, message: string): void;
  /** Creates something from a constant argument; failures are reported as problems at its position. */
  blaming<T>(argument: Argument, make: () => T): T;
}

/** A call whose arguments are compiled and assigned to parameters. */
export class CompiledCall implements BoundCall {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly rest: readonly Argument[];
  readonly #named: ReadonlyMap<string, Argument>;
  readonly #defaults: ReadonlyMap<string, Argument>;
  readonly #services: CallServices;

  constructor(
    { name, span, nameSpan }: CallNode,
    named: ReadonlyMap<string, Argument>,
    defaults: ReadonlyMap<string, Argument>,
    rest: readonly Argument[],
    services: CallServices,
  ) {
    this.name = name;
    this.span = span;
    this.nameSpan = nameSpan;
    this.rest = rest;
    this.#named = named;
    this.#defaults = defaults;
    this.#services = services;
  }

  argument(parameter: string): Argument {
    const found = this.#named.get(parameter) ?? this.#defaults.get(parameter);
    if (!found) throw new Error(`${this.name} must ask for a parameter that has an argument, got ${parameter}`);
    return found;
  }

  default(parameter: string): Value {
    return this.#defaults.get(parameter)?.constant?.value ?? null;
  }

  step(argument: Argument): Step {
    return this.#services.step((argument as OperationArgument).node);
  }

  derive<T>(argument: Argument, make: (value: Value) => T): Derived<T> {
    const { constant, evaluate, stable } = argument;
    if (constant) {
      const made = this.#services.blaming(argument, () => make(constant.value));
      return () => made;
    }
    if (stable) return oncePerVersion((event, run) => make(evaluate(event, run)));
    return (event, run) => make(evaluate(event, run));
  }

  constant(parameter: string): Value {
    const { constant } = this.argument(parameter);
    if (!constant) return fail(`${this.name} must get a constant ${parameter}`, parameter);
    return constant.value;
  }

  regex(pattern: string): Regex {
    return this.#services.regex(pattern);
  }

  query(text: string): (event: Event) => boolean {
    return this.#services.query(text);
  }

  part<T>(name: PartName): T {
    return this.#services.part(name) as T;
  }

  resource(resource: Resource): void {
    this.#services.resource(resource);
  }

  warn(message: string, span: Span = this.span): void {
    this.#services.warn(span, message);
  }
}

/** Computed again only if a resource has changed. */
export function oncePerVersion<T>(make: Derived<T>): Derived<T> {
  let version = -1;
  let made: T;
  return (event, run) => {
    if (run.version !== version) {
      made = make(event, run);
      version = run.version;
    }
    return made;
  };
}
