import type { Graph, GraphEdge, GraphNode } from "./graph";
import { type Arrow, type Component, componentsOf } from "./layers";
import { EDGE_LABEL_LENGTH, NODE_NAME_LENGTH, NODE_TITLE_LENGTH, shortened, widthOf } from "./words";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PlacedNode extends Box {
  readonly node: GraphNode;
}

interface PlacedEdge {
  readonly edge: GraphEdge;
  /** Data of an SVG path, which begins at `from`. */
  readonly path: string;
  /** Position of its label. */
  readonly label: Box;
}

/** Positions of everything in a picture, in pixels from its upper left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const NODE_HEIGHT = 52;
/** The icon is to the left of a node's text. */
const NODE_PADDING = 58;
const LABEL_PADDING = 18;
const LABEL_HEIGHT = 20;
/** Between neighbours of a column. */
const GAP = 22;
const DUMMY_GAP = 12;
/** Between a node and the label of its edge. */
const COLUMN_GAP = 34;
const MARGIN = 16;
/** Between edges that begin at one node. */
const PORT_GAP = 11;
const SWEEPS = 40;

/** Something in a column: a node, or where an edge passes. */
interface Cell {
  readonly column: number;
  readonly height: number;
  readonly width: number;
  readonly node?: GraphNode;
  readonly edge?: GraphEdge;
  readonly left: Cell[];
  readonly right: Cell[];
  order: number;
  y: number;
}

