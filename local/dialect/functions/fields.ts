import { change, expression, type Args, type BoundNode, type Definitions } from "../definition";
import { matchesWhole } from "../java-regex";
import { parseJson } from "../json";
import type { Row } from "../row";
import { jsonText, RowFailure, textOf, type Value } from "../values";

/** Functions on a row's fields. Fact: docs/design/facts/rules.md#dialect-fields. */
export const FIELDS: Definitions = {
  v: expression("field", (args) => args.fields.get(args.text("field"))),
  fields_drop: change("* regex? nest?", (row, args) => {
    const names = args.rest.map(textOf);
    if (args.flag("nest", false)) return names.forEach((path) => dropNested(row, path));
    for (const name of named(row, names, args)) row.fields.delete(name);
  }),
  fields_keep: change("* regex?", (row, args) => {
    const kept = new Set(named(row, args.rest.map(textOf), args));
    for (const name of [...row.fields.keys()]) if (!kept.has(name)) row.fields.delete(name);
  }),
  fields_pack: change("output include? exclude? drop_packed?", (row, args) => {
    const [include, exclude] = [args.text("include", ".*"), args.text("exclude")];
    const packed = [...row.fields].filter(
      ([name]) => matchesWhole(include, name) && (exclude === "" || !matchesWhole(exclude, name)),
    );
    if (args.flag("drop_packed", false)) for (const [name] of packed) row.fields.delete(name);
    row.write(args.text("output"), jsonText(new Map<string, Value>(packed)));
  }),
  fields_set: change("* mode?", (row, args) => {
    for (const [name, node] of pairs(args)) row.write(textOf(args.evaluate(name)), written(node, args), args.mode());
  }),
  fields_rename: change("* regex?", (row, args) => {
    for (const [from, to] of pairs(args)) {
      const name = textOf(args.evaluate(to));
      for (const old of named(row, [textOf(args.evaluate(from))], args)) {
        const value = row.get(old);
        row.fields.delete(old);
        row.write(name, value);
      }
    }
  }),
  has_field: expression("field", (args) => args.fields.fields.has(args.text("field"))),
  not_has_field: expression("field", (args) => !args.fields.fields.has(args.text("field"))),
};

/** The row's fields with these names, or that match these patterns. */
function named({ fields }: Row, names: readonly string[], args: Args): string[] {
  if (!args.flag("regex", false)) return names.filter((name) => fields.has(name));
  return [...fields.keys()].filter((name) => names.some((pattern) => matchesWhole(pattern, name)));
}

function pairs(args: Args): (readonly [BoundNode, BoundNode])[] {
  const nodes = args.restNodes;
  if (nodes.length % 2 === 1) throw new RowFailure("names and values must come in pairs");
  return nodes.flatMap((node, at) => (at % 2 === 0 ? [[node, nodes[at + 1]] as const] : []));
}

/** True and False in the statement text are written capitalized, those from functions are not. */
function written(node: BoundNode, args: Args): Value {
  const value = args.evaluate(node);
  return node.kind === "literal" && typeof value === "boolean" ? String(value).toUpperCase() : value;
}

/** `message.user.id`: removes a member of the JSON object in a field. */
function dropNested(row: Row, path: string): void {
  const [field, ...members] = path.split(".");
  const root = parseJson(row.get(field) ?? "");
  const last = members.pop();
  if (last === undefined) return void row.fields.delete(field);
  const parent = members.reduce<Value | undefined>(
    (value, name) => (value instanceof Map ? (value as ReadonlyMap<string, Value>).get(name) : undefined),
    root,
  );
  if (root === undefined || !(parent instanceof Map) || !parent.delete(last)) return;
  row.fields.set(field, jsonText(root));
}
