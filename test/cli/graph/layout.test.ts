import * as fc from "fast-check";
import type { EdgeKind, GraphEdge, GraphNode } from "../../../cli/graph/graph";
import { layoutOf } from "../../../cli/graph/layout";
import { drawingOf, markup } from "../../../cli/graph/drawing";
import { mermaidOf } from "../../../cli/graph/mermaid";
import { shortened } from "../../../cli/graph/words";
import { layoutFaults } from "./layout-faults";

const KINDS: EdgeKind[] = ["ships", "delivers", "writes", "quarantine", "live", "may"];

/** Any graph: with circles, edges of a node to itself, and parts that do not hang together. */
const GRAPHS = fc
  .record({
    titles: fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { minLength: 1, maxLength: 14 }),
    pairs: fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.constantFrom(...KINDS), fc.string({ maxLength: 40 })), {
      maxLength: 24,
    }),
  })
  .map(({ titles, pairs }) => {
    const nodes = titles.map((title, index): GraphNode => ({
      id: `n${index}`,
      kind: "topic",
      title,
      name: title,
      stack: "s",
      isExternal: false,
      details: [],
      parts: [],
    }));
    const edges = new Map<string, GraphEdge>();
    for (const [one, other, kind, label] of pairs) {
      const [from, to] = [one, other].map((index) => `n${index % titles.length}`);
      const id = `${from} ${kind} ${to}`;
      edges.set(id, { id, from, to, kind, label, details: [], parts: [] });
    }
    return { nodes, edges: [...edges.values()] };
  });

it("places all of any graph, nothing over anything, and has each edge join its nodes", () => {
  fc.assert(
    fc.property(GRAPHS, (graph) => expect(layoutFaults(graph, layoutOf(graph))).toEqual([])),
    { numRuns: 60 },
  );
});

it("is a picture of nothing where there is nothing", () => {
  expect(layoutOf({ nodes: [], edges: [] })).toEqual({ width: 32, height: 16, nodes: [], edges: [] });
});

it("puts what logs reach to the right of where they come from", () => {
  const ids = ["d", "c", "b", "a"];
  const nodes = ids.map((id): GraphNode => ({
    id,
    kind: "topic",
    title: id,
    name: id,
    stack: "s",
    isExternal: false,
    details: [],
    parts: [],
  }));
  const edges = [
    ["a", "b"],
    ["b", "c"],
    ["a", "d"],
    ["c", "d"],
  ].map(([from, to]): GraphEdge => ({
    id: from + to,
    from,
    to,
    kind: "ships",
    label: "x",
    details: [],
    parts: [],
  }));
  const placed = layoutOf({ nodes, edges }).nodes;
  const left = (id: string): number => placed.find(({ node }) => node.id === id)?.x ?? NaN;
  expect([...ids].sort((one, other) => left(one) - left(other))).toEqual(["a", "b", "c", "d"]);
});

it("is text as text, whatever stands in it", () => {
  fc.assert(
    fc.property(GRAPHS, fc.string(), ({ nodes, edges }, hostile) => {
      const evil = `<script>alert("1")</script>]]>&'"\`\n%%${hostile}`;
      const given = nodes.map((node) => ({ ...node, title: evil + node.title }));
      const graph = { version: 1 as const, stacks: ["s"], nodes: given, edges, buckets: [], roles: [], notDrawn: [] };
      const drawn = markup(drawingOf(graph));
      expect(drawn).not.toContain("<script");
      expect(drawn.replace(/<\/?[a-z]+( [\w:-]+="[^"<>]*")*>/gi, "")).not.toMatch(/[<>]/);
      const lines = mermaidOf(graph).trimEnd().split("\n");
      expect(lines).toHaveLength(1 + nodes.length + edges.length);
      expect(lines.slice(1, 1 + nodes.length).every((line) => line.split('"').length === 3)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it("cuts a long text in its middle, by characters that people see as one", () => {
  expect(shortened("short", 10)).toBe("short");
  expect(shortened("logs-access-batch-bucket-85051b-1250000000", 21)).toBe("logs-acces…1250000000");
  expect(shortened("日志日志日志日志", 5)).toBe("日志…日志");
});