/** @param withRates whether to leave room for a rate below each edge's label */
export function layoutOf(graph: Pick<Graph, "nodes" | "edges">, { withRates = false } = {}): Layout {
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  const known = new Map(graph.nodes.map((node) => [node.id, node]));
  let [top, width] = [MARGIN, 0];
  for (const component of componentsOf(graph)) {
    const placed = place(component, known, withRates);
    const move = <T extends Box>(box: T): T => ({ ...box, x: box.x + MARGIN, y: box.y + top });
    nodes.push(...placed.nodes.map(move));
    edges.push(
      ...placed.edges.map(({ edge, points, label }) => ({
        edge,
        path: pathThrough(points.map(({ x, y }) => ({ x: x + MARGIN, y: y + top }))),
        label: move(label),
      })),
    );
    top += placed.height + GAP * 1.5;
    width = Math.max(width, placed.width);
  }
  for (const edge of graph.edges.filter(({ from, to }) => from === to)) {
    const box = nodes.find(({ node }) => node.id === edge.from);
    if (box) edges.push(loopAt(box, edge));
  }
  return { width: width + 2 * MARGIN, height: Math.max(0, top - GAP * 1.5) + MARGIN, nodes, edges };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function place(component: Component, known: ReadonlyMap<string, GraphNode>, withRates: boolean) {
  const { cells, byNode, chains } = cellsOf(component, known, withRates);
  const columns: Cell[][] = [];
  for (const cell of cells) (columns[cell.column] ??= []).push(cell);
  const used = columns.map((column) => column ?? []);
  orderColumns(used);
  settle(used);
  const lefts = leftsOf(used);
  const top = Math.min(...cells.map(({ y, height }) => y - height / 2));
  const centre = (cell: Cell): Point => ({ x: lefts[cell.column].x + lefts[cell.column].width / 2, y: cell.y - top });
  const nodes = [...byNode].map(([, cell]) => {
    const node = cell.node as GraphNode;
    // Nodes are left-aligned in their column.
    return { node, x: lefts[cell.column].x, y: cell.y - top - cell.height / 2, width: cell.width, height: cell.height };
  });
  const boxes = new Map(nodes.map((box) => [box.node.id, box]));
  const ports = portsOf(chains, boxes);
  const edges = chains.map((chain) => {
    const { arrow, passes, label } = chain;
    const across = passes.flatMap((cell) => {
      const { x, width } = lefts[cell.column];
      const y = centre(cell).y;
      return [
        { x, y },
        { x: x + width, y },
      ];
    });
    const points = [ports.get(chain)?.left as Point, ...across, ports.get(chain)?.right as Point];
    const { x, y } = centre(label);
    // The line passes through the middle of the label, and the rate is below it.
    const box = {
      x: x - label.width / 2,
      y: y - LABEL_HEIGHT / 2,
      width: label.width,
      height: withRates ? 36 : LABEL_HEIGHT,
    };
    return { edge: arrow.edge, points: arrow.left === arrow.edge.from ? points : points.reverse(), label: box };
  });
  const last = lefts.at(-1);
  const bottom = Math.max(...cells.map(({ y, height }) => y + height / 2));
  return { nodes, edges, width: (last?.x ?? 0) + (last?.width ?? 0), height: bottom - top };
}

/** The path of an edge: the cells that it passes between its nodes, one of which contains its label. */
interface Chain {
  readonly arrow: Arrow;
  readonly passes: readonly Cell[];
  readonly label: Cell;
}

/** Nodes are in even columns; edges also pass through odd columns, which contain labels. */
function cellsOf({ columns, arrows }: Component, known: ReadonlyMap<string, GraphNode>, withRates: boolean) {
  const cells: Cell[] = [];
  const add = (cell: Omit<Cell, "left" | "right" | "order" | "y">): Cell => {
    const added = { ...cell, left: [], right: [], order: 0, y: 0 };
    cells.push(added);
    return added;
  };
  const least = Math.min(...columns.values());
  const byNode = new Map<string, Cell>();
  for (const [id, column] of columns) {
    const node = known.get(id) as GraphNode;
    byNode.set(id, add({ column: 2 * (column - least), height: NODE_HEIGHT, width: nodeWidth(node), node }));
  }
  const labelHeight = withRates ? 48 : LABEL_HEIGHT;
  const chains = arrows.map((arrow): Chain => {
    const [left, right] = [byNode.get(arrow.left), byNode.get(arrow.right)] as [Cell, Cell];
    const passes: Cell[] = [];
    // Next to the node at which the edge starts, where readers look for the action.
    const labelled = arrow.left === arrow.edge.from ? left.column + 1 : right.column - 1;
    for (let column = left.column + 1; column < right.column; column++) {
      const isLabel = column === labelled;
      const width = isLabel ? labelWidth(arrow.edge) : 0;
      passes.push(add({ column, height: isLabel ? labelHeight : 4, width, edge: arrow.edge }));
    }
    const way = [left, ...passes, right];
    for (const [index, cell] of way.slice(1).entries()) {
      way[index].right.push(cell);
      cell.left.push(way[index]);
    }
    return { arrow, passes, label: passes[labelled - left.column - 1] };
  });
  return { cells, byNode, chains };
}

export function nodeWidth({ title, name }: GraphNode): number {
  const text = Math.max(
    widthOf(shortened(title, NODE_TITLE_LENGTH), 8.3),
    widthOf(shortened(name, NODE_NAME_LENGTH), 6.7),
  );
  return Math.ceil(text + NODE_PADDING);
}

function labelWidth({ label }: GraphEdge): number {
  return label === "" ? 24 : Math.ceil(widthOf(shortened(label, EDGE_LABEL_LENGTH), 6.3) + LABEL_PADDING);
}

/**
 * Orders each column to reduce crossings: by the mean of the neighbours, in both directions, using the best of all
 * rounds.
 */
function orderColumns(columns: readonly Cell[][]): void {
  const number = (column: readonly Cell[]): void => column.forEach((cell, index) => (cell.order = index));
  columns.forEach(number);
  let best = { crossings: Infinity, orders: columns.map((column) => [...column]) };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForth = sweep % 2 === 0;
    for (const column of isForth ? columns : [...columns].reverse()) {
      const middles = new Map(column.map((cell) => [cell, middleOf(isForth ? cell.left : cell.right, cell.order)]));
      column.sort((one, other) => (middles.get(one) ?? 0) - (middles.get(other) ?? 0) || one.order - other.order);
      number(column);
    }
    const crossings = crossingsOf(columns);
    if (crossings < best.crossings) best = { crossings, orders: columns.map((column) => [...column]) };
    if (crossings === 0) break;
  }
  best.orders.forEach((order, index) => {
    columns[index].splice(0, order.length, ...order);
    number(columns[index]);
  });
}

function middleOf(neighbours: readonly Cell[], otherwise: number): number {
  if (neighbours.length === 0) return otherwise;
  return neighbours.reduce((sum, { order }) => sum + order, 0) / neighbours.length;
}

function crossingsOf(columns: readonly Cell[][]): number {
  let crossings = 0;
  for (const column of columns) {
    const lines = column.flatMap((cell) => cell.right.map((right) => [cell.order, right.order] as const));
    for (const [index, [from, to]] of lines.entries()) {
      for (const [otherFrom, otherTo] of lines.slice(index + 1)) {
        if ((from - otherFrom) * (to - otherTo) < 0) crossings++;
      }
    }
  }
  return crossings;
}

