import type { PartName } from "../run/implementation";

/** Whether a function takes and leaves events, or gives a value. */
export type Kind = "operation" | "expression";

/** What a function of the language takes. */
export interface Signature {
  readonly kind: Kind;
  /**
   * The parameters, `name[:type][=default]` each:
   *
   * - `field, regex:regex, full=True`: two required ones and one that may be left out; `end=`: nothing stands for what is left out;
   * - `x|value`: the parameter has two names;
   * - `*values`: any number of arguments, at least one; `*values?` none is fine too; `*(cond:cond, op:op)`: pairs; what
   *   follows can be given by keyword only;
   * - types: `op` an operation, `cond` a condition; `regex`, `query`, `jmes`, `grok`, `output`, a closed set of
   *   `constant-types.ts` such as `zone`, or a range of ints such as `0..9`: values that are checked where they are
   *   constant; without one any value. A `?` behind the type makes a warning of what is wrong, since some events may do
   *   well with it.
   */
  readonly parameters: string;
  /** The library group that holds it. */
  readonly part?: PartName;
  /** Why it cannot be had here, and what to do instead. */
  readonly refused?: string;
}

export type Signatures = Readonly<Record<string, Signature>>;

/** What some signatures hold besides. */
type Extra = Pick<Signature, "part" | "refused">;

/** A function that takes an event and leaves none, one or several. */
export function operation(parameters: string, extra?: Extra): Signature & { readonly kind: "operation" } {
  return { kind: "operation", parameters, ...extra };
}

/** A function that gives a value. */
export function expression(parameters: string, extra?: Extra): Signature & { readonly kind: "expression" } {
  return { kind: "expression", parameters, ...extra };
}
