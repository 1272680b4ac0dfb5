import { isMode, type Mode, type Row } from "./row";
import type { Run } from "./run";
import { isTrue, numberOf, RowFailure, textOf, type Value } from "./values";

/** A function of the language: it returns a value, or it takes a row and returns the rows to continue with. */
export type Definition = { readonly parameters: Parameters } & (
  | { readonly kind: "expression"; evaluate(args: Args): Value }
  | { readonly kind: "operation"; run(row: Row, args: Args): Row[] }
);

export type Definitions = Readonly<Record<string, Definition>>;

interface Parameters {
  /** Names in positional order; those with `isOptional` can be omitted. */
  readonly named: readonly { readonly name: string; readonly isOptional: boolean }[];
  /** Number of parameters before the variadic ones; all of them if there are none. */
  readonly positional: number;
  readonly isVariadic: boolean;
}

/** A call whose function and arguments are resolved. */
export interface BoundCall {
  readonly kind: "bound";
  readonly name: string;
  readonly definition: Definition;
  readonly named: ReadonlyMap<string, BoundNode>;
  readonly rest: readonly BoundNode[];
  readonly line: number;
}

export type BoundNode =
  | { readonly kind: "literal"; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: "items"; readonly items: readonly BoundNode[] }
  | BoundCall;

/** @param parameters such as `data sub start? end?`; `*` accepts any number, and the ones after it are keyword-only */
export function expression(parameters: string, evaluate: (args: Args) => Value): Definition {
  return { kind: "expression", parameters: read(parameters), evaluate };
}

/** The same for an operation, which is allowed to change its row. */
export function operation(parameters: string, run: (row: Row, args: Args) => Row[]): Definition {
  return { kind: "operation", parameters: read(parameters), run };
}

/** An operation that only changes the row. */
export function change(parameters: string, apply: (row: Row, args: Args) => void): Definition {
  return operation(parameters, (row, args) => {
    apply(row, args);
    return [row];
  });
}

function read(parameters: string): Parameters {
  const words = parameters.split(" ").filter((word) => word !== "");
  const star = words.indexOf("*");
  const named = words.filter((word) => word !== "*");
  return {
    named: named.map((word) => ({ name: word.replace("?", ""), isOptional: word.endsWith("?") })),
    positional: star === -1 ? named.length : star,
    isVariadic: star !== -1,
  };
}

/** The arguments of a call on a row; each is evaluated on access. */
export class Args {
  constructor(
    private readonly call: BoundCall,
    private readonly row: Row,
    readonly run: Run,
  ) {}

  /** Null if it is not given. */
  value(name: string): Value {
    const node = this.call.named.get(name);
    return node === undefined ? null : this.evaluate(node);
  }

  /** The fallback is also used if the value is null. */
  text(name: string, fallback = ""): string {
    const value = this.value(name);
    return value === null ? fallback : textOf(value);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.call.named.has(name) ? isTrue(this.value(name)) : fallback;
  }

  integer(name: string, fallback: number): number {
    return this.call.named.has(name) ? Number(numberOf(this.value(name), `${this.call.name}: ${name}`)) : fallback;
  }

  mode(fallback: Mode = "overwrite"): Mode {
    const mode = this.text("mode", fallback);
    if (isMode(mode)) return mode;
    throw new RowFailure(`${this.call.name}: mode must be one of CLS's, got ${mode}`);
  }

  /** Names in one text: `f1, f2`. */
  names(name: string): string[] {
    const text = this.text(name);
    return text === "" ? [] : text.split(",").map((one) => one.trim());
  }

  /** The variadic arguments. */
  get rest(): Value[] {
    return this.call.rest.map((node) => this.evaluate(node));
  }

  get restNodes(): readonly BoundNode[] {
    return this.call.rest;
  }

  node(name: string): BoundNode | undefined {
    return this.call.named.get(name);
  }

  evaluate(node: BoundNode): Value {
    if (node.kind === "literal") return node.value;
    if (node.kind === "items") return node.items.map((item) => this.evaluate(item));
    const { definition } = node;
    if (definition.kind === "operation") throw new RowFailure(`${node.name} gives a log, where a value must stand`);
    return definition.evaluate(new Args(node, this.row, this.run));
  }

  /** Runs a call that is an argument on a row. */
  apply(node: BoundNode | undefined, row: Row): Row[] {
    if (node?.kind === "bound" && node.definition.kind === "operation") {
      return node.definition.run(row, new Args(node, row, this.run));
    }
    throw new RowFailure(`${this.call.name} must get a function that gives a log`);
  }

  /** The row itself, for functions that read fields by name. */
  get fields(): Row {
    return this.row;
  }
}
