import type { Graph } from "../../../cli/graph/graph";
import type { Box, Layout } from "../../../cli/graph/layout";

/** What is wrong with a layout: what is missing, what lies over what, which edge does not end where it should. */
export function layoutFaults({ nodes, edges }: Pick<Graph, "nodes" | "edges">, layout: Layout): string[] {
  const boxes = new Map(layout.nodes.map((box) => [box.node.id, box]));
  const missing = [
    ...nodes.filter(({ id }) => !boxes.has(id)).map(({ id }) => `${id} must be placed`),
    ...edges
      .filter(({ id }) => !layout.edges.some(({ edge }) => edge.id === id))
      .map(({ id }) => `${id} must be placed`),
  ];
  const labels = layout.edges.filter(({ edge }) => edge.from !== edge.to);
  const all: [string, Box][] = [
    ...layout.nodes.map((box): [string, Box] => [box.node.id, box]),
    ...labels.map(({ edge, label }): [string, Box] => [edge.id, label]),
  ];
  const over = all.flatMap(([id, box], index) =>
    all.slice(index + 1).flatMap(([other, otherBox]) => (overlap(box, otherBox) ? [`${id} lies over ${other}`] : [])),
  );
  const outside = all
    .filter(
      ([, box]) => box.x < 0 || box.y < 0 || box.x + box.width > layout.width || box.y + box.height > layout.height,
    )
    .map(([id]) => `${id} must lie within the picture`);
  const loose = layout.edges.flatMap(({ edge, path }) => {
    const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number);
    const [begin, end] = [numbers.slice(0, 2), numbers.slice(-2)] as [number[], number[]];
    const touches = ([x, y]: number[], box: Box | undefined): boolean =>
      box !== undefined &&
      x >= box.x - 1 &&
      x <= box.x + box.width + 1 &&
      y >= box.y - 1 &&
      y <= box.y + box.height + 1;
    return touches(begin, boxes.get(edge.from)) && touches(end, boxes.get(edge.to))
      ? []
      : [`${edge.id} must join its nodes`];
  });
  return [...missing, ...over, ...outside, ...loose];
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width - 0.5 &&
    other.x < one.x + one.width - 0.5 &&
    one.y < other.y + other.height - 0.5 &&
    other.y < one.y + one.height - 0.5
  );
}
