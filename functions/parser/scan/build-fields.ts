import type { Fields, FieldValue } from "../../records/contracts";

/** Provides the values of an object's members. */
export interface Values {
  /** @param member index of the member on the tape */
  value(member: number): FieldValue;
  /** The next value inside a member. */
  next(): FieldValue;
}

/** Creates the fields of an object whose members begin at `first`. */
export type BuildFields = (values: Values, first: number) => Fields;

/** Objects with more members rarely have the same keys as others. */
const MAX_MEMBERS = 256;

/**
 * Returns a function that creates objects with these names, in this order. V8 then knows their class at creation, which
 * takes a fourth of the time of setting one property after the other. Undefined if it would not pay off, or if code
 * from strings is forbidden.
 *
 * This is the only place where code is generated from the content of a log. The code contains nothing of it except
 * names, as string literals written by JSON.stringify (JSON strings are valid JavaScript); values are passed as
 * arguments. In an object literal, `__proto__` in brackets is an ordinary property, and of equal names the last value
 * applies at the position of the first, as in JSON.
 *
 * @param isInner whether the objects are inside a member, so that their values are read in sequence
 */
export function buildFields(names: readonly string[], isInner = false): BuildFields | undefined {
  if (names.length > MAX_MEMBERS) return undefined;
  const members = names.map((name, index) => {
    const key = name === "__proto__" ? `["__proto__"]` : JSON.stringify(name);
    return isInner ? `${key}:values.next()` : `${key}:values.value(first+${index})`;
  });
  try {
    return new Function("values", "first", `return {${members.join(",")}};`) as BuildFields;
  } catch {
    return undefined;
  }
}
