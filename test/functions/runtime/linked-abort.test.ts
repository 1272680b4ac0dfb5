import { LinkedAbort } from "../../../functions/runtime/linked-abort";
import { untilAborted } from "../../../functions/runtime/until-aborted";

describe("a linked abort", () => {
  it("follows the other signal with its reason, one that is aborted already too", () => {
    const parent = new AbortController();
    const [first, released] = [new LinkedAbort(parent.signal), new LinkedAbort(parent.signal)];
    released.release();
    const reason = new Error("time is up");
    parent.abort(reason);
    expect(first.signal.reason).toBe(reason);
    expect(new LinkedAbort(parent.signal).signal.reason).toBe(reason);
    expect(released.signal.aborted).toBe(false);
  });

  it("aborts on its own, and leaves the other signal alone", () => {
    const parent = new AbortController();
    const abort = new LinkedAbort(parent.signal);
    abort.abort(new Error("the input failed"));
    expect([abort.signal.aborted, parent.signal.aborted]).toEqual([true, false]);
  });
});

describe("waiting until a signal aborts", () => {
  it("leaves no rejection behind that nobody hears", async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", hear);
    const controller = new AbortController();
    controller.abort(new Error("time is up"));
    await expect(untilAborted(Promise.reject(new Error("too late")), controller.signal)).rejects.toThrow("time is up");
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });
});
