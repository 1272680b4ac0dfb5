import type { Node } from "./syntax";

/** Minimum and maximum number of characters that a node can match. */
export interface Width {
  readonly min: number;
  readonly max: number;
}

const NOTHING: Width = { min: 0, max: 0 };

const known = new WeakMap<Node, Width>();

export function widthOf(node: Node): Width {
  const width = known.get(node) ?? measure(node);
  known.set(node, width);
  return width;
}

/** Whether it can match the empty string. */
export function isNullable(node: Node): boolean {
  return widthOf(node).min === 0;
}

function measure(node: Node): Width {
  switch (node.kind) {
    case "set":
      return { min: 1, max: 1 };
    case "sequence":
      return node.items
        .map(widthOf)
        .reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }), NOTHING);
    case "choice":
      return widest(node.options);
    case "condition":
      return widest([node.yes, node.no]);
    case "repeat": {
      const { min, max } = widthOf(node.body);
      return { min: min * node.min, max: max === 0 ? 0 : max * node.max };
    }
    case "capture":
    case "atomic":
      return widthOf(node.body);
    case "reference":
      return { min: 0, max: Infinity };
    default:
      return NOTHING;
  }
}

function widest(options: readonly Node[]): Width {
  const widths = options.map(widthOf);
  return { min: Math.min(...widths.map(({ min }) => min)), max: Math.max(...widths.map(({ max }) => max)) };
}
