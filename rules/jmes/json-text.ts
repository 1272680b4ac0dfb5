import { toText } from "../run/text";
import { isDict, isList, type Value } from "../run/values";

/** JSON without spaces. */
export function toCompactJson(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toCompactJson).join(",")}]`;
  if (!isDict(value)) return toText(value);
  return `{${Array.from(value, ([key, item]) => `${toCompactJson(key)}:${toCompactJson(item)}`).join(",")}}`;
}
