import type { LineEvent, LostEvent, OfFunction, RequestFinished, TailEvent } from "../tail/events";
import type { Graph, GraphNode } from "../graph/graph";
import type { Board } from "./board";
import { Places } from "./places";
import { countOutputs, countsOf, summaryIn } from "./summary";

/** Shows the events of a tail on a board. */
export class TailReader {
  readonly #board: Board;
  #places: Places;

  constructor(board: Board, graph: Graph) {
    this.#board = board;
    board.setGraph(graph);
    this.#places = new Places(graph);
  }

  take(event: TailEvent): void {
    switch (event.type) {
      case "line":
      case "late":
        return this.#line(event);
      case "request_finished":
        return this.#finished(event);
      case "lost":
        return this.#board.news(lostText(event), "error", event.time / 1000);
      case "reconnected":
        return this.#board.news(`${event.what}: reconnected after ${event.afterMs} ms`, "info", event.time / 1000);
      case "error":
        return this.#board.news(`${event.code}: ${event.message}`, "error", event.time / 1000);
      case "tailing":
        this.#draw(event.function, event.region);
        return this.#board.news(
          `tailing ${event.function}: ${event.lanes.join(" and ")} lane`,
          "info",
          event.time / 1000,
        );
      case "request_started":
        return;
    }
  }

  /** Counts new notes in the quarantine of a function. */
  quarantined({ function: name, region }: OfFunction, count: number): void {
    for (const { id } of this.#places.edges("quarantine", { from: this.#draw(name, region) })) {
      this.#board.rates.add(id, count, "notes");
    }
  }

  /** Counts an alert of a function, and its receivers. */
  alerted({ function: name, region }: OfFunction, receivers: readonly string[]): void {
    const from = this.#draw(name, region);
    for (const { id } of this.#places.edges("records", { from })) this.#board.rates.add(id, 1, "alerts");
    for (const { id, to } of this.#places.edges("alerts", { from })) {
      const title = this.#places.nodeOf(to)?.title;
      if (receivers.some((receiver) => title === `receiver ${receiver}`)) this.#board.rates.add(id, 1, "alerts");
    }
  }

  /** A function that is not in a plan is also drawn, without connections. */
  #draw(name: string, region: string): GraphNode {
    const known = this.#places.node("function", name, region);
    if (known) return known;
    const { graph } = this.#board;
    const about = { title: name, name, stack: graph.stacks[0] ?? "", region, isExternal: graph.stacks.length > 0 };
    const node: GraphNode = { id: `function ${region}/${name}`, kind: "function", ...about, details: [], parts: [] };
    const drawn = { ...graph, nodes: [...graph.nodes, node] };
    this.#board.setGraph(drawn);
    this.#places = new Places(drawn);
    return node;
  }

  #line(event: LineEvent): void {
    const { time, function: name, region, requestId, level, stream, text, lane } = event;
    const isLate = event.type === "late";
    this.#board.add({ type: "line", time: time / 1000, function: name, requestId, level, stream, text, isLate });
    const from = this.#draw(name, region);
    this.#board.rates.add(from.id, 1, "lines");
    for (const edge of this.#places.edges(lane === "fast" ? "live" : "logs", { from })) {
      this.#board.rates.add(edge.id, 1, "lines");
    }
  }

  #finished({ time, function: name, region, requestId, outcome, durationMs, memoryMb, result }: RequestFinished): void {
    const summary = summaryIn(result);
    const ok = outcome === "ok" || outcome === "unknown";
    this.#board.add({
      type: "summary",
      time: time / 1000,
      function: name,
      requestId,
      ok,
      ms: durationMs,
      memoryMb,
      counts: summary && countsOf(summary),
      error: ok ? undefined : (result ?? outcome),
    });
    const to = this.#draw(name, region);
    if (!summary) return;
    countOutputs(this.#board, this.#places, to, summary);
    // With several sources, it is unknown which one it was.
    const [delivery, ...deliveries] = this.#places.edges("delivers", { to });
    if (delivery && deliveries.length === 0) this.#board.rates.add(delivery.id, Number(summary.records), "logs");
    const [trigger, ...triggers] = this.#places.edges("triggers", { to });
    if (trigger && !delivery && triggers.length === 0)
      this.#board.rates.add(trigger.id, Number(summary.objects), "objects");
  }
}

function lostText({ reason, count, function: name = "", what = "", requestId }: LostEvent): string {
  const how = count === undefined ? "some lines" : `${count} ${count === 1 ? "line" : "lines"}`;
  const of = [name, what, requestId && `request ${requestId}`].filter(Boolean).join(", ");
  const why = {
    gap: "did not arrive by the fast lane",
    dropped: "were not sent by the reporter",
    neither: "arrived by neither lane",
    position: "are no longer retained by CLS",
  }[reason];
  return `${how} of ${of} ${why}`;
}
