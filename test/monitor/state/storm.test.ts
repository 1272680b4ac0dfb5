import { storm, wrongsOf } from "./support/storm";

describe("a storm in two regions, with a process that is killed and one that hangs and writes on", () => {
  it("is one first alert a group, and exact sums", async () => {
    const outcome = await storm({ matches: 20_000, groups: 100, matchesOfBatch: 50 });
    expect(wrongsOf(outcome)).toEqual([]);
    expect(outcome.totals.size).toBeGreaterThan(50);
    const again = outcome.inbox.alerts.filter(({ marks }) => marks.includes("again"));
    expect(again.length).toBeLessThan(30);
  }, 30_000);
});
