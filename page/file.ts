/** The script in the file of `tencent-logs graph --html`: it makes the picture in it interactive. */
import type { Graph } from "../cli/graph/graph";
import { GraphView } from "./graph-view";

const graph = JSON.parse(document.getElementById("graph-data")?.textContent ?? "{}") as Graph;
const [svg] = document.getElementsByTagName("svg");
const canvas = document.getElementById("canvas") as HTMLElement;
const details = document.getElementById("details") as HTMLElement;
const view = new GraphView(graph, svg, { canvas, details });

const BUTTONS: Readonly<Record<string, () => void>> = {
  "zoom-in": () => view.zoomBy(1),
  "zoom-out": () => view.zoomBy(-1),
  fit: () => view.fit(),
};
for (const [id, act] of Object.entries(BUTTONS)) document.getElementById(id)?.addEventListener("click", act);
document.body.classList.add("answers");
