import type { Argument, Call, Derived, Implementations, Thunk } from "../run/implementation";
import { compileTemplate, type Template } from "../regex/template";
import type { Regex, RegexMatch } from "../regex/regex";
import { toText } from "../run/text";
import { fail, isTrue, typeName, type Value } from "../run/values";
import { regexOf } from "./patterns";

/** The first parameter may be any value: its text counts. All of them give None for None. */
export const REGEX: Implementations = {
  /**
   * `regex_select(x, regex, mi=None, gi=None)`: the match number `mi`, the first by default, or its group number `gi`,
   * both from 0; without `gi` the whole match. None where there is no such match or the group took no part. Fails where
   * the pattern has no such group.
   */
  regex_select: {
    thunk: (call) => {
      const index = integerOf(call, "mi");
      const group = integerOf(call, "gi");
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

  /**
   * `regex_findall(x, regex)`: all matches as a list; of their groups, where the pattern has one; of lists of them, where
   * it has several. Groups that took no part are empty.
   */
  regex_findall: {
    thunk: (call) =>
      onText(call, (text, regex) => Array.from(regex.matches(text), (match) => foundOf(match, regex.groupCount))),
  },

  /** `regex_match(x, regex, full=False)`: whether a match is anywhere in the text, or is all of it. False for None. */
  regex_match: {
    thunk: (call) => {
      const full = call.argument("full");
      const isFull = full ? call.derive(full, isTrue) : () => false;
      const test = onText(call, (text, regex, event, run) =>
        isFull(event, run) ? regex.testFull(text) : regex.test(text),
      );
      return (event, run) => test(event, run) ?? false;
    },
  },

  /**
   * `regex_replace(x, regex, replace="", count=0)`: the text with all matches replaced, or the first `count`. In the
   * replacement `\1`, `\g<1>` and `\g<name>` stand for groups.
   */
  regex_replace: {
    thunk: (call) => {
      const count = integerOf(call, "count");
      const replace = call.argument("replace");
      checkTemplate(call, replace);
      const template = replace ? call.derive(replace, templates) : () => () => () => "";
      return onText(call, (text, regex, event, run) =>
        replaced(text, regex, template(event, run)(regex), count(event, run) ?? 0),
      );
    },
  },

  /**
   * `regex_split(x, regex, maxsplit=0)`: the texts between the matches as a list, with the groups of the matches between
   * them; at most `maxsplit` matches count, 0 being all.
   */
  regex_split: {
    thunk: (call) => {
      const most = integerOf(call, "maxsplit");
      return onText(call, (text, regex, event, run) => {
        const parts: Value[] = [];
        let end = 0;
        for (const match of firstMatches(regex, text, most(event, run) ?? 0)) {
          parts.push(text.slice(end, match.start), ...match.groups.map((group) => group ?? null));
          end = match.end;
        }
        parts.push(text.slice(end));
        return parts;
      });
    },
  },
};

type Work = (text: string, regex: Regex, ...context: Parameters<Thunk>) => Value;

/** Does the work of a function on the text of `x`, where it is not None. */
function onText(call: Call, work: Work): Thunk {
  const regex = regexOf(call, call.argument("regex")!);
  const { evaluate } = call.argument("x")!;
  return (event, run) => {
    const value = evaluate(event, run);
    if (value === null) return null;
    return work(typeof value === "string" ? value : toText(value), regex(event, run), event, run);
  };
}

/** An optional integer; `undefined` where it is absent or None. */
function integerOf(call: Call, parameter: string): Derived<number | undefined> {
  const argument = call.argument(parameter);
  if (!argument) return () => undefined;
  return call.derive(argument, (value) => {
    if (value === null) return undefined;
    if (typeof value !== "bigint") fail(`${call.name} must get an int as ${parameter}, got ${typeName(value)}`);
    return Number(value);
  });
}

/** A constant replacement must fit a constant pattern: else each event would fail. */
function checkTemplate(call: Call, replace: Argument | undefined): void {
  const [template, pattern] = [replace?.constant?.value, call.argument("regex")?.constant?.value];
  if (replace && typeof template === "string" && typeof pattern === "string") {
    call.derive(replace, () => compileTemplate(template, call.regex(pattern)));
  }
}

/** Templates are made once for a pattern, and constant ones are used with one pattern most of the time. */
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

/** The first matches; all where the number is 0, none where it is negative, as in Python. */
function* firstMatches(regex: Regex, text: string, most: number): Generator<RegexMatch> {
  if (most < 0) return;
  let count = 0;
  for (const match of regex.matches(text)) {
    yield match;
    if (++count === most) return;
  }
}

function replaced(text: string, regex: Regex, template: Template, count: number): string {
  let result = "";
  let end = 0;
  for (const match of firstMatches(regex, text, count)) {
    result += text.slice(end, match.start) + template(match);
    end = match.end;
  }
  return end === 0 && result === "" ? text : result + text.slice(end);
}
