import type { Detail, Drawn, EdgeKind, GraphBucket, GraphEdge, GraphNode, NodeKind, Part } from "./graph";
import { type Pointed, References, type Resource, type Stack } from "./plan";
import { prefixTitle } from "./words";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

interface NewNode {
  readonly kind: NodeKind;
  readonly title: string;
  readonly name: string;
  readonly stack: Stack;
  readonly region?: string;
  readonly isExternal?: boolean;
  readonly details?: readonly Detail[];
  readonly bucket?: string;
}

interface NewEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly kind: EdgeKind;
  readonly label: string;
  readonly details?: readonly Detail[];
  readonly of: readonly Resource[];
}

/** A graph while it is drawn: nodes and edges, and the resources that they represent. */
export class Sketch {
  readonly references: References;
  readonly #nodes = new Map<string, Mutable<GraphNode>>();
  readonly #edges = new Map<string, Mutable<GraphEdge>>();
  readonly #buckets = new Map<string, Mutable<GraphBucket>>();
  /** By the key of a resource: the nodes and edges that represent it. */
  readonly #standing = new Map<string, Drawn[]>();
  /** Pairs of nodes of which one names the other in a detail. */
  readonly #told = new Set<string>();

  constructor(readonly stacks: readonly Stack[]) {
    this.references = new References(stacks);
  }

  get resources(): Resource[] {
    return this.stacks.flatMap(({ resources }) => resources);
  }

