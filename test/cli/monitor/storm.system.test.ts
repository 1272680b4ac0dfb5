import { RATE, storm, TELLERS, wrongsOf } from "./support/storm";

jest.setTimeout(90_000);

test("a storm in two regions, delivered to instances and pulled by processes: one first alert a group, exact sums", async () => {
  const outcome = await storm({ matches: 4_000, groups: 40, atOnce: 500 });
  expect(outcome.failedInvocations).toEqual([]);
  expect(outcome.totals.size).toBe(40);
  expect(wrongsOf(outcome)).toEqual([]);
  expect(outcome.kept).toEqual([]);
  // Several alerts that were kept are one message, and each teller keeps the receiver's rate.
  expect(outcome.messagesAt.length).toBeLessThanOrEqual(TELLERS * RATE);
});
