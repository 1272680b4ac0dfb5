import type { Fields, FieldValue } from "./contracts";

/** The field with that name, as an own property: `constructor` is not a field, unless a line contains it. */
export function fieldOf(fields: Readonly<Fields>, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export function hasField(fields: Readonly<Fields>, name: string): boolean {
  return Object.hasOwn(fields, name);
}
