import { toCompactJson } from "./json-text";
import { parseNumber } from "./numbers";
import { compareValues, isEqual, isNumber, isReference, jmesType, refuse, type JmesType, type Operand } from "./values";
import { countWork } from "./work";
import { joined } from "../run/length";
import { firstIn } from "../python/occurrence";
import { lengthOf, reversed } from "../python/points";
import { isDict, isList, type Dict, type Value } from "../run/values";

/** Types of a parameter; `numbers` and `strings` are arrays of only these. */
type Kind = JmesType | "numbers" | "strings";

export interface JmesFunction {
  readonly parameters: readonly (readonly Kind[])[];
  /** Whether the last parameter can be repeated. */
  readonly isVariadic?: boolean;
  call(...operands: never[]): Value;
}

const ANY: readonly Kind[] = [];
const NUMBER: readonly Kind[] = ["number"];
const STRING: readonly Kind[] = ["string"];
const ARRAY: readonly Kind[] = ["array"];
const OBJECT: readonly Kind[] = ["object"];
const SORTABLE: readonly Kind[] = ["numbers", "strings"];
const EXPRESSION: readonly Kind[] = ["expression"];

type Key = { readonly reference: (value: Value) => Value };
type List = readonly Value[];

/** The functions of JMESPath, with Python's ints and floats. */
export const FUNCTIONS: ReadonlyMap<string, JmesFunction> = new Map<string, JmesFunction>([
  ["abs", { parameters: [NUMBER], call: (value: number | bigint) => (value < 0 ? -value : value) }],
  [
    "avg",
    { parameters: [["numbers"]], call: (list: List) => (list.length === 0 ? null : Number(sum(list)) / list.length) },
  ],
  ["ceil", { parameters: [NUMBER], call: (value: number | bigint) => toInt(value, Math.ceil) }],
  ["contains", { parameters: [["array", "string"], ANY], call: contains }],
  ["ends_with", { parameters: [STRING, STRING], call: (text: string, suffix: string) => text.endsWith(suffix) }],
  ["floor", { parameters: [NUMBER], call: (value: number | bigint) => toInt(value, Math.floor) }],
  [
    "join",
    {
      parameters: [STRING, ["strings"]],
      call: (separator: string, list: List) => joined(list as readonly string[], separator),
    },
  ],
  ["keys", { parameters: [OBJECT], call: (dict: Dict) => [...dict.keys()] }],
  ["length", { parameters: [["string", "array", "object"]], call: length }],
  ["map", { parameters: [EXPRESSION, ARRAY], call: ({ reference }: Key, list: List) => list.map(reference) }],
  ["max", { parameters: [SORTABLE], call: (list: List) => extreme(list, list, 1) }],
  ["max_by", { parameters: [ARRAY, EXPRESSION], call: (list: List, key: Key) => extreme(list, keysOf(list, key), 1) }],
  [
    "merge",
    { parameters: [OBJECT], isVariadic: true, call: (...dicts: Dict[]) => new Map(dicts.flatMap((dict) => [...dict])) },
  ],
  ["min", { parameters: [SORTABLE], call: (list: List) => extreme(list, list, -1) }],
  ["min_by", { parameters: [ARRAY, EXPRESSION], call: (list: List, key: Key) => extreme(list, keysOf(list, key), -1) }],
  [
    "not_null",
    { parameters: [ANY], isVariadic: true, call: (...values: List) => values.find((value) => value !== null) ?? null },
  ],
  ["reverse", { parameters: [["array", "string"]], call: reverse }],
  ["sort", { parameters: [SORTABLE], call: (list: List) => sortedBy(list, list) }],
  ["sort_by", { parameters: [ARRAY, EXPRESSION], call: sortBy }],
  ["starts_with", { parameters: [STRING, STRING], call: (text: string, prefix: string) => text.startsWith(prefix) }],
  ["sum", { parameters: [["numbers"]], call: sum }],
  ["to_array", { parameters: [ANY], call: (value: Value) => (isList(value) ? value : [value]) }],
  ["to_number", { parameters: [ANY], call: toNumber }],
  [
    "to_string",
    { parameters: [ANY], call: (value: Value) => (typeof value === "string" ? value : toCompactJson(value)) },
  ],
  ["type", { parameters: [ANY], call: (value: Value) => jmesType(value) }],
  ["values", { parameters: [OBJECT], call: (dict: Dict) => [...dict.values()] }],
]);

