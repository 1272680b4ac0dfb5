import fc from "fast-check";
import {
  DEFAULT_RETRY,
  retryDelay,
  type RetryPolicy,
  waitBeforeRetry,
  withRetries,
} from "../../../functions/tencent/retry";
import { ServiceError } from "../../../functions/tencent/service-error";

const policies = fc.record({
  retries: fc.nat({ max: 20 }),
  baseDelayMs: fc.integer({ min: 1, max: 1_000 }),
  maxDelayMs: fc.integer({ min: 1, max: 60_000 }),
});
const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const tries = fc.integer({ min: 1, max: 2_000 });

describe("the delay before a retry", () => {
  it("doubles up to its limit, and loses a random half at most", () => {
    const policy = { retries: 9, baseDelayMs: 100, maxDelayMs: 1000 };
    const longest = [1, 2, 3, 4, 5, 9].map((failures) => retryDelay(policy, failures, () => 0));
    expect(longest).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(retryDelay(policy, 2, () => 1)).toBe(100);
  });

  it("is bounded for any policy, any number of failures and any luck", () => {
    fc.assert(
      fc.property(policies, tries, fraction, (policy, failures, luck) => {
        const delay = retryDelay(policy, failures, () => luck);
        expect(delay).toBeLessThanOrEqual(policy.maxDelayMs);
        expect(delay).toBeGreaterThan(Math.min(policy.baseDelayMs, policy.maxDelayMs) / 2 - 1e-9);
      }),
    );
  });

  it("never shrinks from one failure to the next with the same luck", () => {
    fc.assert(
      fc.property(policies, tries, fraction, (policy, failures, luck) => {
        const delay = (count: number) => retryDelay(policy, count, () => luck);
        expect(delay(failures + 1)).toBeGreaterThanOrEqual(delay(failures));
      }),
    );
  });

  it("differs from function to function", () => {
    expect(new Set(Array.from({ length: 100 }, () => retryDelay(DEFAULT_RETRY, 3))).size).toBeGreaterThan(50);
  });

  it("adds up to about three seconds by default, so that SCF's own retry, a minute later, comes soon", () => {
    const delays = Array.from({ length: DEFAULT_RETRY.retries }, (_, index) =>
      retryDelay(DEFAULT_RETRY, index + 1, () => 0),
    );
    expect(delays.reduce((sum, delay) => sum + delay)).toBe(3_100);
  });
});

describe("waiting before a retry", () => {
  const patient: RetryPolicy = { retries: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };

  it("ends with the signal's reason as soon as it aborts, and leaves no timer", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const stop = new AbortController();
    const waiting = waitBeforeRetry(patient, 1, stop.signal);
    expect(timers()).toBeGreaterThan(before);
    stop.abort(new Error("time is up"));
    await expect(waiting).rejects.toThrow("time is up");
    await expect(waitBeforeRetry(patient, 1, stop.signal)).rejects.toThrow("time is up");
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe("a request that is repeated", () => {
  const fast: RetryPolicy = { retries: 3, baseDelayMs: 1, maxDelayMs: 2 };

  it.each<[string, unknown, number]>([
    ["may pass", new ServiceError("ECONNRESET", "reset"), 4],
    ["may pass, of a server", new ServiceError("InternalError", "failed", 500), 4],
    ["does not pass", new ServiceError("AccessDenied", "refused", 403), 1],
    ["nobody foresaw", new TypeError("a bug"), 1],
  ])("is given up where its trouble %s", async (_, error, sent) => {
    let count = 0;
    const request = () => (count++, Promise.reject(error as Error));
    await expect(withRetries(request, fast)).rejects.toBe(error);
    expect(count).toBe(sent);
  });

  it("is not sent again once it succeeded", async () => {
    let count = 0;
    const request = async () => {
      if (++count < 3) throw new ServiceError("ECONNRESET", "reset");
      return count;
    };
    expect(await withRetries(request, fast)).toBe(3);
  });
});
