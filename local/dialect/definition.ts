import type { Args } from "./args";
import type { Row } from "./row";
import type { Value } from "./values";

/** A function of the language: one that gives a value, or one that takes a row and gives those that run on. */
export type Definition = { readonly parameters: Parameters } & (
  | { readonly kind: "expression"; evaluate(args: Args): Value }
  | { readonly kind: "operation"; run(row: Row, args: Args): Row[] }
);

export type Definitions = Readonly<Record<string, Definition>>;

interface Parameters {
  /** Names in the order in which they are taken; those with `isOptional` may be left out. */
  readonly named: readonly { readonly name: string; readonly isOptional: boolean }[];
  /** How many of them come before the ones of any number; all of them where there are none of those. */
  readonly positional: number;
  readonly isVariadic: boolean;
}

/** @param parameters such as `data sub start? end?`; `*` takes any number, and what follows it is given by name */
export function expression(parameters: string, evaluate: (args: Args) => Value): Definition {
  return { kind: "expression", parameters: read(parameters), evaluate };
}

/** Likewise. An operation may change the row that it gets. */
export function operation(parameters: string, run: (row: Row, args: Args) => Row[]): Definition {
  return { kind: "operation", parameters: read(parameters), run };
}

/** An operation that changes the row, and nothing else. */
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
