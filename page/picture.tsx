import { useEffect, useRef } from "preact/hooks";
import { GraphView } from "./graph-view";
import { svgOf } from "./svg";
import { useSlice } from "./use-slice";
import { rateText } from "./words";

/** The stack as a graph, with the rates of its edges. */
export function Picture() {
  const store = useSlice("state");
  const canvas = useRef<HTMLDivElement>(null);
  const details = useRef<HTMLElement>(null);
  const view = useRef<GraphView | undefined>(undefined);
  const { picture } = store.state;

  useEffect(() => {
    if (!picture || !canvas.current || !details.current) return;
    const selected = view.current?.selected ?? "";
    const svg = svgOf(picture.drawing) as SVGSVGElement;
    canvas.current.replaceChildren(svg);
    view.current = new GraphView(picture.graph, svg, { canvas: canvas.current, details: details.current });
    view.current.select(selected);
    tellRates();
  }, [picture]);

  const tellRates = (): void => {
    for (const [id, { total, perSecond, unit }] of Object.entries(store.state.counts ?? {})) {
      view.current?.tellRate(id, rateText(total, perSecond, unit), perSecond > 0);
    }
  };
  useEffect(() => store.subscribe("counts", tellRates), [store]);

  const isEmpty = picture?.graph.nodes.length === 0;
  return (
    <section class="picture" aria-label="Stack">
      <div class="tools" role="toolbar" aria-label="Zoom">
        <button type="button" aria-label="Zoom out" onClick={() => view.current?.zoomBy(-1)}>
          −
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => view.current?.zoomBy(1)}>
          +
        </button>
        <button type="button" onClick={() => view.current?.fit()}>
          Show all
        </button>
      </div>
      <div class="canvas" ref={canvas} />
      {isEmpty && <p class="empty">No stack to draw: synthesize it, then restart with --out FOLDER.</p>}
      <aside class="details" ref={details} aria-label="Details" />
    </section>
  );
}
