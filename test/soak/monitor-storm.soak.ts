import { RATE, storm, TELLERS, wrongsOf } from "../cli/monitor/support/storm";

const MINUTE_MS = 60_000;

describe("a storm in two regions on the local cloud", () => {
  it("of a million matches in a thousand groups is one first alert a group, exact sums, and a receiver within its rate", async () => {
    const outcome = await storm({ matches: 1_000_000, groups: 1_000, atOnce: 2_000 });
    const { alerts, kept, messagesAt, stormMs } = outcome;
    console.info(
      `${alerts.length} alerts in ${messagesAt.length} messages, ${alerts.filter(({ keptAt }) => keptAt).length} of them ` +
        `kept first, ${(stormMs / 1000).toFixed(0)} s until all was handled`,
    );
    expect(outcome.failedInvocations).toEqual([]);
    expect(wrongsOf(outcome)).toEqual([]);
    expect(kept).toEqual([]);
    // Time stood still for nobody until the storm was handled: any minute of it is within what all tellers may send.
    const during = messagesAt.filter((at) => at - messagesAt[0] < stormMs);
    const most = Math.max(...during.map((from) => during.filter((at) => at >= from && at - from < MINUTE_MS).length));
    expect(most).toBeLessThanOrEqual(TELLERS * RATE);
  });
});
