import type { Element as Drawn } from "../cli/graph/drawing";

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Creates SVG elements of a drawing. Text is always inserted as text. */
export function svgOf({ tag, attributes, children }: Drawn): SVGElement {
  const element = document.createElementNS(NAMESPACE, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes))
    if (name !== "xmlns") element.setAttribute(name, String(value));
  element.append(...children.map((child) => (typeof child === "string" ? child : svgOf(child))));
  return element;
}
