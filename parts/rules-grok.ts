import { parseJson } from "../rules/run/json";
import type { Implementations } from "../rules/run/implementation";
import { toText } from "../rules/run/text";
import { fail, isDict, isTrue, RuleFailure, typeName, type Value } from "../rules/run/values";
import { APPLICATIONS } from "./grok/applications";
import { BACULA } from "./grok/bacula";
import { CISCO } from "./grok/cisco";
import { expandGrok, GrokError } from "./grok/expand";
import { GENERAL } from "./grok/general";
import { NAGIOS } from "./grok/nagios";
import { NETWORK } from "./grok/network";

/** The patterns that texts can name. */
export const PATTERNS: ReadonlyMap<string, string> = new Map(
  [GENERAL, APPLICATIONS, NETWORK, CISCO, NAGIOS, BACULA].flatMap((table) => Object.entries(table)),
);

export const implementations: Implementations = {
  grok: {
    pure: (pattern: Value, escape: Value, extend: Value) => {
      if (typeof pattern !== "string") fail(`grok must get a pattern, got ${typeName(pattern)}`);
      try {
        return expandGrok(pattern, withExtension(extend), isTrue(escape));
      } catch (error) {
        if (error instanceof GrokError) fail(error.message);
        throw error;
      }
    },
  },
};

/** The error in a grok pattern, with its position in UTF-16 units. */
export function checkGrok(
  pattern: string,
  extend: Value = null,
): { readonly message: string; readonly offset: number } | undefined {
  try {
    expandGrok(pattern, withExtension(extend), false);
    return undefined;
  } catch (error) {
    if (error instanceof GrokError) return { message: error.message, offset: error.offset };
    // The additional patterns are not a dict.
    if (error instanceof RuleFailure) return { message: error.message, offset: 0 };
    throw error;
  }
}

function withExtension(extend: Value): ReadonlyMap<string, string> {
  if (extend === null) return PATTERNS;
  const dict = typeof extend === "string" ? parseJson(extend) : extend;
  if (!isDict(dict)) fail(`grok must get a dict of patterns as extend, got ${typeName(extend)}`);
  const own = Array.from(dict, ([name, text]) => [nameOf(name), nameOf(text)] as const);
  return new Map([...PATTERNS, ...own]);
}

function nameOf(value: Value): string {
  return value === null ? "" : toText(value);
}
