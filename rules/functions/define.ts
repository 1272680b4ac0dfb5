import type { BoundCall, Implementation, PartName } from "../run/implementation";

/** What is said of a function that can be had. */
interface Described {
  /**
   * The parameters, `name[:type][=default]` each:
   *
   * - `field, regex:regex, full=True`: two required ones and one that may be left out. A default is an expression of the
   *   rule language, and the implementation gets its value; `end=` may be left out, and nothing stands for it.
   * - `value|x`: the parameter has two names; the first is the one that implementations and messages use.
   * - `*values`: any number of arguments, at least one; `*values?`: none is fine too; `*(cond:cond, op:op)`: pairs. What
   *   follows can be given by keyword only.
   * - Types: `op` an operation, `cond` a condition; `regex`, `query`, `jmes`, `grok`, `output`, a closed set of
   *   `constant-types.ts` such as `zone`, or a range of ints such as `0..9`: values that are checked where they are
   *   constant; without one any value. A `?` behind the type makes a warning of what is wrong, since some events may do
   *   well with it.
   */
  readonly parameters: string;
  /**
   * What the function does. The first sentence goes to docs/rules-functions.md, behind the call. Deployed functions do not
   * carry it: `scripts/without-docs.mjs`.
   */
  readonly doc: string;
  /** What is warned of in a call that is sound, such as that it is never true. */
  readonly hint?: (call: BoundCall) => void;
  /** Whether a call gives a text or None on each event. */
  readonly givesText?: (call: BoundCall) => boolean;
  /** Whether None, given for a parameter, stands for its default. */
  readonly noneIsDefault?: true;
  /** Whether it gives the same for all events where its arguments do, until a resource changes. */
  readonly stable?: true;
}

/** A function whose implementation stands in the part: it needs a library. It gives a value. */
interface InPart extends Described {
  readonly part: PartName;
}

/** A function of the reference that cannot be had here. */
interface Refused {
  readonly parameters: string;
  readonly kind: "operation" | "expression";
  readonly refused: { readonly reason: string; readonly remedy: string };
}

/** All that is said of a function of the rule language, its name aside. */
export type Definition = (Described & Implementation) | InPart | Refused;

/** Functions by their names. */
export type Definitions = Readonly<Record<string, Definition>>;

/** Functions that belong together, as the reference groups them. */
export interface Group<Functions extends Definitions = Definitions> {
  readonly title: string;
  readonly functions: Functions;
}

/** Defines the functions of a group, or some of them. */
export function group<Functions extends Definitions>(title: string, functions: Functions): Group<Functions> {
  return { title, functions };
}

/** Whether a function takes and leaves events, or gives a value. */
export function kindOf(definition: Definition): "operation" | "expression" {
  if ("kind" in definition) return definition.kind;
  return "step" in definition ? "operation" : "expression";
}
