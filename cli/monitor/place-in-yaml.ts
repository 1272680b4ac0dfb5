import { type Document, isMap, isNode, isScalar, type Node, type Scalar } from "yaml";
import type { DefinitionProblem } from "../../monitor";
import type { Span } from "../../rules";

/**
 * Position of a problem in a YAML document: that of its key or value, or the nearest one around it; within a pattern or
 * a rule text, the exact position if the problem has one.
 */
export function spanIn(text: string, document: Document, { path, isKey, span }: DefinitionProblem): Span {
  for (let depth = path.length; depth > 0; depth--) {
    const keys = path.slice(0, depth);
    const isWhole = depth === path.length;
    const node: unknown = isWhole && isKey ? keyAt(document, keys) : document.getIn(keys, true);
    if (!isNode(node) || !node.range) continue;
    if (isWhole && span && isScalar(node)) return spanInScalar(text, node, span);
    return spanOf(text, node.range);
  }
  const start = document.contents?.range?.[0] ?? 0;
  return { start, end: start + 1 };
}

/** The first line of it: problems of an object are shown at its start. */
function spanOf(text: string, [start, end]: NonNullable<Node["range"]>): Span {
  const lineEnd = text.indexOf("\n", start);
  return { start, end: Math.max(start + 1, Math.min(end, lineEnd === -1 ? text.length : lineEnd)) };
}

function keyAt(document: Document, keys: DefinitionProblem["path"]): unknown {
  const map: unknown = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  return map.items.map(({ key }) => key).find((key) => isScalar(key) && String(key.value) === String(keys.at(-1)));
}

/** Converts offsets in a scalar's text, which can be quoted, escaped or indented, to offsets in the document. */
function spanInScalar(text: string, node: Scalar, span: Span): Span {
  const range = node.range as NonNullable<Node["range"]>;
  const offsets = offsetsOf(text, node, range);
  const start = offsets?.[span.start];
  if (offsets === undefined || start === undefined) return spanOf(text, range);
  return { start, end: offsets[span.end] ?? start + 1 };
}

/** Position in the text of each character of a scalar's value; undefined if lines were folded. */
function offsetsOf(
  text: string,
  { type, value }: Scalar,
  [start, end]: NonNullable<Node["range"]>,
): number[] | undefined {
  const source = text.slice(start, end);
  if (type === "BLOCK_LITERAL") return blockOffsets(source, start);
  if (/[\r\n]/.test(source.trimEnd()) || typeof value !== "string") return undefined;
  if (type === "PLAIN") return indexes(source, start, /[^]/g, 0);
  if (type === "QUOTE_SINGLE") return indexes(source.slice(0, -1), start, /''|[^]/g, 1);
  if (type !== "QUOTE_DOUBLE") return undefined;
  return indexes(source.slice(0, -1), start, /\\(?:x..|u....|U........|[^])|[^]/g, 1);
}

/** Start of each piece of the source that is one character of the value, and the end of the last. */
function indexes(source: string, start: number, piece: RegExp, from: number): number[] {
  const found = [...source.slice(from).matchAll(piece)].map((match) => start + from + match.index);
  return [...found, start + source.length];
}

/** A block after `|`: each line without the indentation of the first. */
function blockOffsets(source: string, start: number): number[] | undefined {
  const body = source.indexOf("\n") + 1;
  const indentation = /^(?:[ \t]*\r?\n)*( +)/.exec(source.slice(body))?.[1].length;
  if (indentation === undefined) return undefined;
  const offsets: number[] = [];
  let at = body;
  for (const line of source.slice(body).split("\n")) {
    for (let column = indentation; column <= line.length; column++) offsets.push(start + at + column);
    at += line.length + 1;
  }
  return offsets;
}
