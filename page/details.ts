import type { Graph, GraphEdge, GraphNode, GraphRole, Part } from "../cli/graph/graph";
import { EDGE_WORDS, NODE_WORDS } from "../cli/graph/words";
import { make } from "./dom";

/** Details of a node or an edge of the graph, as elements. */
export function detailsOf(graph: Graph, id: string, select: (id: string) => void): HTMLElement {
  const node = graph.nodes.find((one) => one.id === id);
  if (node) return nodeDetails(graph, node, select);
  const edge = graph.edges.find((one) => one.id === id);
  return edge ? edgeDetails(graph, edge, select) : overview(graph);
}

function overview(graph: Graph): HTMLElement {
  return make(
    "div",
    {},
    make("h2", {}, `Stack ${graph.stacks.join(", ")}`),
    make("p", {}, "Select a card or a label to see what it is, its connections, and the resources that it represents."),
    make(
      "p",
      { class: "hint" },
      "Arrow keys move, Enter selects, Escape clears the selection, + and - zoom, 0 shows all.",
    ),
  );
}

function nodeDetails(graph: Graph, node: GraphNode, select: (id: string) => void): HTMLElement {
  const role = graph.roles.find(({ id }) => id === node.role || id === node.id);
  const place = [node.stack, node.region, node.isExternal ? "not in these stacks" : undefined]
    .filter(Boolean)
    .join(", ");
  return make(
    "div",
    {},
    make("p", { class: `kind ${node.kind}` }, NODE_WORDS[node.kind]),
    make("h2", {}, node.title),
    make("p", { class: "name" }, node.name),
    make("p", { class: "hint" }, place),
    listOf(node.details),
    connections(graph, node, select),
    role && roleDetails(role),
    partsOf(node.parts),
  );
}

function edgeDetails(graph: Graph, edge: GraphEdge, select: (id: string) => void): HTMLElement {
  const end = (id: string): HTMLElement => nodeButton(graph, id, select);
  return make(
    "div",
    {},
    make("p", { class: "kind" }, EDGE_WORDS[edge.kind]),
    make("h2", {}, edge.label || EDGE_WORDS[edge.kind]),
    make("p", {}, end(edge.from), ` ${EDGE_WORDS[edge.kind]} `, end(edge.to)),
    listOf(edge.details),
    partsOf(edge.parts),
  );
}

function nodeButton(graph: Graph, id: string, select: (id: string) => void): HTMLElement {
  const node = graph.nodes.find((one) => one.id === id);
  const button = make("button", { type: "button", class: "link" }, node?.title ?? id);
  button.addEventListener("click", () => select(id));
  return button;
}

function listOf(details: readonly { name: string; value: string }[]): HTMLElement | undefined {
  if (details.length === 0) return undefined;
  const entries = details.flatMap(({ name, value }) => {
    const isLong = value.includes("\n") || value.length > 60;
    return [make("dt", {}, name), make("dd", {}, isLong ? make("pre", {}, value) : value)];
  });
  return make("dl", {}, ...entries);
}

function connections(graph: Graph, { id }: GraphNode, select: (id: string) => void): HTMLElement | undefined {
  const own = graph.edges.filter(({ from, to }) => from === id || to === id);
  if (own.length === 0) return undefined;
  const items = own.map(({ from, to, kind, label }) => {
    const text = label === "" ? "" : ` (${label})`;
    if (from === id) return make("li", {}, `${EDGE_WORDS[kind]} `, nodeButton(graph, to, select), text);
    return make("li", {}, nodeButton(graph, from, select), ` ${EDGE_WORDS[kind]} this${text}`);
  });
  return make("section", {}, make("h3", {}, "Connections"), make("ul", {}, ...items));
}

/** Permissions of a role, as a table. */
function roleDetails({ title, name, trusts, rights, policies }: GraphRole): HTMLElement {
  const rows = rights.map(({ effect, actions, on }) =>
    make("tr", {}, make("td", {}, `${effect === "deny" ? "not: " : ""}${actions.join(", ")}`), make("td", {}, on)),
  );
  const head = make("tr", {}, make("th", { scope: "col" }, "may"), make("th", { scope: "col" }, "on"));
  return make(
    "section",
    {},
    make("h3", {}, `Role ${title}`),
    make("p", { class: "name" }, name),
    make("p", { class: "hint" }, `assumed by ${trusts.join(", ") || "nobody"}`),
    policies.length > 0 ? make("p", {}, `policies: ${policies.join(", ")}`) : undefined,
    rows.length > 0
      ? make("div", { class: "wide" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)))
      : undefined,
  );
}

function partsOf(parts: readonly Part[]): HTMLElement | undefined {
  if (parts.length === 0) return undefined;
  const items = parts.map(({ address, path }) =>
    make("li", {}, make("code", {}, address), make("span", { class: "hint" }, path)),
  );
  return make("section", {}, make("h3", {}, "Resources of the plan"), make("ul", { class: "parts" }, ...items));
}
