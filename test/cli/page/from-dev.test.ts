import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DevEvent, Happening } from "../../../cli/dev/events";
import type { EdgeKind, NodeKind } from "../../../cli/graph/graph";
import { Board } from "../../../cli/page/board";
import { DevReader } from "../../../cli/page/from-dev";
import { TailReader } from "../../../cli/page/from-tail";
import { synthesize } from "../../examples/support/synthesize";

let folder: string;
let board: Board;
let reader: DevReader;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "from-dev-"));
  await synthesize("own-processor", folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  board = new Board("test");
  reader = new DevReader(board);
  take({
    type: "deployed",
    ms: 10,
    sinceChangeMs: 20,
    stackFolders: [join(folder, "cdktf.out/stacks/logs")],
    changes: [],
    resources: [],
    ignored: [],
    urls: {},
  });
});
afterEach(() => board.close());

let seq = 0;
const take = (happening: Happening): void => reader.take({ ...happening, seq: ++seq, time: 1_000 } as DevEvent);
const nameOf = (title: string): string => board.graph.nodes.find((node) => node.title === title)?.name ?? "";

/** What was counted, by what people call it. */
function counted(): Record<string, string> {
  const { nodes, edges } = board.graph;
  const title = (id: string): string => nodes.find((node) => node.id === id)?.title ?? id;
  return Object.fromEntries(
    Object.entries(board.rates.counts()).map(([id, { total, unit }]) => {
      const edge = edges.find((one) => one.id === id);
      return [edge ? `${title(edge.from)} -> ${title(edge.to)}` : title(id), `${total} ${unit}`];
    }),
  );
}

it("counts what happens on the edges of the stack that is deployed", () => {
  const [bucket, fn] = [nameOf("cls/logs-access-batch/"), nameOf("AccessBatch/Function")];
  const region = "ap-guangzhou";
  const key = "cls/logs-access-batch/2026/01/x.gz";
  const of = { function: fn, region, requestId: "r1", source: `cos://${bucket}/${key}`, attempt: 1 };
  take({ type: "received", region, topic: "access", topicId: "t", records: 10, from: "session" });
  take({ type: "shipped", region, shipper: "s", topic: "access", bucket, key, records: 10, bytes: 99 });
  take({ type: "invoked", ...of });
  take({ type: "log", region, function: fn, requestId: "r1", stream: "stdout", text: "hello" });
  const result = {
    objects: 1,
    lines: 10,
    records: 9,
    invalid: 1,
    dropped: 0,
    outputs: { requests: { records: 7 }, errors: { records: 2 } },
  };
  take({ type: "finished", ...of, ms: 12, memoryMb: 40, result, givenUp: false });
  expect(counted()).toEqual({
    Access: "10 logs",
    "Access -> cls/logs-access-batch/": "10 logs",
    "cls/logs-access-batch/ -> AccessBatch/Function": "1 objects",
    "AccessBatch/Function": "1 lines",
    "AccessBatch/Function -> FunctionLog": "1 lines",
    "AccessBatch/Function -> requests/": "7 records",
    "AccessBatch/Function -> errors/": "2 records",
  });
  expect(board.items.after(1, 10)).toEqual([
    expect.objectContaining({ type: "line", text: "hello", number: 2 }),
    expect.objectContaining({
      type: "summary",
      ok: true,
      counts: { objects: 1, lines: 10, records: 9, invalid: 1, "to requests": 7, "to errors": 2 },
    }),
  ]);
});

it("lists notes until they are gone", () => {
  const bucket = nameOf("quarantine/logs-access-batch/");
  const key = "quarantine/logs-access-batch/x/y.json";
  take({ type: "quarantined", region: "ap-guangzhou", bucket, key, about: "cos://x/y", reason: "GZIP_CORRUPT" });
  expect(board.state.notes).toEqual([{ bucket, key, time: 1_000, about: "cos://x/y", reason: "GZIP_CORRUPT" }]);
  expect(counted()).toEqual({ "AccessBatch/Function -> quarantine/logs-access-batch/": "1 notes" });
  take({ type: "released", region: "ap-guangzhou", bucket, key });
  expect(board.state.notes).toEqual([]);
});

it("draws a function that a tail finds and no plan has", () => {
  const tail = new TailReader(board, { ...board.graph, nodes: [], edges: [] });
  const of = { region: "ap-guangzhou", namespace: "default", function: "orders" };
  tail.take({ type: "tailing", ...of, time: 1_000_000, lanes: ["fast", "slow"] });
  tail.take({
    type: "line",
    ...of,
    version: "",
    instance: "",
    seq: 0,
    requestId: "r",
    time: 2_000_000,
    level: "info",
    stream: "",
    text: "hi",
    lane: "slow",
    lagMs: 1,
  });
  tail.take({ type: "lost", reason: "gap", ...of, time: 3_000_000, count: 2 });
  expect(board.graph.nodes.map(({ title }) => title)).toEqual(["orders"]);
  expect(counted()).toEqual({ orders: "1 lines" });
  expect(board.items.after(1, 9).map((item) => ("text" in item ? item.text : ""))).toEqual([
    "tailing orders: fast and slow lane",
    "hi",
    "2 lines of orders did not arrive by the fast lane",
  ]);
});

it("counts what a tail sees come to quarantine, and whom a monitor told", () => {
  const node = (kind: NodeKind, name: string) => ({
    ...{ id: name, kind, title: name, name, stack: "logs", region: "ap-guangzhou", isExternal: false },
    ...{ details: [], parts: [] },
  });
  const edge = (from: string, to: string, kind: EdgeKind) => ({
    ...{ id: `${kind} ${from} ${to}`, from, to, kind, label: "", details: [], parts: [] },
  });
  const receivers = [node("receiver", "receiver oncall"), node("receiver", "receiver mail")];
  const tail = new TailReader(board, {
    ...board.graph,
    nodes: [node("function", "orders"), node("prefix", "notes"), node("topic", "alerts"), ...receivers],
    edges: [
      edge("orders", "notes", "quarantine"),
      edge("orders", "alerts", "records"),
      ...receivers.map(({ id }) => edge("orders", id, "alerts")),
    ],
  });
  const of = { region: "ap-guangzhou", namespace: "default", function: "orders" };
  tail.quarantined(of, 2);
  tail.alerted(of, ["oncall"]);
  tail.alerted(of, []);
  expect(counted()).toEqual({
    "orders -> notes": "2 notes",
    "orders -> alerts": "2 alerts",
    "orders -> receiver oncall": "1 alerts",
  });
});
