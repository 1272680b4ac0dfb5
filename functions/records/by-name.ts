import type { Fields, FieldValue } from "./contracts";

/** The field of that name, if it is one of the fields' own: `constructor` is none, unless a line holds it. */
export function fieldOf(fields: Readonly<Fields>, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export function hasField(fields: Readonly<Fields>, name: string): boolean {
  return Object.hasOwn(fields, name);
}
