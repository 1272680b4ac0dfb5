import type { Event } from "./event";
import type { Span } from "../check/problem";
import type { Regex } from "../regex/regex";
import type { Value } from "./values";

/** What an event's way through the rules may use beside the event. */
export interface Run {
  /** Writes a copy of the event to an output of the pipeline; `null` is the default one. */
  emit(event: Event, output: string | null): void;
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** What `res_local` reads. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Counts up whenever a resource was loaded anew: what was derived from it is derived again. */
  readonly version: number;
}

/** An expression of the rule text, compiled. */
export type Thunk = (event: Event, run: Run) => Value;

/** What a step leaves of an event: the event, nothing (dropped, or gone to an output), or several. */
export type Outcome = Event | null | readonly Event[];

/** An operation of the rule text, compiled. */
export type Step = (event: Event, run: Run) => Outcome;

/** Something that belongs to an event or to the rule text: derived once where it can be. */
export type Derived<T> = (event: Event, run: Run) => T;

/** An argument of a call, as an implementation sees it. */
export interface Argument {
  readonly span: Span;
  readonly evaluate: Thunk;
  /** The value, where it is the same for all events. */
  readonly constant?: { readonly value: Value };
  /** Whether it depends on no event: a constant, or something made of resources alone. */
  readonly stable: boolean;
  /** Whether it is a text on each event, or None. */
  readonly isText?: boolean;
  /** Whether the text leaves it out, so that the default stands for it. */
  readonly isDefault?: true;
}

/** One call in the rule text, its arguments bound to the parameters of its function. */
export interface BoundCall {
  readonly name: string;
  readonly span: Span;
  /** The argument of a parameter: what the text gives, else the default. */
  argument(parameter: string): Argument;
  /** What stands for a parameter where it is left out. */
  default(parameter: string): Value;
  /** The arguments of the variadic parameter, pairs one after the other. */
  readonly rest: readonly Argument[];
  /** The argument as an operation, for parameters of the kind `op`. */
  step(argument: Argument): Step;
  /** What `make` makes of the argument's value: once for constants, once a version for resources, else for each event. */
  derive<T>(argument: Argument, make: (value: Value) => T): Derived<T>;
  /** The constant value of an argument. Fails where it is no constant. */
  constant(parameter: string): Value;
  /** A compiled pattern; kept, for patterns that events bring. */
  regex(pattern: string): Regex;
  /** A query of `e_search`, compiled; kept likewise. */
  query(text: string): (event: Event) => boolean;
  /** A library group that is in the zip only where a rule needs it. */
  part<T>(name: PartName): T;
  /** Has a resource loaded before the first event, and again where it may have changed. */
  resource(resource: Resource): void;
  /** Tells that the text hardly means what it says. */
  warn(message: string, span?: Span): void;
}

/** Something outside of the rules that they read, such as an object in COS. */
export interface Resource {
  /** Resolves to whether anything changed. Rejects where there is nothing to go on with. */
  refresh(run: Run): Promise<boolean>;
}

/** Library groups that stand in the zip as files of their own, `rules-<name>.js`. */
export type PartName = "grok" | "jmes" | "ua" | "xml" | "protobuf" | "hashids" | "html" | "geo" | "cos" | "cls";

/** How a function of the language does what it does. */
export type Implementation =
  /**
   * Of its arguments' values alone, one for each parameter in their order, defaults where the text gives none; a variadic
   * one gets an array.
   */
  | { readonly pure: (...values: never[]) => Value }
  /** Likewise, with the run before them: not the same each time. */
  | { readonly impure: (run: Run, ...values: never[]) => Value }
  /** Reads the event, or evaluates its arguments when it wants. */
  | { readonly thunk: (call: BoundCall) => Thunk }
  /** An operation on the event. */
  | { readonly step: (call: BoundCall) => Step };

export type Implementations = Readonly<Record<string, Implementation>>;
