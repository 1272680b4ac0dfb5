import type { Argument, BoundCall, Derived } from "../../run/implementation";
import { literalsOf } from "../../regex/literals";
import type { Regex } from "../../regex/regex";
import { isTrue } from "../../run/values";
import { fieldNames } from "../common/options";

/** Maximum names whose result is cached. Events of one kind have the same names, so each is examined once. */
const MAX_REMEMBERED = 10_000;

/** Field names, given literally or as patterns for whole names. */
export interface FieldMatcher {
  /** The names, if there are no patterns among them. */
  readonly names: ReadonlySet<string> | undefined;
  has(name: string): boolean;
}

/**
 * A matcher of names.
 *
 * @param compile compiles a name as a pattern; if absent, names are literal
 */
function fieldMatcher(given: readonly string[], compile?: (pattern: string) => Regex): FieldMatcher {
  const names = new Set<string>();
  const patterns: Regex[] = [];
  for (const name of new Set(given)) {
    const literals = compile ? literalsOf(name) : [name];
    if (literals) literals.forEach((literal) => names.add(literal));
    else if (compile) patterns.push(compile(name));
  }
  if (patterns.length === 0) return { names, has: (name) => names.has(name) };
  const known = new Map<string, boolean>();
  return {
    names: undefined,
    has: (name) => {
      let isMatch = known.get(name);
      if (isMatch === undefined) {
        isMatch = names.has(name) || patterns.some((pattern) => pattern.testFull(name));
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(name, isMatch);
      }
      return isMatch;
    },
  };
}

/** The matcher for the parameters of a call; created once if they are constant. */
export function matcherOf(call: BoundCall, arguments_: readonly Argument[], isRegex: boolean): Derived<FieldMatcher> {
  const make = (names: readonly string[]): FieldMatcher =>
    fieldMatcher(names, isRegex ? (pattern) => call.regex(pattern) : undefined);
  const lists = arguments_.map((argument) => call.derive(argument, (value) => fieldNames(call.name, "a name", value)));
  if (arguments_.every(({ constant }) => constant)) {
    // Each separately first, so that errors in a pattern are reported at its position.
    for (const argument of arguments_) call.derive(argument, (value) => make(fieldNames(call.name, "a name", value)));
    const names = arguments_.flatMap(({ constant }) => fieldNames(call.name, "a name", constant!.value));
    const matcher = make(names);
    return () => matcher;
  }
  return (event, run) => make(lists.flatMap((list) => list(event, run)));
}

/** The parameter `regex`: names are patterns unless the text has `regex=False`. */
export function isRegexCall(call: BoundCall): boolean {
  return isTrue(call.constant("regex"));
}
