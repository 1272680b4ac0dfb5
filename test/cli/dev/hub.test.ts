import type { DevEvent } from "../../../cli/dev/events";
import { EventHub } from "../../../cli/dev/hub";

describe("the events of a session", () => {
  it("are numbered without gaps, and come again for a reader that was away", () => {
    const hub = new EventHub();
    const told = (text: string) => hub.tell({ type: "told", level: "info", text });
    const early: number[] = [];
    const stop = hub.subscribe(({ seq }) => early.push(seq));
    for (const text of ["a", "b", "c"]) told(text);
    stop();
    told("d");
    expect(early).toEqual([1, 2, 3]);
    const late: DevEvent[] = [];
    hub.subscribe((event) => late.push(event), 2);
    expect(late.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it("are kept to a bound, and say from where on", () => {
    const hub = new EventHub();
    for (let at = 0; at < 25_000; at++) hub.tell({ type: "told", level: "info", text: "x" });
    const kept: number[] = [];
    hub.subscribe(({ seq }) => kept.push(seq), 0);
    expect(kept.length).toBeLessThanOrEqual(10_000);
    expect(kept[0]).toBe(hub.firstSeq);
    expect(kept.at(-1)).toBe(25_000);
  });
});
