import type { Expression } from "../language/syntax-tree";
import { boolean, fieldName, java_, number, pairs, positional, readable, texts } from "./arguments";
import { javaLiteral } from "./java-regex";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeValue } from "./types";

export function matches(one: NativeCall, value: string, pattern: Expression, isFull: boolean): string {
  return call("regex_match", value, keyword("regex", quote(java_(one, pattern))), keyword("full", bool(isFull)));
}

export function fieldMatches(one: NativeCall, field: Expression, pattern: Expression, isFull: boolean): string {
  const name = quote(fieldName(one, field));
  return call("op_and", call("has_field", name), matches(one, call("v", name), pattern, isFull));
}

export function pairMatches(one: NativeCall): string[] {
  const isFull = one.flag("full");
  return pairs(one.rest).map(([field, pattern]) => fieldMatches(one, field, pattern, isFull));
}

export function joined(name: string, conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0] : call(name, ...conditions);
}

/** A function of two arguments, applied to any number of them from the left. */
export function folded(name: string, [head, ...tail]: readonly NativeValue[]): string {
  return tail.reduce((sum, { text: item }) => call(name, sum, item), head.text);
}

export function firstNotNull(one: NativeCall): NativeValue {
  one.note("CLS takes an empty text for None");
  const values = one.rest.map(one.value);
  const type = values.every((value) => value.type === values[0].type) ? values[0].type : "any";
  return { text: call("op_ifnull", ...texts(values)), type };
}

/**
 * In the rule language, equal values have the same type. CLS compares numbers with `op_eq`, and strings with another
 * function.
 */
export function equal(one: NativeCall): string {
  const [left, right] = positional(one);
  const [a, b] = [one.value(left), one.value(right)];
  if (a.type === "any" || b.type === "any") {
    one.refuse("op_eq of values whose types only the event tells", a.type === "any" ? left : right);
  }
  if (a.type !== b.type) {
    one.refuse(`op_eq of ${a.type} and ${b.type}, which is never true; convert one of them`, right);
  }
  if (a.type !== "text") return call("op_eq", a.text, b.text);
  readable(one, left);
  readable(one, right);
  const [constant, other] = one.isConstant(right) ? [right, a] : one.isConstant(left) ? [left, b] : [];
  if (constant && other) return sameText(other.text, one.constantOf(constant, "text") as string);
  // A string can contain a `|`, which CLS's own comparison interprets as alternatives.
  const lengths = call("op_eq", call("str_len", a.text), call("str_len", b.text));
  return call("op_and", lengths, call("str_start_with", a.text, keyword("sub", b.text)));
}

/** Whether a value equals this string. CLS interprets `a|b` as two alternatives. */
export function sameText(value: string, constant: string): string {
  if (!/[^\w\s/:.-]/u.test(constant.replace(/\p{L}/gu, ""))) return call("op_str_eq", value, quote(constant));
  const pattern = javaLiteral(constant);
  return call("regex_match", value, keyword("regex", quote(pattern)), keyword("full", bool(true)));
}

/** The arguments, which must be known to be numbers. */
export function numbers(one: NativeCall, name: string): NativeValue[] {
  return positional(one).map((argument) => {
    const value = one.value(argument);
    if (value.type === "number") return value;
    return one.refuse(`${name} of what is not known to be numbers; wrap them in ct_int or ct_float`, argument);
  });
}

export function comparison(name: string) {
  return (one: NativeCall): NativeValue => {
    return boolean(call(name, ...texts(numbers(one, name))));
  };
}

export function arithmetic(name: string) {
  return (one: NativeCall): NativeValue => {
    return number(folded(name, numbers(one, name)));
  };
}

export function contains(one: NativeCall): string {
  const [container, element] = positional(one).map((argument) => {
    const value = one.value(argument);
    return value.type === "text" ? value : one.refuse("op_in of other than texts", argument);
  });
  return call("op_ge", call("str_find", container.text, keyword("sub", element.text)), "0");
}
