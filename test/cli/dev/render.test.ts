import type { DevEvent, Happening } from "../../../cli/dev/events";
import { EventText } from "../../../cli/dev/render";

const PLACE = { region: "ap-guangzhou", function: "f", requestId: "r", source: "cls://access", attempt: 1 };
const ENDED = { ...PLACE, type: "finished", ms: 61, memoryMb: 44.2, givenUp: false } as const;

function linesOf(text: EventText, happening: Happening): string[] {
  return text.linesOf({ ...happening, seq: 1, time: 0 } as DevEvent);
}

describe("events on a terminal", () => {
  it("show what a function returned once, where its last line says the same", () => {
    const text = new EventText(false, false);
    const log = { ...PLACE, type: "log", stream: "stdout", text: '{"records":1}' } as const;
    expect(linesOf(text, log)).toEqual(['f | {"records":1}']);
    expect(linesOf(text, { ...ENDED, result: { records: 1 } })).toEqual(["f ok 61 ms, 44 MB"]);
    expect(linesOf(text, { ...ENDED, result: { records: 2 } })).toEqual(['f ok 61 ms, 44 MB {"records":2}']);
    const quiet = new EventText(false, true);
    expect(linesOf(quiet, log)).toEqual([]);
    expect(linesOf(quiet, { ...ENDED, result: { records: 1 } })).toEqual(['f ok 61 ms, 44 MB {"records":1}']);
  });

  it("tell of a failure what was thrown, and what comes next", () => {
    const error = { message: "User code exception caught", stack: "Error: x\n    at y" };
    const text = new EventText(false, false);
    expect(linesOf(text, { ...ENDED, error })).toEqual([
      "f failed 61 ms, 44 MB; will be retried",
      "  Error: x",
      "      at y",
    ]);
    expect(linesOf(text, { ...ENDED, error, givenUp: true })[0]).toBe("f failed 61 ms, 44 MB; will not be retried");
  });

  it("count what is made at first, and name what changes later", () => {
    const text = new EventText(false, false);
    const deployed = {
      type: "deployed",
      ms: 12,
      sinceChangeMs: 1640,
      stackFolders: [],
      resources: [],
      ignored: [],
      urls: {},
    };
    const change = { stack: "logs", address: "tencentcloud_cls_topic.Access" } as const;
    const tell = (action: "made" | "changed") =>
      linesOf(text, { ...deployed, changes: [{ ...change, action }] } as unknown as Happening);
    expect(tell("made")).toEqual(["deployed logs in 1.6 s (12 ms without synthesis): 1 resource created"]);
    expect(tell("changed")).toEqual([
      "deployed logs in 1.6 s (12 ms without synthesis): 1 resource updated",
      "  updated  logs/tencentcloud_cls_topic.Access",
    ]);
    const several = (["removed", "removed", "made"] as const).map((action) => ({ ...change, action }));
    expect(linesOf(text, { ...deployed, changes: several } as unknown as Happening)[0]).toBe(
      "deployed logs in 1.6 s (12 ms without synthesis): 2 resources deleted, 1 created",
    );
    expect(linesOf(text, { ...deployed, changes: [] } as unknown as Happening)).toEqual([
      "deployed in 1.6 s (12 ms without synthesis): no changes",
    ]);
  });

  it("have colours where they are asked for", () => {
    const told = { type: "told", level: "error", text: "no" } as const;
    expect(linesOf(new EventText(true, false), told)).toEqual(["\x1b[31mno\x1b[0m"]);
    expect(linesOf(new EventText(false, false), told)).toEqual(["no"]);
  });
});
