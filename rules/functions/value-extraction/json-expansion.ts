import type { BoundCall } from "../../run/implementation";
import { checkFields, checkLength } from "../../run/length";
import { isDict, isList, type Value } from "../../run/values";
import { textOf } from "../common/options";
import { isFieldKeyword } from "./field-keyword";

/** The names above a node, starting with the field's name; a node that is not expanded further includes itself. */
export type Parents = readonly string[];

export interface Expansion {
  readonly depth: number;
  readonly expandsArrays: boolean;
  /** The key of an array's element; undefined if the format does not fit. */
  arrayName(parents: Parents, index: number): string | undefined;
  /** The field name of a leaf; undefined if the format does not fit. */
  name(current: string, parents: Parents): string | undefined;
  /** Whether a leaf is included. */
  accepts(current: string, parents: Parents): boolean;
}

/** Adds the leaves of a value to `found`; of leaves with the same name, the last remains. */
export function expandJson(field: string, value: Value, expansion: Expansion, found: Map<string, string>): void {
  let length = 0;
  expand(field, value, [field]);

  function expand(key: string, node: Value, parents: Parents): void {
    const entries = parents.length > expansion.depth ? undefined : entriesOf(node, parents, expansion);
    if (!entries) return addLeaf(key, node, parents);
    for (const [name, child] of entries) {
      if (isDict(child) || isList(child)) expand(name, child, [...parents, name]);
      else addLeaf(name, child, parents);
    }
  }

  function addLeaf(key: string, leaf: Value, parents: Parents): void {
    if (!expansion.accepts(key, parents)) return;
    const name = expansion.name(key, parents);
    if (name === undefined) return;
    // Names grow with the depth.
    checkLength((length += name.length));
    checkFields(found.set(name, textOf(leaf)).size);
  }
}

type Entries = Iterable<readonly [string, Value]>;

/** The members of a node to expand; undefined for a leaf. */
function entriesOf(node: Value, parents: Parents, { expandsArrays, arrayName }: Expansion): Entries | undefined {
  // The keys of a dict from JSON are strings, also after JMESPath.
  if (isDict(node)) return node as ReadonlyMap<string, Value>;
  if (!isList(node) || !expandsArrays) return undefined;
  return node.flatMap((item, index): (readonly [string, Value])[] => {
    const name = arrayName(parents, index);
    return name === undefined ? [] : [[name, item]];
  });
}

/** Patterns of leaves to include or exclude; empty ones accept everything. */
export interface NodePatterns {
  /** For the whole key; if empty, every valid field name. */
  readonly includeNode: string;
  readonly excludeNode: string;
  /** For the start of the path: the names joined by dots, starting with the field's name. */
  readonly includePath: string;
  readonly excludePath: string;
}

/** Whether a leaf is included, by its key and its path. */
export function nodeFilter(call: BoundCall, patterns: NodePatterns): (current: string, parents: Parents) => boolean {
  const takesKeywords = patterns.includeNode === "" || patterns.includeNode === call.default("include_node");
  const includeNode = takesKeywords ? isFieldKeyword : nodeTest(call, patterns.includeNode);
  const excludeNode = patterns.excludeNode === "" ? undefined : nodeTest(call, patterns.excludeNode);
  const includePath = patterns.includePath === "" ? undefined : pathTest(call, patterns.includePath);
  const excludePath = patterns.excludePath === "" ? undefined : pathTest(call, patterns.excludePath);

  return (current, parents) => {
    if (!includeNode(current) || excludeNode?.(current)) return false;
    if (!includePath && !excludePath) return true;
    const path = `${parents.join(".")}.${current}`;
    return (includePath?.(path) ?? true) && !excludePath?.(path);
  };
}

function nodeTest(call: BoundCall, pattern: string): (key: string) => boolean {
  const regex = call.regex(pattern);
  return (key) => regex.testFull(key);
}

function pathTest(call: BoundCall, pattern: string): (path: string) => boolean {
  const regex = call.regex(pattern);
  return (path) => regex.prefixMatch(path) !== null;
}
