import { LinkedAbort } from "../../../functions/runtime/linked-abort";
import type { InputOutput } from "../../../functions/outputs/context";
import type { Outputs } from "../../../functions/outputs/create";
import type { Transformer } from "../../../functions/processors/transformer";
import type { Batch } from "../../../functions/records/contracts";
import { Router } from "../../../functions/processors/router";
import { recordsOf } from "../support/records";

/** An output whose `write` is the test's. */
function outputOf(write: () => Promise<void>): InputOutput {
  return {
    keptAs: "records",
    write,
    flush: async () => undefined,
    report: () => ({ records: 0, bytes: 0 }),
    discard: async () => undefined,
    redeliver: async () => undefined,
  };
}

function outputsOf(named: Record<string, InputOutput>): Outputs {
  const all = Object.values(named);
  return { left: [], named: new Map(Object.entries(named)), invalidLines: undefined, all, reports: () => ({}) };
}

/** Sends each record to all outputs. */
function toAll(...names: string[]): Transformer {
  const transform = (records: Batch) => ({
    routed: names.map((output) => ({ output, records })),
    dropped: [],
    failed: 0,
  });
  return { check: "json", transform, end: () => undefined };
}

it("an output that fails is known although another hangs", async () => {
  const hangs = outputOf(() => new Promise(() => undefined));
  const fails = outputOf(() => Promise.reject(new Error("refused")));
  const abort = new LinkedAbort(new AbortController().signal);
  const router = new Router(toAll("hangs", "fails"), outputsOf({ hangs, fails }), abort);
  await expect(router.write(recordsOf(["{}"]))).rejects.toThrow("refused");
});
