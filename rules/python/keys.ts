import { fail, isDict, isList, typeName, type Dict, type Value } from "../run/values";

/** The value of a key, as in Python: `1`, `1.0` and `True` are the same key. Undefined if there is none. */
export function lookUp(dict: Dict, key: Value): Value | undefined {
  const found = existingKey(dict, key);
  return found === undefined ? undefined : dict.get(found);
}

/** Sets the value of a key in a dict that is being built; an equal key keeps its position and form. */
export function setKey(dict: Map<Value, Value>, key: Value, value: Value): void {
  dict.set(existingKey(dict, key) ?? key, value);
}

/** The key of the dict that equals this one. */
export function existingKey(dict: Dict, key: Value): Value | undefined {
  if (isList(key) || isDict(key)) return fail(`A key of a dict must be a text or a number, got ${typeName(key)}`);
  if (dict.has(key)) return key;
  if (typeof key === "string" || typeof key === "object") return undefined;
  return sameNumbers(key).find((other) => dict.has(other));
}

/** The other forms of a number that are the same key. */
function sameNumbers(key: bigint | number | boolean): Value[] {
  const size = Number(key);
  if (!Number.isInteger(size) || BigInt(size) !== BigInt(key)) return [];
  return [BigInt(size), size, ...(size === 0 || size === 1 ? [size === 1] : [])];
}
