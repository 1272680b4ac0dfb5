import type { Event } from "../../run/event";
import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import type { Regex, RegexMatch } from "../../regex/regex";
import { compileTemplate, type Template } from "../../regex/template";
import { toJson } from "../../run/text";
import { fail, isDict, isList, type Dict, type Value } from "../../run/values";
import { isFieldKeyword } from "./field-keyword";
import { fieldNames, optionsOf, quoted, textOf } from "../common/options";
import { regexOf } from "../common/patterns";

/** Receives what a step extracted: a name and a text, undefined if the group did not participate. */
type Put = (name: string, value: string | undefined) => void;

/** Names the matches in a text; the first one is already found. */
type Extraction = (text: string, first: RegexMatch, put: Put) => void;

/** Extracts by a pattern: named groups become fields, and `fields_info` adds names. */
export function regexFields(call: BoundCall): Step {
  const source = optionsOf(call, ["field"], ({ field }) => fieldNames("e_regex", "field", field));
  warnOfTemplates(call);
  warnOfNames(call);
  const regexOfEvent = regexOf(call, call.argument("regex"));
  const extractions = optionsOf(call, ["fields_info"], ({ fields_info }) => forEachRegex(fields_info));
  const packed = optionsOf(call, ["pack_json"], ({ pack_json }) => textOf(pack_json));
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const regex = regexOfEvent(event, run);
    const extraction = extractions(event, run)(regex);
    const pack = packed(event, run);
    if (pack === "") {
      extract(event, source(event, run), regex, extraction, (name, value) => write(event, name, value));
      return event;
    }
    const pairs = new Map<string, string>();
    extract(event, source(event, run), regex, extraction, (name, value) => {
      if (value !== undefined) pairs.set(name, value);
    });
    if (pairs.size > 0) write(event, pack, toJson(pairs));
    return event;
  };
}

function extract(
  event: Event,
  fields: readonly string[],
  regex: Regex,
  extraction: Extraction | undefined,
  put: Put,
): void {
  for (const field of fields) {
    const text = event.get(field);
    if (text === undefined) continue;
    const match = regex.search(text);
    if (match) {
      for (const [name, group] of regex.groupNames) put(name, match.groups[group - 1]);
      extraction?.(text, match, put);
    } else if (extraction) {
      // As in the reference, a field without a match ends the processing of the list.
      return;
    }
  }
}

/** If the pattern comes from an event, pairs that never fit are skipped silently; here it is known. */
function warnOfTemplates(call: BoundCall): void {
  const [info, pattern] = [call.argument("fields_info"), call.argument("regex").constant?.value];
  const pairs = info.constant?.value;
  if (!isDict(pairs ?? null) || typeof pattern !== "string") return;
  const regex = call.regex(pattern);
  for (const text of [...(pairs as Dict)].flat()) {
    const template = textOf(text);
    if (templateOf(template, regex)) continue;
    call.warn(
      `the pattern has no group for ${quoted(template)}, and the pair is left out; correct its number`,
      info.span,
    );
  }
}

/** Warns about a list with more names than the pattern has groups, and about a call that names no field. */
function warnOfNames(call: BoundCall): void {
  const [info, regex] = [call.argument("fields_info"), call.argument("regex")];
  if (!info.constant || typeof regex.constant?.value !== "string") return;
  const { groupCount, groupNames } = call.regex(regex.constant.value);
  const names = info.constant.value;
  if (isEmpty(names) && groupNames.size === 0) {
    const remedy = groupCount > 0 ? "name its groups" : "make groups with names, such as (?P<name>...)";
    call.warn(
      `e_regex sets no field: the pattern has no group with a name; ${remedy}, or give fields_info`,
      regex.span,
    );
  } else if (isList(names) && groupCount > 0 && names.length > groupCount) {
    const count = groupCount === 1 ? "1 group" : `${groupCount} groups`;
    const left = names.slice(groupCount).map(quoted).join(", ");
    call.warn(
      `the pattern has ${count} for ${names.length} names, and nothing for ${left}; make as many groups`,
      info.span,
    );
  }
}

function isEmpty(names: Value): boolean {
  return names === null || names === "" || (isList(names) && names.length === 0) || (isDict(names) && names.size === 0);
}

/** Computed once for each pattern, which is mostly the same one. */
function forEachRegex(fieldsInfo: Value): (regex: Regex) => Extraction | undefined {
  if (fieldsInfo !== null && typeof fieldsInfo !== "string" && !isList(fieldsInfo) && !isDict(fieldsInfo)) {
    fail(`e_regex must get a name, a list or a dict as fields_info, got ${quoted(fieldsInfo)}`, "fields_info");
  }
  let last: { readonly regex: Regex; readonly extraction: Extraction | undefined } | undefined;
  return (regex) => {
    if (last?.regex !== regex) last = { regex, extraction: makeExtraction(fieldsInfo, regex) };
    return last.extraction;
  };
}

function makeExtraction(fieldsInfo: Value, regex: Regex): Extraction | undefined {
  if (fieldsInfo === null) return undefined;
  if (typeof fieldsInfo === "string") {
    return fieldsInfo === "" ? undefined : (_text, first, put) => put(fieldsInfo, first.text);
  }
  if (isList(fieldsInfo)) {
    const names = fieldNames("e_regex", "fields_info", fieldsInfo);
    if (names.length === 0) return undefined;
    return regex.groupCount > 0 ? nameGroups(names) : nameMatches(names, regex);
  }
  return isDict(fieldsInfo) && fieldsInfo.size > 0 ? fillTemplates(fieldsInfo, regex) : undefined;
}

/** The groups of the first match, in order. */
function nameGroups(names: readonly string[]): Extraction {
  return (_text, { groups }, put) =>
    groups.slice(0, names.length).forEach((group, index) => putKeyword(put, names[index], group));
}

/** One match after the other. */
function nameMatches(names: readonly string[], regex: Regex): Extraction {
  return (text, _first, put) => {
    let index = 0;
    for (const match of regex.matches(text)) {
      putKeyword(put, names[index], match.text);
      if (++index === names.length) return;
    }
  };
}

/** Names and values from templates, for every match. Pairs whose templates do not fit the pattern are skipped. */
function fillTemplates(fieldsInfo: Dict, regex: Regex): Extraction {
  const pairs = Array.from(fieldsInfo, ([name, value]) => [textOf(name), textOf(value)]).flatMap(([name, value]) => {
    const templates = [templateOf(name, regex), templateOf(value, regex)];
    return templates.every((template) => template !== undefined) ? [templates as [Template, Template]] : [];
  });
  return (text, _first, put) => {
    for (const match of regex.matches(text)) {
      for (const [name, value] of pairs) putKeyword(put, name(match), value(match));
    }
  };
}

function templateOf(text: string, regex: Regex): Template | undefined {
  try {
    return compileTemplate(text, regex);
  } catch {
    return undefined;
  }
}

function putKeyword(put: Put, name: string, value: string | undefined): void {
  if (isFieldKeyword(name)) put(name, value);
}
