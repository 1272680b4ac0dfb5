import type { BoundCall } from "../../run/implementation";
import type { Event } from "../../run/event";
import { fail } from "../../run/values";
import { quoted } from "../common/options";

/** A result for the events that a query matches. */
export interface Rule<T> {
  readonly matches: (event: Event) => boolean;
  readonly result: T;
}

/** Queries with their results; `*` is the result for events that no query matches. */
export interface SearchRules<T> {
  readonly rules: readonly Rule<T>[];
  readonly fallback?: T;
}

export function searchRules<T>(call: BoundCall, entries: readonly (readonly [string, T])[]): SearchRules<T> {
  const fallback = entries.find(([query]) => query === "*");
  const queries = entries.filter(([query]) => query !== "*");
  return {
    rules: queries.map(([query, result]) => ({ matches: compiledQuery(call, query), result })),
    ...(fallback && { fallback: fallback[1] }),
  };
}

/** The result for an event: of the first matching query, or of all; of `*` if none matches. */
export function search<T>({ rules, fallback }: SearchRules<T>, event: Event, multiMatch: boolean): readonly T[] {
  const found: T[] = [];
  for (const { matches, result } of rules) {
    if (!matches(event)) continue;
    found.push(result);
    if (!multiMatch) break;
  }
  return found.length === 0 && fallback !== undefined ? [fallback] : found;
}

/** An error in a query from a dict or a table is a failure of the call. */
function compiledQuery(call: BoundCall, query: string): Rule<unknown>["matches"] {
  try {
    return call.query(query);
  } catch (error) {
    return fail(
      `${call.name} must get queries as of e_search, got ${quoted(query)}: ${(error as Error).message}`,
      "data",
    );
  }
}
