import type { Graph, GraphNode, NodeKind } from "./graph";
import { type Layout, layoutOf } from "./layout";
import { EDGE_LABEL_LENGTH, EDGE_WORDS, NODE_NAME_LENGTH, NODE_TITLE_LENGTH, NODE_WORDS, shortened } from "./words";

/** An element of a drawing, to be converted to text or DOM nodes. It has no styles: classes specify its kind. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Elements and texts. */
  readonly children: readonly (Element | string)[];
}

function element(tag: string, attributes: Element["attributes"], ...children: (Element | string)[]): Element {
  return { tag, attributes, children };
}

/**
 * The SVG picture of a graph.
 * @param withRates whether to leave room below each edge's label, for a text of class `rate`
 */
export function drawingOf(graph: Graph, { withRates = false } = {}): Element {
  const layout = layoutOf(graph, { withRates });
  const { width, height } = layout;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "graph",
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
      role: "group",
      "aria-label": `Stack ${graph.stacks.join(", ")}: ${graph.nodes.length} things, ${graph.edges.length} connections`,
    },
    element("defs", {}, ARROW),
    ...edgesOf(graph, layout, withRates),
    ...layout.nodes.map((box) => nodeElement(graph, box, withRates)),
  );
}

const ARROW = element(
  "marker",
  {
    id: "arrow",
    class: "arrow",
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: "auto",
  },
  element("path", { d: "M0 0.5L7.5 4L0 7.5Z" }),
);

function edgesOf(graph: Graph, { edges }: Layout, withRates: boolean): Element[] {
  const titles = new Map(graph.nodes.map(({ id, title }) => [id, title]));
  const lines = edges.map(({ edge, path }) =>
    element(
      "g",
      { class: `edge ${edge.kind}`, "data-edge": edge.id, "data-from": edge.from, "data-to": edge.to },
      element("path", { class: "line", d: path, "marker-end": "url(#arrow)" }),
    ),
  );
  const labels = edges.map(({ edge, label: { x, y, width, height } }) => {
    const words = `${titles.get(edge.from) ?? ""} ${EDGE_WORDS[edge.kind]} ${titles.get(edge.to) ?? ""}`;
    const middle = x + width / 2;
    const pill = edge.label === "" ? [] : [element("rect", { class: "pill", x, y, width, height: 20, rx: 10 })];
    const text = element("text", { x: middle, y: y + 14 }, shortened(edge.label, EDGE_LABEL_LENGTH));
    const rate = withRates ? [element("text", { class: "rate", x: middle, y: y + height - 4 })] : [];
    const attributes = {
      class: `label ${edge.kind}`,
      "data-edge": edge.id,
      tabindex: -1,
      role: "button",
      "aria-label": `${words}${edge.label === "" ? "" : `: ${edge.label}`}`,
    };
    return element("g", attributes, element("title", {}, words), ...pill, text, ...rate);
  });
  return [...lines, ...labels];
}

function nodeElement(
  graph: Graph,
  { node, x, y, width, height }: Layout["nodes"][number],
  withRates: boolean,
): Element {
  const { id, kind, title, name, isExternal } = node;
  const place = placeOf(graph, node);
  const words = `${NODE_WORDS[kind]} ${title}, ${name}${place === "" ? "" : `, ${place}`}${isExternal ? ", not in these stacks" : ""}`;
  return element(
    "g",
    {
      class: `node ${kind}${isExternal ? " external" : ""}`,
      transform: `translate(${Math.round(x)} ${Math.round(y)})`,
      "data-node": id,
      ...(node.bucket !== undefined && { "data-bucket": node.bucket }),
      tabindex: -1,
      role: "button",
      "aria-label": words,
    },
    element("title", {}, words),
    element("rect", { class: "card", width, height, rx: 9 }),
    element("rect", { class: "tile", x: 9, y: 10, width: 32, height: 32, rx: 7 }),
    element("path", { class: "icon", d: ICONS[kind], transform: "translate(15 16)" }),
    element("text", { class: "title", x: 50, y: 23 }, shortened(title, NODE_TITLE_LENGTH)),
    element("text", { class: "name", x: 50, y: 40 }, shortened(name, NODE_NAME_LENGTH)),
    ...(place === "" ? [] : [element("text", { class: "place", x: width - 8, y: -4 }, place)]),
    ...(withRates ? [element("text", { class: "rate", x: 8, y: height + 13 })] : []),
  );
}

/** Location of a node where it is not obvious: its stack if there are several, its region if there are several. */
function placeOf({ stacks, nodes }: Graph, { stack, region }: GraphNode): string {
  const regions = new Set(nodes.map((node) => node.region).filter(Boolean));
  return [stacks.length > 1 ? stack : "", regions.size > 1 ? (region ?? "") : ""].filter(Boolean).join(", ");
}

/** Icon lines of each kind, in a 20 by 20 grid. */
const ICONS: Readonly<Record<NodeKind, string>> = {
  topic: "M3 4H17M3 8H13M3 12H17M3 16H10",
  prefix: "M3 5C3 2 17 2 17 5V15C17 18 3 18 3 15ZM3 5C3 8 17 8 17 5M3 10C3 13 17 13 17 10",
  function: "M7 3C11 3 10 8 12 13C13 16 14 17 17 17M10 9L4 17",
  timer: "M10 3A7 7 0 1 0 10 17A7 7 0 1 0 10 3ZM10 6V10L13 12",
  url: "M10 3A7 7 0 1 0 10 17A7 7 0 1 0 10 3ZM3 10H17M10 3C6 7 6 13 10 17C14 13 14 7 10 3",
  source: "M3 10H13M9 5L14 10L9 15M17 4V16",
  webhook: "M4 10H15M11 6L15 10L11 14M4 4V16",
  server: "M4 3H16V9H4ZM4 11H16V17H4ZM7 6H9M7 14H9",
  ckafka: "M6 4V16M6 10L14 5M6 10L14 15M14 5V5.1M14 15V15.1M6 4V4.1M6 16V16.1",
  receiver: "M3 5H17V14H9L5 17V14H3ZM7 8H13M7 11H11",
  alarm: "M5 14V9C5 3 15 3 15 9V14L17 15H3ZM9 17H11",
  notice: "M3 5H17V15H3ZM3 5L10 11L17 5",
  role: "M7 7A3 3 0 1 0 7 13A3 3 0 1 0 7 7ZM10 10H17V13M14 10V12",
};

/** The drawing as markup text. */
export function markup({ tag, attributes, children }: Element): string {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : markup(child)));
  return `<${tag}${given.join("")}>${inner.join("")}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for a document, both between elements and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
