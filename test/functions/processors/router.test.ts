import type { InputOutput } from "../../../functions/outputs/context";
import type { Outputs } from "../../../functions/outputs/create";
import type { Processor } from "../../../functions/processors/processor";
import { Router } from "../../../functions/processors/router";
import type { Batch, InvalidLine, OutgoingRecord } from "../../../functions/records/contracts";
import { LinkedAbort } from "../../../functions/runtime/linked-abort";
import { OBJECT, recordsOf } from "../support/records";

/** An output whose `write` is the test's. */
function outputOf(write: InputOutput["write"]): InputOutput {
  return {
    keptAs: "records",
    write,
    flush: async () => undefined,
    report: () => ({ records: 0, bytes: 0 }),
    discard: async () => undefined,
    redeliver: async () => undefined,
  };
}

function routerOf(processor: Processor, named: Record<string, InputOutput>, invalidLines?: InputOutput): Router {
  const all = Object.values(named);
  const outputs: Outputs = {
    left: [],
    named: new Map(Object.entries(named)),
    invalidLines,
    all,
    streams: () => [],
    takeRefused: () => [],
    reports: () => ({}),
  };
  return new Router(processor, outputs, new LinkedAbort(new AbortController().signal));
}

/** Sends each record to all outputs. */
function toAll(...names: string[]): Processor {
  const process = (records: Batch) => ({
    routed: names.map((output) => ({ output, records })),
    dropped: [],
    failed: 0,
  });
  return { check: "json", process, end: () => undefined };
}

function textsOf(batch: readonly OutgoingRecord[]): string[] {
  return batch.map(({ raw }) => Buffer.from(raw).toString());
}

function invalidLine(text: string, line: number): InvalidLine {
  return { raw: Buffer.from(text), place: { object: OBJECT, line, byte: 0 }, reason: "not a JSON object" };
}

it("an output that fails is known although another hangs", async () => {
  const hangs = outputOf(() => new Promise(() => undefined));
  const fails = outputOf(() => Promise.reject(new Error("refused")));
  const router = routerOf(toAll("hangs", "fails"), { hangs, fails });
  await expect(router.write({ records: recordsOf(["{}"]), invalid: [] })).rejects.toThrow("refused");
});

it("lines that are no records go to their own output, each with its place and its reason", async () => {
  const seen: string[] = [];
  const lines = outputOf(async (batch) => void seen.push(...textsOf(batch)));
  const router = routerOf(toAll("main"), { main: outputOf(async () => undefined) }, lines);
  await router.write({ records: recordsOf(["{}"]), invalid: [invalidLine("a", 2), invalidLine("b", 4)] });
  expect(seen.map((text) => JSON.parse(text) as unknown)).toEqual([
    { reason: "not a JSON object", object: OBJECT, line: 2, byte: 0, text: "a" },
    { reason: "not a JSON object", object: OBJECT, line: 4, byte: 0, text: "b" },
  ]);
});

it("whoever writes waits until the output of lines that are no records is ready for more", async () => {
  let isReady = false;
  let makeReady = (): void => undefined;
  const slow = outputOf(() => new Promise((resolve) => (makeReady = resolve)));
  const router = routerOf(toAll(), {}, slow);
  const written = router.write({ records: [], invalid: [invalidLine("a", 1)] }).then(() => (isReady = true));
  await new Promise(setImmediate);
  expect(isReady).toBe(false);
  makeReady();
  await written;
  expect(isReady).toBe(true);
});

it("lines that are no records are counted by the parser, and go nowhere, where there is no output for them", async () => {
  const router = routerOf(toAll("main"), { main: outputOf(() => Promise.reject(new Error("not for lines"))) });
  await router.write({ records: [], invalid: [invalidLine("a", 1)] });
  expect(router.counts()).toMatchObject({ dropped: 0, failed: 0 });
});
