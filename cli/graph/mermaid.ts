import type { EdgeKind, Graph, GraphEdge, GraphNode, NodeKind } from "./graph";
import { NODE_WORDS } from "./words";

/** Marks on both sides of a node's text: https://mermaid.js.org/syntax/flowchart.html. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  topic: ["[/", "/]"],
  prefix: ["[(", ")]"],
  function: ["[[", "]]"],
  timer: ["((", "))"],
  url: ["([", "])"],
  source: ["([", "])"],
  webhook: ["([", "])"],
  server: ["[(", ")]"],
  ckafka: ["[(", ")]"],
  receiver: ["([", "])"],
  alarm: ["{{", "}}"],
  notice: ["([", "])"],
  role: [">", "]"],
};

/** Edges that are not a flow of logs. */
const DOTTED: readonly EdgeKind[] = ["quarantine", "state", "live", "watches", "may", "names", "consumed", "within"];

/**
 * The graph as a Mermaid flowchart, which GitHub and GitLab draw. Resources that are not drawn are listed at its end as
 * comments.
 */
export function mermaidOf(graph: Graph): string {
  const names = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const nodesOf = (stack: string): GraphNode[] => graph.nodes.filter((node) => node.stack === stack);
  const nodeLines =
    graph.stacks.length === 1
      ? graph.nodes.map((node) => `  ${nodeText(graph, node, names)}`)
      : graph.stacks.flatMap((stack, index) => [
          `  subgraph s${index}["${mermaidText(stack)}"]`,
          ...nodesOf(stack).map((node) => `    ${nodeText(graph, node, names)}`),
          "  end",
        ]);
  const external = graph.nodes.filter(({ isExternal }) => isExternal).map(({ id }) => names.get(id));
  const lines = [
    "flowchart LR",
    ...nodeLines,
    ...graph.edges.map((edge) => `  ${edgeText(edge, names)}`),
    ...(external.length > 0
      ? ["  classDef external stroke-dasharray: 4 3", `  class ${external.join(",")} external`]
      : []),
    ...graph.notDrawn.map(({ address, why }) => `  %% not drawn: ${oneLine(address)} (${oneLine(why)})`),
  ];
  return `${lines.join("\n")}\n`;
}

function nodeText({ roles }: Graph, node: GraphNode, names: ReadonlyMap<string, string>): string {
  const [begin, end] = SHAPES[node.kind];
  const role = roles.find(({ id }) => id === node.role);
  const lines = [node.title, node.name, ...(role ? [`role: ${count(role.rights.length, "right")}`] : [])];
  const distinct = lines.filter((line, index) => lines.indexOf(line) === index);
  return `${names.get(node.id) ?? ""}${begin}"${distinct.map(mermaidText).join("<br/>")}"${end}`;
}

function edgeText({ from, to, kind, label }: GraphEdge, names: ReadonlyMap<string, string>): string {
  const arrow = DOTTED.includes(kind) ? "-.->" : "-->";
  const text = label === "" ? "" : `|"${mermaidText(label)}"|`;
  return `${names.get(from) ?? ""} ${arrow}${text} ${names.get(to) ?? ""}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : what.endsWith("x") ? "es" : "s"}`;
}

/** Text within Mermaid's quotes, where entities have the form `#34;` and Markdown may be interpreted. */
function mermaidText(text: string): string {
  return oneLine(text).replace(/["#<>&`*_~\\]/g, (character) => `#${character.charCodeAt(0)};`);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ");
}

/** The kinds of nodes in a graph, in words, with their numbers. */
export function countsOf({ nodes }: Graph): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  return kinds.map((kind) => count(nodes.filter((node) => node.kind === kind).length, NODE_WORDS[kind])).join(", ");
}
