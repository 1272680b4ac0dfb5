import { jsonText, printed, toText } from "../run/text";
import type { Value } from "../run/values";

/** JSON without spaces. */
export function toCompactJson(value: Value): string {
  return printed(value, {
    item: ",",
    key: ":",
    leaf: (one) => (one === null ? "null" : typeof one === "string" ? jsonText(one) : toText(one)),
  });
}
