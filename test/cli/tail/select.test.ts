import type { LineEvent, TailEvent } from "../../../cli/tail/events";
import { Selection } from "../../../cli/tail/select";
import { compileRegex } from "../../../rules";

const OF = { region: "ap-guangzhou", namespace: "default", function: "orders", time: 0 };

function line(text: string, more: Partial<LineEvent> = {}): LineEvent {
  return {
    ...{ type: "line", ...OF, version: "3", instance: "4c1e", seq: 1, requestId: "r" },
    ...{ level: "info", stream: "stdout", text, lane: "fast", lagMs: 1 },
    ...more,
  };
}

it("takes of a version all that it does: its lines, and how its requests begin and end", () => {
  const takes = (event: TailEvent): boolean => new Selection({ version: "3" }).takes(event);
  for (const version of ["3", "$LATEST"]) {
    const isWanted = version === "3";
    expect(takes(line("x", { version }))).toBe(isWanted);
    expect(takes({ type: "request_started", ...OF, requestId: "r", version, retry: 0 })).toBe(isWanted);
    expect(takes({ type: "request_finished", ...OF, requestId: "r", version, outcome: "ok" })).toBe(isWanted);
  }
  expect(takes({ type: "lost", ...OF, reason: "gap", count: 1 })).toBe(true);
  expect(takes({ type: "error", code: "X", message: "x", time: 0, fatal: false })).toBe(true);
});

it("keeps a stack with its first line, or leaves it out with it", () => {
  const selection = new Selection({ filter: compileRegex("refused", "linear") });
  const texts = ["Error: refused", "    at a", "Error: other", "    at b", "refused again"];
  expect(texts.filter((text) => selection.takes(line(text)))).toEqual(["Error: refused", "    at a", "refused again"]);
});

it("takes what has no known level as info, and a line of JSON by its own", () => {
  const selection = new Selection({ level: "warn" });
  const lines = [
    line("a"),
    line("b", { level: "" }),
    line("c", { level: "warning" }),
    line('{"level":"error","msg":"d"}'),
  ];
  expect(lines.map((each) => selection.takes(each))).toEqual([false, false, true, true]);
});
