import type { Expression } from "../syntax-tree";
import { toText } from "../text";
import { isDict, isList, typeName } from "../values";
import type { Value } from "../values";
import { javaLiteral, javaRegex } from "./java-regex";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeValue } from "./types";

export const FLOATS = "CLS writes floats of ten million or more, and those below 0.001, otherwise";
export const UTF16 = "CLS counts characters beyond U+FFFF, such as emoji, as two";
export const BLANKS = "CLS writes JSON without blanks";
export const UNKNOWN_NUMBERS = (name: string): string =>
  `${name} of what is not known to be numbers; wrap them in ct_int or ct_float`;

/** A constant in the CLS dialect. */
export function nativeConstant(value: Value, refuse: (reason: string) => never): NativeValue {
  if (typeof value === "string") return text(quote(value));
  if (typeof value === "boolean") return boolean(bool(value));
  if (typeof value === "bigint" || typeof value === "number") return number(toText(value));
  if (isList(value) || isDict(value)) return refuse("a list or a dict as a value");
  return refuse(`${typeName(value)} as a value`);
}

export function text(code: string): NativeValue {
  return { text: code, type: "text" };
}

export function number(code: string): NativeValue {
  return { text: code, type: "number" };
}

export function boolean(code: string): NativeValue {
  return { text: code, type: "boolean" };
}

/** Fields that CLS itself keeps under other names. */
const META = /^__(?:time|topic|source|pack_meta)__$|^__tag__:/;

/** The constant name of a field. */
export function fieldName(one: NativeCall, name: Expression): string {
  const value = one.constantOf(name, "field name");
  if (typeof value !== "string") return one.refuse(`a field name that is ${typeName(value)}`, name);
  if (META.test(value)) one.refuse(`the field ${value}, which CLS keeps under another name`, name);
  return value;
}

/** A pattern that CLS's Java takes. */
export function java_(one: NativeCall, pattern: Expression): string {
  const value = one.constantOf(pattern, "pattern");
  if (typeof value !== "string") return one.refuse(`a pattern that is ${typeName(value)}`, pattern);
  try {
    return javaRegex(value).pattern;
  } catch (error) {
    return one.refuse((error as Error).message, pattern);
  }
}

export function matches(one: NativeCall, value: string, pattern: Expression, isFull: boolean): string {
  return call("regex_match", value, keyword("regex", quote(java_(one, pattern))), keyword("full", bool(isFull)));
}

export function fieldMatches(one: NativeCall, field: Expression, pattern: Expression, isFull: boolean): string {
  const name = quote(fieldName(one, field));
  return call("op_and", call("has_field", name), matches(one, call("v", name), pattern, isFull));
}

export function pairMatches(one: NativeCall): string[] {
  const isFull = one.flag("full", true);
  const pairs = one.rest.flatMap((field, at) => (at % 2 === 0 ? [[field, one.rest[at + 1]] as const] : []));
  return pairs.map(([field, pattern]) => fieldMatches(one, field, pattern, isFull));
}

export function joined(name: string, conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0] : call(name, ...conditions);
}

/** Functions of two arguments on any number of them, from the left. */
export function folded(name: string, [head, ...tail]: readonly NativeValue[]): string {
  return tail.reduce((sum, { text: item }) => call(name, sum, item), head.text);
}

/** The arguments of a call in the order of its parameters; the checker has seen that the required ones are there. */
export function positional(one: NativeCall): Expression[] {
  return one.ordered as Expression[];
}

export function first(one: NativeCall): Expression {
  return positional(one)[0] ?? one.rest[0];
}

export function texts(values: readonly NativeValue[]): string[] {
  return values.map((value) => value.text);
}

/** A value that a function works on: CLS does not say what functions make of a field that is absent. */
export function readable(one: NativeCall, expression: Expression): Expression {
  if (expression.kind === "call" && expression.name === "v" && expression.keywords.length === 0) {
    one.note("CLS does not say what functions make of an absent field; test e_has before");
  }
  return expression;
}

export function isEmptyOrUnknown(one: NativeCall, expression: Expression): boolean {
  return !one.isConstant(expression) || one.constantOf(expression, "text") === "";
}