  get nodes(): readonly GraphNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly GraphEdge[] {
    return [...this.#edges.values()];
  }

  get buckets(): readonly GraphBucket[] {
    return [...this.#buckets.values()];
  }

  /** Resources of a type, such as `tencentcloud_cls_topic`. */
  ofType(type: string): Resource[] {
    return this.resources.filter((one) => one.type === type && !one.isData);
  }

  /** The node that represents a resource; undefined if there is none. */
  nodeOf(resource: Resource | undefined): GraphNode | undefined {
    return resource && this.#nodes.get(resource.key);
  }

  isDrawn(resource: Resource): boolean {
    return this.#standing.has(resource.key);
  }

  /** Draws the node of a resource. */
  draw(resource: Resource, node: Omit<NewNode, "title" | "stack" | "region">): GraphNode {
    const { stack, region } = resource;
    const drawn = this.add(resource.key, { ...node, title: this.titleOf(resource), stack, region });
    this.standFor(drawn, resource);
    return drawn;
  }

  /** Adds a node, or returns the existing one with the id. */
  add(id: string, { stack, isExternal = false, details = [], ...rest }: NewNode): GraphNode {
    const known = this.#nodes.get(id);
    if (known) return known;
    const node = { id, ...rest, stack: stack.name, isExternal, details: [...details], parts: [] };
    this.#nodes.set(id, node);
    return node;
  }

  /** Adds an edge; if it already exists, extends its label and resources. */
  connect({ from, to, kind, label, details = [], of }: NewEdge): GraphEdge {
    const id = `${from.id} ${kind} ${to.id}`;
    let edge = this.#edges.get(id);
    if (edge) {
      const labels = edge.label.split(", ");
      if (label !== "" && !labels.includes(label)) edge.label = [...labels, label].join(", ");
      edge.details.push(...details);
    } else {
      edge = { id, from: from.id, to: to.id, kind, label, details: [...details], parts: [] };
      this.#edges.set(id, edge);
    }
    for (const resource of of) this.standFor(edge, resource);
    return edge;
  }

  /** Whether the picture shows a relation between two nodes: by an edge, or by a detail. */
  isConnected(one: string, other: string): boolean {
    if (this.#told.has(`${one} ${other}`)) return true;
    return this.edges.some(({ from, to }) => (from === one && to === other) || (from === other && to === one));
  }

  /** Makes a node or an edge represent a resource. */
  standFor(drawn: Drawn, resource: Resource): void {
    const standing = this.#standing.get(resource.key) ?? [];
    if (standing.includes(drawn)) return;
    (drawn.parts as Part[]).push(partOf(resource));
    this.#standing.set(resource.key, [...standing, drawn]);
  }

  /** The elements that represent a resource. */
  standingFor(resource: Resource): readonly Drawn[] {
    return this.#standing.get(resource.key) ?? [];
  }

  tell(drawn: Drawn, name: string, value: unknown): void {
    if (value === undefined || value === null || value === "") return;
    (drawn.details as Detail[]).push({ name, value: typeof value === "string" ? value : JSON.stringify(value) });
  }

  /** Adds a detail that a node names another, if that is not a flow of logs. */
  tellNamed(node: GraphNode, name: string, named: GraphNode, as: string): void {
    const value = `${as}: ${named.title}`;
    if (!node.details.some((detail) => detail.value === value)) this.tell(node, name, value);
    this.#told.add(`${node.id} ${named.id}`);
  }

  setRole(node: GraphNode, role: string): void {
    (node as Mutable<GraphNode>).role = role;
  }

  /** The topic of a value: one of the stacks, or an external one. */
  topicOf(value: unknown, stack: Stack, region?: string): GraphNode {
    const topic = this.nodeOf(this.references.one(value, stack, "tencentcloud_cls_topic"));
    if (topic) return topic;
    const name = this.readable(value, stack);
    return this.add(`topic ${name}`, { kind: "topic", title: name, name, stack, region, isExternal: true });
  }

  /** The bucket of a value, also by its full name, which is unique. */
  bucketOf(value: unknown, stack: Stack): GraphBucket {
    const resource = this.references.one(value, stack, "tencentcloud_cos_bucket");
    const name = resource ? this.readable(resource.arguments.bucket, resource.stack) : this.readable(value, stack);
    const same = [...this.#buckets.values()].find((one) => (resource ? one.id === resource.key : one.name === name));
    if (same) return same;
    const title = resource ? this.titleOf(resource) : name;
    const id = resource?.key ?? `bucket ${name}`;
    const owner = (resource?.stack ?? stack).name;
    const bucket = { id, title, name, stack: owner, isExternal: !resource, prefixes: [] };
    this.#buckets.set(id, bucket);
    return bucket;
  }

  /** A prefix of a bucket; "" is the whole bucket. */
  prefixOf(bucket: GraphBucket, prefix: string, region?: string): GraphNode {
    const id = `${bucket.id}/${prefix}`;
    const known = this.#nodes.get(id);
    if (known) return known;
    const { isExternal, name } = bucket;
    const stack = this.stacks.find((one) => one.name === bucket.stack) as Stack;
    const resource = this.resources.find(({ key }) => key === bucket.id);
    const place = { stack, region: resource?.region ?? region };
    const node = this.add(id, {
      kind: "prefix",
      title: prefixTitle(prefix),
      name,
      ...place,
      isExternal,
      bucket: bucket.id,
    });
    (bucket.prefixes as string[]).push(id);
    if (resource) this.standFor(node, resource);
    return node;
  }

  /** Path of a resource's construct in its stack's code: `AccessBatch/Function`. */
  titleOf({ path, stack }: Resource): string {
    const within = path.startsWith(`${stack.name}/`) ? path.slice(stack.name.length + 1) : path;
    return within.replace(/\/Resource$/, "") || path;
  }

  /**
   * A plan's text for people: references are replaced by their value, if the plan contains it, otherwise by what they
   * refer to.
   */
  readable(value: unknown, stack: Stack, depth = 0): string {
    if (typeof value !== "string") return value === undefined ? "" : JSON.stringify(value);
    return value.replace(/\$\{([^${}]*)\}/g, (whole, expression: string) => {
      const all = this.references.in(whole, stack);
      const [only] = all;
      if (all.length !== 1 || depth > 4) return expression.startsWith("var.") ? expression : whole;
      return this.#valueOf(only, depth);
    });
  }

  #valueOf({ resource, attribute }: Pointed, depth: number): string {
    const value = resource.arguments[attribute];
    if (typeof value === "string") return this.readable(value, resource.stack, depth + 1);
    const what = resource.type.replace(/^tencentcloud_/, "");
    return resource.isData ? `<${attribute}>` : `<${what.split("_").at(-1)} ${this.titleOf(resource)}>`;
  }
}

export function partOf({ address, path, stack }: Resource): Part {
  return { address, path, stack: stack.name };
}
