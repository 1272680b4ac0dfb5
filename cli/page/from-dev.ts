import type { Deployed, DevEvent, Finished, Invoked, WebhookCalled } from "../dev/events";
import { graphOf } from "../graph/draw";
import type { GraphEdge, GraphNode } from "../graph/graph";
import { readStacks, type Stack } from "../graph/plan";
import type { Board } from "./board";
import { Places } from "./places";
import { countOutputs, countsOf, summaryIn } from "./summary";

/** Shows the events of a local cloud's session on a board. */
export class DevReader {
  readonly #board: Board;
  #places: Places;
  /** Called with the stacks that are deployed from now on. */
  onStacks: (stacks: readonly Stack[]) => void = () => undefined;

  constructor(board: Board) {
    this.#board = board;
    this.#places = new Places(board.graph);
  }

  take(event: DevEvent): void {
    const board = this.#board;
    switch (event.type) {
      case "synthesizing":
        if (event.changed.length > 0) board.news(`changed: ${event.changed.join(", ")}`, "info", event.time);
        return;
      case "synthesized":
        return board.news(
          [`synthesized in ${Math.round(event.ms)} ms`, event.output].filter(Boolean).join("\n"),
          "info",
          event.time,
        );
      case "synth-failed":
        return board.news(`synthesis failed; deployed resources are unchanged\n${event.message}`, "error", event.time);
      case "deploy-failed":
        return board.news(`the deployment failed: ${event.message}`, "error", event.time);
      case "deployed":
        return this.#deployed(event);
      case "told":
        return board.news(event.text, event.level, event.time);
      case "log":
        return this.#log(event);
      case "finished":
        return this.#finished(event);
      case "invoked":
        return this.#invoked(event);
      case "webhook":
        return this.#webhook(event);
      case "quarantined": {
        const { bucket, key, time, about = "", reason = "" } = event;
        this.#count(this.#places.prefix(bucket, key), "quarantine", 1, "notes");
        return board.addNote({ bucket, key, time, about, reason });
      }
      case "released":
        return board.removeNote(event);
      default:
        return this.#flow(event);
    }
  }

  /** Counts what moves from one place to another. */
  #flow(
    event: Extract<DevEvent, { type: "received" | "shipped" | "ship-failed" | "delivered" | "stored" | "removed" }>,
  ): void {
    const { rates } = this.#board;
    switch (event.type) {
      case "received": {
        const topic = this.#places.node("topic", event.topic, event.region);
        if (topic) rates.add(topic.id, event.records, "logs");
        // CLS's own processing has no events of its own, and nothing else writes to a topic that only it fills.
        if (topic && !this.#places.isWrittenTo(topic)) this.#count(topic, "transforms", event.records, "logs", false);
        return;
      }
      case "shipped": {
        const from = this.#places.node("topic", event.topic, event.region);
        this.#countAll(
          this.#places.edges("ships", { from, to: this.#places.prefix(event.bucket, event.key) }),
          event.records,
          "logs",
        );
        return;
      }
      case "ship-failed":
        return this.#board.news(`${event.shipper} could not store ${event.key}: ${event.message}`, "error", event.time);
      case "delivered": {
        const from = this.#places.node("topic", event.topic, event.region);
        const to = this.#places.node("function", event.function, event.region);
        return this.#countAll(this.#places.edges("delivers", { from, to }), event.records, "logs");
      }
      case "stored": {
        const prefix = this.#places.prefix(event.bucket, event.key);
        if (prefix) rates.add(prefix.id, 1, "objects");
        return;
      }
      case "removed":
        return;
    }
  }

  #deployed({ stackFolders, changes, ignored, ms, time }: Deployed & { time: number }): void {
    const stacks = stackFolders.flatMap((folder) => readStacks(folder, ""));
    this.#board.setGraph(graphOf(stacks));
    this.#places = new Places(this.#board.graph);
    this.onStacks(stacks);
    const changed =
      changes.length === 0
        ? "no changes"
        : `${changes.length} ${changes.length === 1 ? "resource" : "resources"} changed`;
    const left = ignored.length === 0 ? "" : `; skipped, not part of a log pipeline: ${ignored.join(", ")}`;
    this.#board.news(`deployed in ${Math.round(ms)} ms: ${changed}${left}`, "info", time);
  }

  #log({ time, function: name, region, requestId, stream, text }: Extract<DevEvent, { type: "log" }>): void {
    this.#board.add({ type: "line", time, function: name, requestId, level: "", stream, text });
    const from = this.#places.node("function", name, region);
    if (from) this.#board.rates.add(from.id, 1, "lines");
    this.#countAll(this.#places.edges("logs", { from }), 1, "lines");
  }

  #invoked({ function: name, region, source }: Invoked): void {
    const to = this.#places.node("function", name, region);
    if (!to) return;
    const [, scheme, rest = ""] = /^(\w+):\/\/(.*)$/s.exec(source) ?? [];
    if (scheme === "cls") return;
    const triggers = this.#places.edges("triggers", { to });
    const edge = triggers.find(({ from }) => this.#isSource(this.#places.nodeOf(from), scheme, rest));
    if (edge) this.#board.rates.add(edge.id, 1, scheme === "cos" ? "objects" : "calls");
  }

  #isSource(node: GraphNode | undefined, scheme: string | undefined, rest: string): boolean {
    if (scheme === "timer") return node?.kind === "timer";
    if (scheme !== "cos") return node?.kind === "url";
    const slash = rest.indexOf("/");
    return this.#places.prefix(rest.slice(0, slash), rest.slice(slash + 1)) === node;
  }

  #finished(event: Finished & { time: number }): void {
    const { time, function: name, region, requestId, ms, memoryMb, result, error, givenUp, attempt } = event;
    const summary = summaryIn(result);
    const why = error && `${error.message}${givenUp ? "; will not be retried" : `; attempt ${attempt}`}`;
    const counts = summary && countsOf(summary);
    this.#board.add({ type: "summary", time, function: name, requestId, ok: !error, ms, memoryMb, counts, error: why });
    if (error?.stack) this.#board.news(`${name}: ${error.stack}`, "error", time);
    const from = this.#places.node("function", name, region);
    if (summary && from) countOutputs(this.#board, this.#places, from, summary);
  }

  #webhook({ variable, alerts, body, time }: WebhookCalled & { time: number }): void {
    const receiver = this.#board.graph.nodes.find(
      ({ kind, name }) => kind === "receiver" && name.endsWith(`var.${variable}`),
    );
    if (receiver) this.#count(receiver, "alerts", Math.max(1, alerts.length), "alerts");
    for (const text of alerts) this.#board.add({ type: "alert", time, to: receiver?.title ?? variable, text });
    if (alerts.length === 0 && receiver) this.#board.add({ type: "alert", time, to: receiver.title, text: body });
  }

  /**
   * Counts on the only edge of a kind that leads to a node, otherwise on the node: with several edges, it is unknown
   * which one it was.
   */
  #count(to: GraphNode | undefined, kind: GraphEdge["kind"], amount: number, unit: string, orNode = true): void {
    const edges = to ? this.#places.edges(kind, { to }) : [];
    if (edges.length === 1) this.#countAll(edges, amount, unit);
    else if (to && orNode) this.#board.rates.add(to.id, amount, unit);
  }

  #countAll(edges: readonly GraphEdge[], amount: number, unit: string): void {
    for (const { id } of edges) this.#board.rates.add(id, amount, unit);
  }
}
