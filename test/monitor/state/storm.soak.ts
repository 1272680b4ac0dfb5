import { storm, wrongsOf } from "./support/storm";

describe("a storm of a million matches in a thousand groups", () => {
  it("is one first alert a group, and exact sums", async () => {
    const began = Date.now();
    const outcome = await storm({ matches: 1_000_000, groups: 1_000, matchesOfBatch: 200 });
    const { inbox, batches, requests, totals } = outcome;
    const again = inbox.alerts.filter(({ marks }) => marks.includes("again")).length;
    console.info(
      `${batches} batches, ${totals.size} groups, ${inbox.alerts.length} alerts (${again} again), ` +
        `${requests} requests, ${((Date.now() - began) / 1000).toFixed(0)} s`,
    );
    expect(wrongsOf(outcome)).toEqual([]);
  });
});
