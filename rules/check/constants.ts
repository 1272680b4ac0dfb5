import type { Value } from "../run/values";

/** Names of constant values. The `F_` ones are patterns of field names. */
export const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["F_TIME", "__time__"],
  ["F_META", "__tag__:.+|__topic__|__source__"],
  ["F_TAGS", "__tag__:.+"],
  ["F_PACK_META", "__pack_meta__|__tag__:__pack_id__"],
  ["F_RECEIVE_TIME", "__tag__:__receive_time__"],
  ["MATH_PI", Math.PI],
  ["MATH_E", Math.E],
  ["SYSLOGRFC3164", "SYSLOGRFC3164"],
  ["SYSLOGRFC5424", "SYSLOGRFC5424"],
]);

/** Names of operations, and what they abbreviate. */
export const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["DROP", "e_drop"],
  ["KEEP", "e_keep"],
]);
