import type { Call, Derived } from "../run/implementation";
import { toText } from "../run/text";
import { fail, isList, typeName, type Value } from "../run/values";

/** What is made of parameters, and the one thing where it is the same for all events. */
export interface Options<T> extends Derived<T> {
  readonly constant?: { readonly made: T };
}

/**
 * What is made of some parameters: once where all of them are constant or absent, else for each event.
 *
 * @param fallbacks the parameters, each with the value that stands where the text gives none, or None
 */
export function optionsOf<Name extends string, T>(
  call: Call,
  fallbacks: Readonly<Record<Name, Value>>,
  make: (values: Readonly<Record<Name, Value>>) => T,
): Options<T> {
  const names = Object.keys(fallbacks) as Name[];
  const given = names.flatMap((name) => {
    const argument = call.argument(name);
    return argument ? [{ name, argument }] : [];
  });
  const values: Record<Name, Value> = { ...fallbacks };
  for (const { name, argument } of given)
    if (argument.constant) values[name] = argument.constant.value ?? fallbacks[name];

  const varying = given.filter(({ argument }) => !argument.constant);
  if (varying.length === 0) {
    const made = make(values);
    return Object.assign(() => made, { constant: { made } });
  }
  return (event, run) => {
    const current = { ...values };
    for (const { name, argument } of varying) current[name] = argument.evaluate(event, run) ?? fallbacks[name];
    return make(current);
  };
}

/** Names of fields, out of one name or a list of them. */
export function fieldNames(call: string, parameter: string, value: Value): readonly string[] {
  const names = isList(value) ? value : [value];
  return names.map((name) => {
    if (typeof name !== "string")
      fail(`${call} must get names of fields as ${parameter}, got ${typeName(name)}`, parameter);
    return name;
  });
}

/** Names out of a list, or out of a text that separates them by commas. */
export function columnNames(call: string, parameter: string, value: Value): readonly string[] {
  return typeof value === "string" ? value.split(",").map((name) => name.trim()) : fieldNames(call, parameter, value);
}

/** A text to write with; None is empty. */
export function textOf(value: Value): string {
  return value === null ? "" : toText(value);
}

/** A value as messages quote it. */
export function quoted(value: Value): string {
  const text = typeof value === "string" ? JSON.stringify(value) : `${typeName(value)} ${textOf(value)}`;
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
