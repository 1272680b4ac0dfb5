import type { BoundCall, Derived } from "../../run/implementation";
import { cutAt } from "../../run/length";
import { toText } from "../../run/text";
import type { CsvFormat } from "../../python/csv";
import { fail, isList, isTrue, typeName, type Value } from "../../run/values";

/** A value derived from parameters, and its constant if it is the same for all events. */
export interface Options<T> extends Derived<T> {
  readonly constant?: { readonly made: T };
}

/** A value derived from some parameters: computed once if all of them are constant, otherwise for each event. */
export function optionsOf<Name extends string, T>(
  call: BoundCall,
  names: readonly Name[],
  make: (values: Readonly<Record<Name, Value>>) => T,
): Options<T> {
  const given = names.map((name) => ({ name, argument: call.argument(name) }));
  const values = Object.fromEntries(
    given.map(({ name, argument }) => [name, argument.constant?.value ?? null]),
  ) as Record<Name, Value>;

  const varying = given.filter(({ argument }) => !argument.constant);
  if (varying.length === 0) {
    const made = make(values);
    return Object.assign(() => made, { constant: { made } });
  }
  return (event, run) => {
    const current = { ...values };
    for (const { name, argument } of varying) current[name] = argument.evaluate(event, run);
    return make(current);
  };
}

/** Field names from one name or a list. */
export function fieldNames(caller: string, parameter: string, value: Value): readonly string[] {
  const names = isList(value) ? value : [value];
  return names.map((name) => {
    if (typeof name !== "string")
      fail(`${caller} must get names of fields as ${parameter}, got ${typeName(name)}`, parameter);
    return name;
  });
}

/** Names from a list, or from a comma-separated string. */
export function columnNames(caller: string, parameter: string, value: Value): readonly string[] {
  return typeof value === "string"
    ? cutAt(value, ",").map((name) => name.trim())
    : fieldNames(caller, parameter, value);
}

/** A string to write with; None is empty. */
export function textOf(value: Value): string {
  return value === null ? "" : toText(value);
}

/** Maximum characters of a separator, which can come from an event and becomes part of a pattern. */
const LONGEST_SEPARATOR = 1000;

/** A separator or a quote; None is empty. */
export function separatorOf(caller: string, parameter: string, value: Value): string {
  const text = textOf(value);
  if (text.length <= LONGEST_SEPARATOR) return text;
  return fail(
    `${caller} must get ${LONGEST_SEPARATOR} characters at most as ${parameter}, got ${text.length}`,
    parameter,
  );
}

/** A value as quoted in messages. */
export function quoted(value: Value): string {
  const text = typeof value === "string" ? JSON.stringify(value) : `${typeName(value)} ${textOf(value)}`;
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

/** The CSV format from its parameters. Fails if the separator or the quote is not one character. */
export function csvFormat(
  caller: string,
  { sep, quote, lstrip }: Readonly<Record<"sep" | "quote" | "lstrip", Value>>,
  emptySep: Value = ",",
): CsvFormat {
  return {
    separator: character(caller, "sep", sep === "" ? emptySep : sep),
    quote: character(caller, "quote", quote === "" ? '"' : quote),
    skipsSpaces: isTrue(lstrip),
  };
}

function character(caller: string, parameter: string, value: Value): string {
  if (typeof value === "string" && [...value].length === 1) return value;
  const got = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : typeName(value);
  return fail(`${caller} must get one character as ${parameter}, got ${got}`, parameter);
}
