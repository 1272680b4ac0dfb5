import type { EdgeKind, Graph, GraphEdge, GraphNode } from "./graph";

/** Edges that matter less for positions: logs flow from left to right, and permissions follow what they are for. */
const WEAK: readonly EdgeKind[] = ["live", "state", "may", "names"];

/** An edge for the layering. */
export interface Arrow {
  readonly edge: GraphEdge;
  /** The node on the left, and the node on the right. */
  readonly left: string;
  readonly right: string;
}

/** Connected nodes, with their columns from 0. */
export interface Component {
  readonly columns: ReadonlyMap<string, number>;
  readonly arrows: readonly Arrow[];
}

/** The connected components of a graph, largest first, each in columns. Edges from a node to itself are left out. */
export function componentsOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Component[] {
  const between = edges.filter(({ from, to }) => from !== to);
  return connected(nodes, between)
    .map((ids) => {
      const arrows = arrowsOf(between.filter(({ from }) => ids.has(from)));
      return { columns: columnsOf([...ids], arrows), arrows };
    })
    .sort((one, other) => other.columns.size - one.columns.size);
}

function connected(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Set<string>[] {
  const groups = new Map(nodes.map(({ id }) => [id, new Set([id])]));
  for (const { from, to } of edges) {
    const [one, other] = [groups.get(from), groups.get(to)];
    if (!one || !other || one === other) continue;
    for (const id of other) groups.set(id, one.add(id));
  }
  return [...new Set(groups.values())];
}

/** Reverses edges that would lead back: of two directions, the one that matters less. */
function arrowsOf(edges: readonly GraphEdge[]): Arrow[] {
  const rank = ({ kind }: GraphEdge): number => WEAK.indexOf(kind);
  const next = new Map<string, string[]>();
  return [...edges]
    .sort((one, other) => rank(one) - rank(other))
    .map((edge) => {
      const isBack = leadsTo(edge.to, edge.from, next);
      const [left, right] = isBack ? [edge.to, edge.from] : [edge.from, edge.to];
      next.set(left, [...(next.get(left) ?? []), right]);
      return { edge, left, right };
    });
}

function leadsTo(from: string, to: string, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(next.get(id) ?? []));
  }
  return false;
}

/** Each node is to the right of all its predecessors; a node without predecessors is close to its successors. */
function columnsOf(ids: readonly string[], arrows: readonly Arrow[]): Map<string, number> {
  const strong = arrows.filter(({ edge }) => !WEAK.includes(edge.kind));
  const columns = new Map(ids.map((id) => [id, 0]));
  const at = (id: string): number => columns.get(id) ?? 0;
  for (let round = 0; round < ids.length; round++) {
    let isDone = true;
    for (const { left, right } of arrows) {
      if (at(right) > at(left)) continue;
      columns.set(right, at(left) + 1);
      isDone = false;
    }
    if (isDone) break;
  }
  const hasLeft = new Set(arrows.map(({ right }) => right));
  for (const id of ids.filter((one) => !hasLeft.has(one))) {
    const own = arrows.filter(({ left }) => left === id);
    const closest = strong.filter(({ left }) => left === id);
    const rights = (closest.length > 0 ? closest : own).map(({ right }) => at(right));
    if (rights.length > 0) columns.set(id, Math.min(...own.map(({ right }) => at(right)), ...rights) - 1);
  }
  return columns;
}
