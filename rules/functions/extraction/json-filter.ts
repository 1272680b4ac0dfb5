import type { BoundCall } from "../../run/implementation";
import { isFieldKeyword } from "../keyword";
import type { Parents } from "./json-expansion";

/** Patterns of leaves that are wanted or not; empty ones let everything pass. */
export interface NodePatterns {
  /** Of the whole key; what may be the name of a field where empty. */
  readonly includeNode: string;
  readonly excludeNode: string;
  /** Of the beginning of the path, its names joined by dots, the name of the field first. */
  readonly includePath: string;
  readonly excludePath: string;
}

/** Whether a leaf is wanted, by its key and its path. */
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
