import type { ClsRecord } from "./record";

/** A rule of a shipper's filter: the regular expression's group, matched in the field, must equal `value`. */
export interface FilterRule {
  readonly key: string;
  readonly regex: string;
  readonly value: string;
}

/** Whether a record matches all rules. */
export function passesFilter(record: ClsRecord, rules: readonly FilterRule[]): boolean {
  return rules.every((rule) => {
    const match = new RegExp(rule.regex).exec(record.contents[rule.key] ?? "");
    return match !== null && (match[1] ?? match[0]) === rule.value;
  });
}
