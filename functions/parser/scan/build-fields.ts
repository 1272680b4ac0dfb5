import type { Fields, FieldValue } from "../../records/contracts";

/** Gives the values of an object's members. */
export interface Values {
  /** @param member which one, counted as the tape does */
  value(member: number): FieldValue;
  /** The next one of those inside of a member. */
  next(): FieldValue;
}

/** Makes the fields of an object whose members begin at `first`. */
export type BuildFields = (values: Values, first: number) => Fields;

/** An object of more members is rarely like others. */
const MAX_MEMBERS = 256;

/**
 * A function that makes objects of these names, in this order: V8 then knows their class when it makes them, which takes a
 * fourth of the time of setting one property after the other. Undefined where that does not pay, and where code from strings
 * is forbidden.
 *
 * This is the one place where code is made of what a log holds. The code holds nothing of it but names as string literals,
 * which JSON.stringify writes (JSON's strings are a part of JavaScript's); values reach it as arguments. In an object literal
 * `__proto__` in brackets is a property like any other, and of equal names the last value counts at the first one's place,
 * as in JSON.
 *
 * @param isInner whether the objects are inside of a member, so that their values come one after the other
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