/** Number of characters that take as much time as one list item. */
const CHARACTERS_AN_ITEM = 16;

/** Calls a function; fails if the operands have the wrong types. */
export function callFunction({ parameters, call }: JmesFunction, operands: readonly Operand[]): Value {
  operands.forEach((operand, at) => {
    const kinds = parameters[Math.min(at, parameters.length - 1)];
    if (kinds.length === 0 ? isReference(operand) : !kinds.some((kind) => isOfKind(operand, kind))) refuse();
  });
  countWork(operands.reduce<number>((sum, operand) => sum + sizeOf(operand), 0));
  return (call as (...all: readonly Operand[]) => Value)(...operands);
}

/** Number of items that a function visits at least once. */
function sizeOf(operand: Operand): number {
  if (typeof operand === "string") return operand.length / CHARACTERS_AN_ITEM;
  if (isReference(operand)) return 0;
  return isList(operand) ? operand.length : isDict(operand) ? operand.size : 0;
}

function isOfKind(operand: Operand, kind: Kind): boolean {
  if (kind !== "numbers" && kind !== "strings") return jmesType(operand) === kind;
  const item = kind === "numbers" ? "number" : "string";
  return !isReference(operand) && isList(operand) && operand.every((value) => jmesType(value) === item);
}

function sum(list: List): number | bigint {
  const numbers = list as readonly (number | bigint)[];
  if (numbers.every((value) => typeof value === "bigint")) return numbers.reduce((total, value) => total + value, 0n);
  return numbers.reduce<number>((total, value) => total + Number(value), 0);
}

function toInt(value: number | bigint, round: (value: number) => number): bigint {
  if (typeof value === "bigint") return value;
  return Number.isFinite(value) ? BigInt(round(value)) : refuse();
}

function contains(subject: string | List, searched: Value): boolean {
  if (typeof subject !== "string") return subject.some((item) => isEqual(item, searched));
  return typeof searched === "string" ? firstIn(subject, searched) !== -1 : refuse();
}

function length(value: string | List | Dict): bigint {
  if (isDict(value)) return BigInt(value.size);
  return BigInt(typeof value === "string" ? lengthOf(value) : value.length);
}

function reverse(value: string | List): Value {
  return typeof value === "string" ? reversed(value) : [...value].reverse();
}

function toNumber(value: Value): Value {
  if (isNumber(value)) return value;
  return typeof value === "string" ? parseNumber(value) : null;
}

/** The keys of elements: numbers or strings. */
function keysOf(list: List, { reference }: Key): List {
  return list.map((item) => {
    const key = reference(item);
    return isNumber(key) || typeof key === "string" ? key : refuse();
  });
}

/** The first element with the greatest key in the given direction. */
function extreme(list: List, keys: List, direction: 1 | -1): Value {
  let best = 0;
  for (let at = 1; at < list.length; at++) if (compareValues(keys[at], keys[best]) * direction > 0) best = at;
  return list[best] ?? null;
}

function sortBy(list: List, key: Key): Value {
  return sortedBy(list, keysOf(list, key));
}

function sortedBy(list: List, keys: List): Value {
  countWork(list.length * Math.ceil(Math.log2(list.length + 1)));
  const keyed = keys.map((by, at) => ({ by, item: list[at] }));
  return keyed.sort((a, b) => compareValues(a.by, b.by)).map(({ item }) => item);
}
