import { Refusal } from "../refusal";
import { list, object, optional, text } from "./fields";

/** `Filters` of CLS's list actions. */
export const FILTERS = optional(list(object({ Key: text(), Values: list(text(), 100) }), 10));

/** `Filters` of SCF's list actions. */
export const NAMED_FILTERS = optional(list(object({ Name: text(), Values: list(text(), 100) }), 10));

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** The items that match all filters; `read` returns an item's value by the filter's name, for known names. */
export function filtered<T>(
  items: readonly T[],
  filters: readonly Filter[],
  read: Readonly<Record<string, (item: T) => string>>,
): T[] {
  const unknown = filters.find((filter) => !Object.hasOwn(read, filter.name));
  if (unknown) {
    const names = Object.keys(read).join(", ");
    throw new Refusal("InvalidParameter", `The filter must be one of ${names} here, got ${unknown.name}.`);
  }
  return items.filter((item) => filters.every(({ name, values }) => values.includes(read[name]?.(item) ?? "")));
}

/** The requested page of a list. */
export function page<T>(items: readonly T[], offset = 0, limit = 20): T[] {
  return items.slice(offset, offset + limit);
}
