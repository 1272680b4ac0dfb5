import type { Expression } from "../language/syntax-tree";
import { toText } from "../run/text";
import { isDict, isList, typeName } from "../run/values";
import type { Value } from "../run/values";
import { javaRegex } from "./java-regex";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeValue } from "./types";

export const FLOATS = "CLS writes floats of ten million or more, and those below 0.001, otherwise";
export const UTF16 = "CLS counts characters beyond U+FFFF, such as emoji, as two";
export const BLANKS = "CLS writes JSON without blanks";

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

/** A value whose type depends on the event: a value from JSON can be a number, and lists differ from their text. */
export function untyped(code: string): NativeValue {
  return { text: code, type: "any" };
}

/** Fields that CLS stores under other names, and those that it does not have. */
const RENAMED = /^__(?:time|source)__$|^__tag__:/;
const ABSENT = /^__(?:topic|pack_meta)__$/;

/** The constant name of a field. */
export function fieldName(one: NativeCall, name: Expression): string {
  const value = one.constantOf(name, "field name");
  if (typeof value !== "string") return one.refuse(`a field name that is ${typeName(value)}`, name);
  return ownField(value, (reason) => one.refuse(reason, name));
}

/** The name of a field, unless CLS has no such field. */
export function ownField(name: string, refuse: (reason: string) => never): string {
  if (ABSENT.test(name)) return refuse(`the field ${name}`);
  return RENAMED.test(name) ? refuse(`the field ${name}, which CLS keeps under another name`) : name;
}

/** A pattern that CLS's Java engine accepts. */
export function java_(one: NativeCall, pattern: Expression): string {
  const value = one.constantOf(pattern, "pattern");
  if (typeof value !== "string") return one.refuse(`a pattern that is ${typeName(value)}`, pattern);
  try {
    return javaRegex(value).pattern;
  } catch (error) {
    return one.refuse((error as Error).message, pattern);
  }
}

/** The arguments of a call in parameter order. The checker has verified that the required ones exist. */
export function positional(one: NativeCall): Expression[] {
  return one.ordered as Expression[];
}

export function first(one: NativeCall): Expression {
  return positional(one)[0] ?? one.rest[0];
}

export function texts(values: readonly NativeValue[]): string[] {
  return values.map((value) => value.text);
}

/** A value to work on. CLS does not document how functions treat an absent field. */
export function readable(one: NativeCall, expression: Expression): Expression {
  if (expression.kind === "call" && expression.name === "v" && expression.keywords.length === 0) {
    one.note("CLS does not say what functions make of an absent field; test e_has before");
  }
  return expression;
}

export function isEmptyOrUnknown(one: NativeCall, expression: Expression): boolean {
  return !one.isConstant(expression) || one.constantOf(expression, "text") === "";
}

/** A value, for a function that uses its text. */
export function textOf(one: NativeCall, expression: Expression): string {
  const value = one.value(readable(one, expression));
  return value.type === "text" ? value.text : call("ct_str", value.text);
}

/** The same, for a function that would process a list item by item. */
export function itemOf(one: NativeCall, expression: Expression): string {
  if (one.value(expression).type === "any") {
    one.refuse(`${one.node.name} of a value whose type only the event tells; make it a text with ct_str`, expression);
  }
  return textOf(one, expression);
}

/** Without characters, it strips all white space; CLS strips only blanks. */
export function strip(name: string, blanks: string) {
  return (one: NativeCall): NativeValue => {
    const chars = one.given("chars");
    const value = textOf(one, first(one));
    if (chars) return text(call(name, value, keyword("chars", one.value(chars).text)));
    return text(call("regex_replace", value, keyword("regex", quote(blanks)), keyword("replace", quote(""))));
  };
}

/** A search for a string in the whole of another. */
export function search(name: string, typed: (code: string) => NativeValue) {
  return (one: NativeCall): NativeValue => {
    const [value, sub] = positional(one);
    const bound =
      one.node.positional[2] ?? one.node.keywords.find(({ value: end }) => end !== value && end !== sub)?.value;
    if (bound) one.refuse(`${one.node.name} with a range`, bound);
    if (name === "str_count" && isEmptyOrUnknown(one, sub)) one.refuse("str_count of a text that may be empty", sub);
    if (name === "str_find") one.note(UTF16);
    return typed(call(name, textOf(one, value), keyword("sub", one.value(sub).text)));
  };
}

export function optionalInteger(one: NativeCall, parameter: string): number | undefined {
  const value = one.constant(parameter);
  if (value === undefined || value === null) return undefined;
  return typeof value === "bigint"
    ? Number(value)
    : one.refuse(`${parameter} that is ${typeName(value)}`, one.given(parameter));
}

/** Several calls where only one is allowed. */
export function together(steps: readonly string[]): string {
  return steps.length === 1 ? steps[0] : call("compose", ...steps);
}

/** The arguments of a variadic parameter that takes pairs. */
export function pairs(rest: readonly Expression[]): (readonly [Expression, Expression])[] {
  return rest.flatMap((item, at) => (at % 2 === 0 && at + 1 < rest.length ? [[item, rest[at + 1]] as const] : []));
}

/** The quoted text of a parameter; undefined if it is empty or absent. */
export function optional(one: NativeCall, parameter: string): string | undefined {
  const value = one.constant(parameter);
  return typeof value === "string" && value !== "" ? quote(value) : undefined;
}
