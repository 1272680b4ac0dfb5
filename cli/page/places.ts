import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "../graph/graph";
import { prefixIn } from "../graph/words";

/** Finds nodes and edges of a graph by the names in events: physical names, buckets and keys. */
export class Places {
  readonly #graph: Graph;
  readonly #nodes = new Map<string, GraphNode[]>();
  readonly #edges = new Map<string, GraphEdge[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const node of graph.nodes) push(this.#nodes, `${node.kind} ${node.name}`, node);
    for (const edge of graph.edges) {
      push(this.#edges, `from ${edge.from}`, edge);
      push(this.#edges, `to ${edge.to}`, edge);
    }
  }

  /** The node with a name; if two regions have the same name, that of the region. */
  node(kind: NodeKind, name: string, region?: string): GraphNode | undefined {
    const all = this.#nodes.get(`${kind} ${name}`) ?? [];
    return all.find((node) => node.region === region) ?? all[0];
  }

  /** The longest prefix of a bucket that contains a key. */
  prefix(bucket: string, key: string): GraphNode | undefined {
    const all = (this.#nodes.get(`prefix ${bucket}`) ?? []).filter((node) => key.startsWith(prefixIn(node)));
    return all.sort((one, other) => prefixIn(other).length - prefixIn(one).length)[0];
  }

  /** Edges between two nodes, one of which can be any. */
  edges(kind: EdgeKind, { from, to }: { from?: GraphNode; to?: GraphNode }): GraphEdge[] {
    const all = (from && this.#edges.get(`from ${from.id}`)) ?? (to && this.#edges.get(`to ${to.id}`)) ?? [];
    return all.filter((edge) => edge.kind === kind && (!from || edge.from === from.id) && (!to || edge.to === to.id));
  }

  /** Whether a function writes to a topic: by an output, its log, or alerts. */
  isWrittenTo(to: GraphNode): boolean {
    return (["writes", "logs", "records", "live"] as const).some((kind) => this.edges(kind, { to }).length > 0);
  }

  nodeOf(id: string): GraphNode | undefined {
    return this.#graph.nodes.find((node) => node.id === id);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
