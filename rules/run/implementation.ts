import type { Event } from "./event";
import type { Span } from "../check/problem";
import type { Regex } from "../regex/regex";
import type { Value } from "./values";

/** What processing of an event can use in addition to the event. */
export interface Run {
  /** Writes a copy of the event to an output of the pipeline; `null` is the default output. */
  emit(event: Event, output: string | null): void;
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** Read by `res_local`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Incremented when a resource is reloaded, so that everything derived from it is derived again. */
  readonly version: number;
}

/** A compiled expression of the rule text. */
export type Thunk = (event: Event, run: Run) => Value;

/** Result of a step on an event: the event, nothing (dropped, or sent to an output), or several events. */
export type Outcome = Event | null | readonly Event[];

/** A compiled operation of the rule text. */
export type Step = (event: Event, run: Run) => Outcome;

/** A value derived from an event or from the rule text: computed once if possible. */
export type Derived<T> = (event: Event, run: Run) => T;

/** An argument of a call, for implementations. */
export interface Argument {
  readonly span: Span;
  readonly evaluate: Thunk;
  /** The value, if it is the same for all events. */
  readonly constant?: { readonly value: Value };
  /** Whether it is independent of events: a constant, or computed only from resources. */
  readonly stable: boolean;
  /** Whether it is always a string or None. */
  readonly isText?: boolean;
  /** Whether the text omits it, so that this is the default. */
  readonly isDefault?: true;
}

/** A call in the rule text, with its arguments assigned to the parameters of its function. */
export interface BoundCall {
  readonly name: string;
  readonly span: Span;
  /** The argument of a parameter: from the text, or the default. */
  argument(parameter: string): Argument;
  /** The default of a parameter. */
  default(parameter: string): Value;
  /** The arguments of the variadic parameter; pairs are flattened. */
  readonly rest: readonly Argument[];
  /** The argument as an operation, for parameters of the kind `op`. */
  step(argument: Argument): Step;
  /**
   * The result of `make` for the argument's value: once for constants, once per version for resources, otherwise for
   * each event.
   */
  derive<T>(argument: Argument, make: (value: Value) => T): Derived<T>;
  /** The constant value of an argument. Fails if it is not constant. */
  constant(parameter: string): Value;
  /** A compiled pattern; cached, for patterns from events. */
  regex(pattern: string): Regex;
  /** A compiled query of `e_search`; also cached. */
  query(text: string): (event: Event) => boolean;
  /** A library group that is in the zip only if a rule needs it. */
  part<T>(name: PartName): T;
  /** Registers a resource to load before the first event, and again when it may have changed. */
  resource(resource: Resource): void;
  /** Reports that the text probably does not mean what it says. */
  warn(message: string, span?: Span): void;
}

/** Data outside the rules that they read, such as an object in COS. */
export interface Resource {
  /** Resolves to whether anything changed. Rejects if there is no usable data. */
  refresh(run: Run): Promise<boolean>;
}

/** Library groups that are separate files in the zip, `rules-<name>.js`. */
export type PartName = "grok" | "jmes" | "ua" | "xml" | "protobuf" | "hashids" | "html" | "geo" | "cos" | "cls";

/** How a function of the language is implemented. */
export type Implementation =
  /**
   * From the values of its arguments only, one for each parameter in order, with defaults; a variadic parameter gets an
   * array.
   */
  | { readonly pure: (...values: never[]) => Value }
  /** The same with the run as the first argument: the result can vary. */
  | { readonly impure: (run: Run, ...values: never[]) => Value }
  /** Reads the event, or evaluates its arguments when needed. */
  | { readonly thunk: (call: BoundCall) => Thunk }
  /** An operation on the event. */
  | { readonly step: (call: BoundCall) => Step };

export type Implementations = Readonly<Record<string, Implementation>>;
