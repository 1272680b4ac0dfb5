import type { Graph } from "../cli/graph/graph";
import { detailsOf } from "./details";

/** Factor between two zoom steps. */
const ZOOM_STEP = 1.2;
const ZOOM_RANGE = [0.2, 3] as const;
/** Minimum zoom, so that the initial view is readable; users scroll to the rest. */
const READABLE = 0.62;

interface Parts {
  /** The scrolling element. */
  readonly canvas: HTMLElement;
  readonly details: HTMLElement;
}

/** A graph's picture that can be navigated by mouse, touch and keyboard. */
export class GraphView {
  readonly #graph: Graph;
  readonly #svg: SVGSVGElement;
  readonly #parts: Parts;
  readonly #size: readonly [number, number];
  readonly #rates = new Map<string, Element>();
  #zoom = 1;
  #selected = "";

  constructor(graph: Graph, svg: SVGSVGElement, parts: Parts) {
    this.#graph = graph;
    this.#svg = svg;
    this.#parts = parts;
    this.#size = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
    svg.addEventListener("click", (event) => this.select(idOf(event.target as Element)));
    svg.addEventListener("keydown", (event) => this.#key(event));
    svg.addEventListener("focusin", (event) => this.#rove(event.target as Element));
    svg.querySelector("[data-node]")?.setAttribute("tabindex", "0");
    for (const rate of svg.querySelectorAll(".rate")) this.#rates.set(idOf(rate), rate);
    this.fit();
    this.select("");
  }

  /** Highlights the node or edge with an id, and dims the rest; "" resets. */
  select(id: string): void {
    this.#selected = id;
    const near = this.#near(id);
    this.#svg.classList.toggle("chosen", id !== "");
    for (const element of this.#svg.querySelectorAll("[data-node], [data-edge]")) {
      const own = idOf(element);
      element.classList.toggle("near", near.has(own));
      element.classList.toggle("selected", own === id);
      if (element.hasAttribute("role")) element.setAttribute("aria-pressed", String(own === id));
    }
    this.#parts.details.replaceChildren(detailsOf(this.#graph, id, (other) => this.select(other)));
  }

  get selected(): string {
    return this.#selected;
  }

  /** Shows the rate of an edge or a node. */
  tellRate(id: string, text: string, isMoving: boolean): void {
    const rate = this.#rates.get(id);
    if (!rate) return;
    rate.textContent = text;
    rate.parentElement?.classList.toggle("moving", isMoving);
  }

  zoomBy(steps: number): void {
    this.#setZoom(this.#zoom * ZOOM_STEP ** steps);
  }

  /** Fits everything into view, as far as it stays readable. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#parts.canvas;
    const [width, height] = this.#size;
    const all = Math.min(clientWidth / width, Math.max(clientHeight, 200) / height, 1.15);
    this.#setZoom(Math.max(all, Math.min(READABLE, clientWidth > 0 ? 1 : READABLE)));
  }

  #setZoom(zoom: number): void {
    this.#zoom = Math.min(ZOOM_RANGE[1], Math.max(ZOOM_RANGE[0], zoom));
    this.#svg.setAttribute("width", String(Math.round(this.#size[0] * this.#zoom)));
    this.#svg.setAttribute("height", String(Math.round(this.#size[1] * this.#zoom)));
  }

  /** Neighbours of a node, or ends of an edge; also other prefixes of a bucket. */
  #near(id: string): Set<string> {
    const { nodes, edges } = this.#graph;
    const edge = edges.find((one) => one.id === id);
    if (edge) return new Set([id, edge.from, edge.to]);
    const own = edges.filter(({ from, to }) => from === id || to === id);
    const bucket = nodes.find((one) => one.id === id)?.bucket;
    const siblings = bucket === undefined ? [] : nodes.filter((one) => one.bucket === bucket);
    return new Set([id, ...own.flatMap((one) => [one.id, one.from, one.to]), ...siblings.map((one) => one.id)]);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = document.activeElement;
    if (event.key.startsWith("Arrow") && focused) this.#go(focused, event.key.slice("Arrow".length));
    else if (event.key === "Enter" || event.key === " ") this.select(focused ? idOf(focused) : "");
    else if (event.key === "Escape") this.select("");
    else if (event.key === "+" || event.key === "=") this.zoomBy(1);
    else if (event.key === "-") this.zoomBy(-1);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** Moves to the nearest element in a direction; one straight ahead counts as nearer. */
  #go(from: Element, direction: string): void {
    const [x, y] = centreOf(from);
    const isAcross = direction === "Left" || direction === "Right";
    const sign = direction === "Right" || direction === "Down" ? 1 : -1;
    const found = [...this.#svg.querySelectorAll<SVGElement>("[role=button]")].flatMap((element) => {
      const [otherX, otherY] = centreOf(element);
      const [ahead, aside] = isAcross ? [otherX - x, otherY - y] : [otherY - y, otherX - x];
      return ahead * sign > 8 ? [{ element, distance: Math.abs(ahead) + 2.5 * Math.abs(aside) }] : [];
    });
    found.sort((one, other) => one.distance - other.distance)[0]?.element.focus();
  }

  /** The picture is one stop of the Tab key: it returns to the last focused element. */
  #rove(target: Element): void {
    for (const element of this.#svg.querySelectorAll('[tabindex="0"]')) element.setAttribute("tabindex", "-1");
    target.setAttribute("tabindex", "0");
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function idOf(element: Element): string {
  const owner = element.closest("[data-node], [data-edge]");
  return owner?.getAttribute("data-node") ?? owner?.getAttribute("data-edge") ?? "";
}

function centreOf(element: Element): [number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}