/** Moves cells to the height of their neighbours, as far as their column allows. */
function settle(columns: readonly Cell[][]): void {
  for (const column of columns) settleColumn(column, (cell) => cell.order * (NODE_HEIGHT + GAP));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForth = sweep % 2 === 0;
    for (const column of isForth ? columns : [...columns].reverse()) {
      settleColumn(column, (cell) => {
        const near = sweep > SWEEPS - 4 ? [...cell.left, ...cell.right] : isForth ? cell.left : cell.right;
        return near.length === 0 ? cell.y : near.reduce((sum, { y }) => sum + y, 0) / near.length;
      });
    }
  }
}

/**
 * The heights closest to the desired ones, in least squares, with the gaps kept: conflicting neighbours move together.
 */
function settleColumn(column: readonly Cell[], wish: (cell: Cell) => number): void {
  let offset = 0;
  const blocks: { cells: { cell: Cell; offset: number }[]; sum: number; weight: number }[] = [];
  for (const [index, cell] of column.entries()) {
    if (index > 0) {
      const above = column[index - 1];
      const gap = above.node && cell.node ? GAP : DUMMY_GAP;
      offset += above.height / 2 + gap + cell.height / 2;
    }
    const weight = cell.node ? 1 : 2;
    blocks.push({ cells: [{ cell, offset }], sum: weight * (wish(cell) - offset), weight });
    while (blocks.length > 1) {
      const [one, other] = blocks.slice(-2);
      if (one.sum / one.weight <= other.sum / other.weight) break;
      blocks.splice(-2, 2, {
        cells: [...one.cells, ...other.cells],
        sum: one.sum + other.sum,
        weight: one.weight + other.weight,
      });
    }
  }
  for (const { cells, sum, weight } of blocks) for (const one of cells) one.cell.y = sum / weight + one.offset;
}

function leftsOf(columns: readonly Cell[][]): { x: number; width: number }[] {
  let x = 0;
  return columns.map((column) => {
    const width = Math.max(0, ...column.map((cell) => cell.width));
    const left = { x, width };
    x += width + COLUMN_GAP;
    return left;
  });
}

/** Where edges start and end at their nodes: spread over the side, ordered by their other end. */
function portsOf(chains: readonly Chain[], boxes: ReadonlyMap<string, Box>) {
  const ports = new Map<Chain, { left: Point; right: Point }>(
    chains.map((chain) => [chain, { left: { x: 0, y: 0 }, right: { x: 0, y: 0 } }]),
  );
  for (const [id, box] of boxes) {
    for (const side of ["left", "right"] as const) {
      const own = chains.filter(({ arrow }) => arrow[side] === id);
      const near = ({ passes }: Chain): number => (side === "left" ? passes[0] : passes.at(-1))?.y ?? 0;
      own.sort((one, other) => near(one) - near(other));
      const gap = Math.min(PORT_GAP, (box.height - 12) / Math.max(1, own.length - 1));
      own.forEach((chain, index) => {
        const y = box.y + box.height / 2 + (index - (own.length - 1) / 2) * gap;
        const x = side === "left" ? box.x + box.width : box.x;
        const port = ports.get(chain);
        if (port) port[side] = { x, y };
      });
    }
  }
  return ports;
}

/** A smooth line through points, horizontal at each of them. */
function pathThrough([first, ...others]: readonly Point[]): string {
  const text = (value: number): string => String(Math.round(value * 10) / 10);
  let before = first;
  const curves = others.map((point) => {
    const middle = (before.x + point.x) / 2;
    const isLevel = Math.abs(before.y - point.y) < 0.5;
    const controls = `C${text(middle)} ${text(before.y)} ${text(middle)} ${text(point.y)} `;
    before = point;
    return `${isLevel ? "L" : controls}${text(point.x)} ${text(point.y)}`;
  });
  return `M${text(first.x)} ${text(first.y)}${curves.join("")}`;
}

/** An edge from a node to itself is drawn above it. */
function loopAt({ x, y, width }: Box, edge: GraphEdge): PlacedEdge {
  const [from, to] = [x + width * 0.7, x + width * 0.3];
  const path = `M${from} ${y}C${from} ${y - 24} ${to} ${y - 24} ${to} ${y}`;
  return { edge, path, label: { x: x + width / 2 - 12, y: y - 26, width: 24, height: 12 } };
}
