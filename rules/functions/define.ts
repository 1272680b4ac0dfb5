import type { BoundCall, Implementation, PartName } from "../run/implementation";

/** Description of a supported function. */
interface Described {
  /**
   * The parameters, each as `name[:type][=default]`:
   *
   * - `field, regex:regex, full=True`: two required ones and an optional one. A default is an expression of the rule
   *   language, and the implementation gets its value; `end=` is optional without a default.
   * - `value|x`: the parameter has two names; implementations and messages use the first.
   * - `*values`: any number of arguments, at least one; `*values?`: also none; `*(cond:cond, op:op)`: pairs. Parameters
   *   after it are keyword-only.
   * - Types: `op` an operation, `cond` a condition; `regex`, `query`, `jmes`, `grok`, `output`, a closed set of
   *   `constant-types.ts` such as `zone`, or a range of ints such as `0..9`: constant values are checked. Without a
   *   type, any value. A `?` after the type makes an invalid value a warning, because it can be useful for some events.
   */
  readonly parameters: string;
  /**
   * What the function does. The first sentence is shown in docs/rules-functions.md after the call. It is removed from
   * deployed functions: `scripts/without-docs.mjs`.
   */
  readonly doc: string;
  /** Warns about a valid call that is probably wrong, for example because it is never true. */
  readonly hint?: (call: BoundCall) => void;
  /** Whether a call always returns a string or None. */
  readonly givesText?: (call: BoundCall) => boolean;
  /** Whether passing None for a parameter means its default. */
  readonly noneIsDefault?: true;
  /** Whether the result is the same for all events if the arguments are, until a resource changes. */
  readonly stable?: true;
}

/** A function that is implemented in the part, because it needs a library. It returns a value. */
interface InPart extends Described {
  readonly part: PartName;
}

/** A function of the reference that is not supported here. */
interface Refused {
  readonly parameters: string;
  readonly kind: "operation" | "expression";
  readonly refused: { readonly reason: string; readonly remedy: string };
}

/** The definition of a function of the rule language, without its name. */
export type Definition = (Described & Implementation) | InPart | Refused;

/** Functions by their names. */
export type Definitions = Readonly<Record<string, Definition>>;

/** A group of functions, as in the reference. */
export interface Group<Functions extends Definitions = Definitions> {
  readonly title: string;
  readonly functions: Functions;
}

/** Defines all or some functions of a group. */
export function group<Functions extends Definitions>(title: string, functions: Functions): Group<Functions> {
  return { title, functions };
}

/** Whether a function processes events or returns a value. */
export function kindOf(definition: Definition): "operation" | "expression" {
  if ("kind" in definition) return definition.kind;
  return "step" in definition ? "operation" : "expression";
}