/** A value where the function takes its text. */
export function textOf(one: NativeCall, expression: Expression): string {
  const value = one.value(readable(one, expression));
  return value.type === "text" ? value.text : call("ct_str", value.text);
}

export function firstNotNull(one: NativeCall): NativeValue {
  one.note("CLS takes an empty text for None");
  const values = one.rest.map(one.value);
  const type = values.every((value) => value.type === values[0].type) ? values[0].type : "any";
  return { text: call("op_ifnull", ...texts(values)), type };
}

/** Equal values must be of one type in the rule language; CLS compares numbers with `op_eq` and texts with another. */
export function equal(one: NativeCall): string {
  const [left, right] = positional(one);
  const [a, b] = [one.value(left), one.value(right)];
  if (a.type === "any" || b.type === "any") one.refuse("op_eq of values whose types only the event tells");
  if (a.type !== b.type) one.refuse(`op_eq of ${a.type} and ${b.type}, which is never true; convert one of them`);
  if (a.type !== "text") return call("op_eq", a.text, b.text);
  readable(one, left);
  readable(one, right);
  const [constant, other] = one.isConstant(right) ? [right, a] : one.isConstant(left) ? [left, b] : [];
  if (constant && other) return sameText(other.text, one.constantOf(constant, "text") as string);
  // A text may hold what CLS's own comparison takes for alternatives.
  const lengths = call("op_eq", call("str_len", a.text), call("str_len", b.text));
  return call("op_and", lengths, call("str_start_with", a.text, keyword("sub", b.text)));
}

/** Whether a value is just this text: CLS takes `a|b` for two of them. */
export function sameText(value: string, constant: string): string {
  if (!/[^\w\s/:.-]/u.test(constant.replace(/\p{L}/gu, ""))) return call("op_str_eq", value, quote(constant));
  const pattern = javaLiteral(constant);
  return call("regex_match", value, keyword("regex", quote(pattern)), keyword("full", bool(true)));
}

export function comparison(name: string) {
  return (one: NativeCall): NativeValue => {
    const [a, b] = positional(one).map(one.value);
    if (a.type !== "number" || b.type !== "number") {
      one.refuse(UNKNOWN_NUMBERS(name));
    }
    return boolean(call(name, a.text, b.text));
  };
}

export function arithmetic(name: string) {
  return (one: NativeCall): NativeValue => {
    const values = positional(one).map(one.value);
    if (values.some(({ type }) => type !== "number")) one.refuse(UNKNOWN_NUMBERS(name));
    return number(folded(name, values));
  };
}

export function contains(one: NativeCall): string {
  const [container, element] = positional(one).map(one.value);
  if (container.type !== "text" || element.type !== "text") one.refuse("op_in of other than texts");
  return call("op_ge", call("str_find", container.text, keyword("sub", element.text)), "0");
}

/** Without characters it takes all white space, where CLS leaves blanks. */
export function strip(name: string, blanks: string) {
  return (one: NativeCall): NativeValue => {
    const chars = one.given("chars");
    const value = textOf(one, first(one));
    if (chars) return text(call(name, value, keyword("chars", one.value(chars).text)));
    return text(call("regex_replace", value, keyword("regex", quote(blanks)), keyword("replace", quote(""))));
  };
}

export function part(name: string, typed: (code: string) => NativeValue) {
  return (one: NativeCall): NativeValue => {
    const [value, sub, ...range] = positional(one);
    if (range.some((end) => end !== undefined)) one.refuse(`${one.node.name} with a range`);
    if (name === "str_count" && isEmptyOrUnknown(one, sub)) one.refuse("str_count of a text that may be empty");
    if (name === "str_find") one.note(UTF16);
    return typed(call(name, textOf(one, value), keyword("sub", one.value(sub).text)));
  };
}

export function optionalInteger(one: NativeCall, parameter: string): number | undefined {
  const value = one.constant(parameter);
  if (value === undefined || value === null) return undefined;
  return typeof value === "bigint" ? Number(value) : one.refuse(`${parameter} that is ${typeName(value)}`);
}
