import { change, expression, type Args, type Definitions } from "../definition";
import { grokFields } from "../grok";
import { javaPattern, matchesWhole } from "../java-regex";
import { select } from "../jmes";
import { parseJson } from "../json";
import type { Row } from "../row";
import { splitSeparated } from "../separated";
import { isNull, jsonText, RowFailure, textOf, type Value } from "../values";
import { namedGroups } from "./regex";

/** Functions that extract fields from a field's text. Fact: docs/design/facts/rules.md#dialect-extraction. */
export const EXTRACTION: Definitions = {
  ext_sep: change("field output sep? quote? restrict? mode?", (row, args) => {
    const text = row.get(args.text("field"));
    if (text !== null) assign(row, splitSeparated(text, args.text("sep", ","), args.text("quote")), args);
  }),
  /** The separator is a pattern: in CLS's examples it is escaped as one. */
  ext_sepstr: change("field output sep? restrict? mode?", (row, args) => {
    const text = row.get(args.text("field"));
    if (text !== null) assign(row, text.split(withoutGroups(args.text("sep", ","))), args);
  }),
  ext_json: change(
    "field prefix? suffix? format? sep? depth? expand_array? include_node? exclude_node? include_path? exclude_path? retain? escape?",
    (row, args) => {
      const field = args.text("field");
      const value = parseJson(row.get(field) ?? "");
      if (typeof value !== "object" || value === null) return;
      for (const [name, leaf] of leaves(value, field, args)) row.write(name, retained(leaf, args.text("retain")));
    },
  ),
  ext_json_jmes: change("field jmes output ignore_null? mode?", (row, args) => {
    const source = parseJson(row.get(args.text("field")) ?? "");
    if (source === undefined) return;
    const found = select(args.text("jmes"), source);
    if (found === null && args.flag("ignore_null", true)) return;
    row.write(args.text("output"), found ?? "", args.mode());
  }),
  ext_kv: change("field pair_sep? kv_sep? prefix? suffix? mode?", (row, args) => {
    const separator = args.text("kv_sep", "=");
    for (const pair of (row.get(args.text("field")) ?? "").split(pairSeparator(args.text("pair_sep", "\\s")))) {
      const at = pair.indexOf(separator);
      if (at <= 0) continue;
      const name = `${args.text("prefix")}${pair.slice(0, at)}${args.text("suffix")}`;
      row.write(name, pair.slice(at + separator.length), args.mode("fill-auto"));
    }
  }),
  /**
   * The first match provides the groups: named ones are written to fields of these names, the others to `output` in
   * order. A pattern without groups writes all its matches to `output`.
   */
  ext_regex: change("field regex output? mode?", (row, args) => {
    const text = row.get(args.text("field"));
    if (text === null) return;
    const pattern = args.text("regex");
    const [first, ...more] = [...text.matchAll(javaPattern(pattern))];
    if (!first) return;
    const names = namedGroups(pattern);
    const mode = args.mode();
    const unnamed = first.slice(1).filter((_, at) => names[at] === undefined);
    const values = first.length > 1 ? unnamed : [first, ...more].map(([whole]) => whole);
    for (const [name, value] of Object.entries(first.groups ?? {})) row.write(name, value ?? null, mode);
    for (const [at, name] of args.names("output").entries()) row.write(name, values[at] ?? null, mode);
  }),
  ext_first_notnull: expression("*", firstFilled),
  ext_grok: change("data grok extend? mode?", (row, args) => {
    const node = args.node("data");
    // In the documentation's examples it is the field's name, in its signature the field's value.
    const text = node?.kind === "literal" ? row.get(args.text("data")) : args.text("data");
    const fields = text === null ? undefined : grokFields(text, args.text("grok"), args.text("extend"));
    for (const [name, value] of Object.entries(fields ?? {})) row.write(name, value, args.mode());
  }),
};

/** The first value that is neither absent nor empty. */
export function firstFilled({ rest }: Args): Value {
  return rest.find((value) => !isNull(value) && value !== "") ?? null;
}

/** Additional fields get empty values; with `restrict` the numbers must be equal. */
function assign(row: Row, values: readonly string[], args: Args): void {
  const names = args.names("output");
  if (args.flag("restrict", false) && names.length !== values.length) return;
  for (const [at, name] of names.entries()) row.write(name, values[at] ?? "", args.mode());
}

/** JavaScript's `String.split` includes groups in its result. */
function withoutGroups(pattern: string): RegExp {
  if (namedGroups(pattern).length > 0) throw new RowFailure(`ext_sepstr: sep must have no groups, got ${pattern}`);
  return javaPattern(pattern);
}

/** A class of blanks is a pattern, anything else is literal. */
function pairSeparator(text: string): string | RegExp {
  return /^\\[a-z]\+?$/.test(text) ? javaPattern(text) : text;
}

/** The leaves of an object, by the names of their fields. */
function* leaves(root: Value, field: string, args: Args): Generator<[name: string, leaf: Value]> {
  const isFull = args.text("format", "simple") === "full";
  const [prefix, suffix, sep] = [args.text("prefix"), args.text("suffix"), args.text("sep", "#")];
  const depth = args.integer("depth", 100);
  const expandsArrays = args.flag("expand_array", false);
  const isTaken = (name: string, path: string): boolean => passes(args, "node", name) && passes(args, "path", path);

  function* walk(value: Value, path: readonly string[], level: number): Generator<[string, Value]> {
    const members: [string, Value][] | undefined =
      value instanceof Map
        ? [...(value as ReadonlyMap<string, Value>)]
        : Array.isArray(value) && expandsArrays
          ? (value as Value[]).map((item, at) => [String(at), item])
          : undefined;
    for (const [name, item] of members ?? []) {
      const isEnd = item === null || typeof item !== "object" || (Array.isArray(item) && !expandsArrays);
      if (!isEnd && level < depth) {
        if (passesExclusion(args, name)) yield* walk(item, [...path, name], level + 1);
        continue;
      }
      if (!isTaken(name, [...path.slice(1), name].join("."))) continue;
      const own = `${prefix}${name}${suffix}`;
      // In CLS's examples, the path of a top-level node is only included if it has a prefix.
      const hasPath = isFull && (path.length > 1 || own !== name);
      yield [hasPath ? `${sep}${[...path, own].join(sep)}` : own, item];
    }
  }
  yield* walk(root, [field], 1);
}

function passes(args: Args, what: "node" | "path", text: string): boolean {
  const [include, exclude] = [args.text(`include_${what}`), args.text(`exclude_${what}`)];
  return (include === "" || matchesWhole(include, text)) && (exclude === "" || !matchesWhole(exclude, text));
}

function passesExclusion(args: Args, name: string): boolean {
  const exclude = args.text("exclude_node");
  return exclude === "" || !matchesWhole(exclude, name);
}

/** Characters that stay escaped, such as `\n,\t`. */
function retained(leaf: Value, characters: string): Value {
  if (leaf === null) return "null";
  if (typeof leaf === "object") return jsonText(leaf);
  if (characters === "" || typeof leaf !== "string") return leaf;
  return [...new Set(characters.split(","))].reduce(
    (text, character) => (character === "" ? text : text.replaceAll(character, JSON.stringify(character).slice(1, -1))),
    textOf(leaf),
  );
}
