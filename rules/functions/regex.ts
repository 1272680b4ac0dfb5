import { group } from "./define";
import type { Argument, BoundCall, Derived, Thunk } from "../run/implementation";
import { compileTemplate, type Template } from "../regex/template";
import type { Regex, RegexMatch } from "../regex/regex";
import { toText } from "../run/text";
import { checkItems, TextBuilder } from "../run/length";
import { fail, isTrue, typeName, type Value } from "../run/values";
import { regexOf } from "./common/patterns";

/** The first parameter can be any value, which is converted to text. All functions return None for None. */
export const REGEX = group("Regex", {
  regex_select: {
    parameters: "x, regex:regex, mi:int=None, gi:int=None",
    doc:
      "the match number `mi` (by default the first), or its group number `gi`, both starting at 0; without " +
      "`gi`, the whole match. None if there is no such match or the group did not participate. Fails if the " +
      "pattern has no such group.",
    thunk: (call) => {
      const index = integerOf(call, "mi");
      const group = integerOf(call, "gi");
      warnOfGroup(call);
      return onText(call, (text, regex, event, run) => {
        const match = matchAt(regex, text, index(event, run) ?? 0);
        const number = group(event, run);
        if (number !== undefined && (number < 0 || number >= regex.groupCount)) {
          fail(`regex_select must get a gi below the number of groups, ${regex.groupCount}, got ${number}`);
        }
        if (!match) return null;
        return number === undefined ? match.text : (match.groups[number] ?? null);
      });
    },
  },

  regex_findall: {
    parameters: "x, regex:regex",
    doc:
      "a list of all matches; if the pattern has a group, a list of its matches; if it has several, a list of " +
      "lists. Groups that did not participate are empty.",
    thunk: (call) =>
      onText(call, (text, regex) => {
        const found: Value[] = [];
        for (const match of regex.matches(text))
          checkItems(found.push(foundOf(match, regex.groupCount)) * Math.max(1, regex.groupCount));
        return found;
      }),
  },

  regex_match: {
    parameters: "x, regex:regex, full:bool?=False",
    doc: "whether the pattern matches anywhere in the text, or with `full` the whole text. False for None.",
    thunk: (call) => {
      const isFull = call.derive(call.argument("full"), isTrue);
      const test = onText(call, (text, regex, event, run) =>
        isFull(event, run) ? regex.testFull(text) : regex.test(text),
      );
      return (event, run): Value => test(event, run) ?? false;
    },
  },

  regex_replace: {
    parameters: 'x, regex:regex, replace="", count:int=0',
    doc:
      "replaces all matches, or the first `count`. In the replacement, `\\1`, `\\g<1>` and `\\g<name>` stand for " +
      "groups.",
    thunk: (call) => {
      const count = integerOf(call, "count");
      const replace = call.argument("replace");
      checkTemplate(call, replace);
      const template = call.derive(replace, templates);
      return onText(call, (text, regex, event, run) =>
        replaced(text, regex, template(event, run)(regex), count(event, run) ?? 0),
      );
    },
  },

  regex_split: {
    parameters: "x, regex:regex, maxsplit:int=0",
    doc:
      "splits at matches and returns a list, with the groups of the matches in between; at most `maxsplit` " +
      "matches are used, 0 for all.",
    thunk: (call) => {
      const most = integerOf(call, "maxsplit");
      return onText(call, (text, regex, event, run) => {
        const parts: Value[] = [];
        let end = 0;
        for (const match of firstMatches(regex, text, most(event, run) ?? 0)) {
          parts.push(text.slice(end, match.start), ...match.groups.map((group) => group ?? null));
          checkItems(parts.length);
          end = match.end;
        }
        parts.push(text.slice(end));
        return parts;
      });
    },
  },
});

export const GROK = group("GROK", {
  grok: {
    parameters: "pattern:grok, escape:bool?=False, extend=None",
    doc:
      "converts a grok pattern to a regular expression, with a group for each `%{NAME}` and a named one for " +
      "each `%{NAME:field}`. With `escape`, everything else is literal text; `extend` is a dict of additional " +
      "patterns. Fails if a pattern is unknown or contains itself.",
    part: "grok",
  },
});

/** A constant group that does not exist in a constant pattern fails for every event with a text. */
function warnOfGroup(call: BoundCall): void {
  const [regex, group] = [call.argument("regex").constant?.value, call.argument("gi")];
  const number = group.constant?.value;
  if (typeof regex !== "string" || typeof number !== "bigint") return;
  const { groupCount } = call.regex(regex);
  if (number >= 0 && number < groupCount) return;
  const has =
    groupCount === 0 ? "none" : groupCount === 1 ? "1, number 0" : `${groupCount}, numbers 0 to ${groupCount - 1}`;
  call.warn(
    `every event that comes here fails: gi must be the number of a group, and the pattern has ${has}`,
    group.span,
  );
}

type Work = (text: string, regex: Regex, ...context: Parameters<Thunk>) => Value;

/** Applies a function to the text of `x`, unless it is None. */
function onText(call: BoundCall, work: Work): Thunk {
  const regex = regexOf(call, call.argument("regex"));
  const { evaluate } = call.argument("x");
  return (event, run) => {
    const value = evaluate(event, run);
    if (value === null) return null;
    return work(typeof value === "string" ? value : toText(value), regex(event, run), event, run);
  };
}

/** An optional integer; `undefined` for None. */
function integerOf(call: BoundCall, parameter: string): Derived<number | undefined> {
  return call.derive(call.argument(parameter), (value) => {
    if (value === null) return undefined;
    if (typeof value !== "bigint") fail(`${call.name} must get an int as ${parameter}, got ${typeName(value)}`);
    return Number(value);
  });
}

/** A constant replacement must fit a constant pattern: otherwise each event would fail. */
function checkTemplate(call: BoundCall, replace: Argument): void {
  const [template, pattern] = [replace.constant?.value, call.argument("regex").constant?.value];
  if (typeof template === "string" && typeof pattern === "string") {
    call.derive(replace, () => compileTemplate(template, call.regex(pattern)));
  }
}

/** Templates are compiled once for each pattern; a constant one is mostly used with a single pattern. */
function templates(value: Value): (regex: Regex) => Template {
  const text = value === null ? "" : toText(value);
  let last: { readonly regex: Regex; readonly template: Template } | undefined;
  return (regex) => {
    if (last?.regex !== regex) last = { regex, template: compileTemplate(text, regex) };
    return last.template;
  };
}

function matchAt(regex: Regex, text: string, index: number): RegexMatch | null {
  if (index === 0) return regex.search(text);
  if (index < 0) return [...regex.matches(text)].at(index) ?? null;
  let number = 0;
  for (const match of regex.matches(text)) if (number++ === index) return match;
  return null;
}

function foundOf({ text, groups }: RegexMatch, groupCount: number): Value {
  if (groupCount === 0) return text;
  return groupCount === 1 ? (groups[0] ?? "") : Array.from({ length: groupCount }, (_, group) => groups[group] ?? "");
}

/** The first matches; all if the number is 0, none if it is negative, as in Python. */
function* firstMatches(regex: Regex, text: string, most: number): Generator<RegexMatch> {
  if (most < 0) return;
  let count = 0;
  for (const match of regex.matches(text)) {
    yield match;
    if (++count === most) return;
  }
}

function replaced(text: string, regex: Regex, template: Template, count: number): string {
  const result = new TextBuilder();
  let end = 0;
  for (const match of firstMatches(regex, text, count)) {
    result.add(text.slice(end, match.start)).add(template(match));
    end = match.end;
  }
  return result.add(text.slice(end)).text;
}
