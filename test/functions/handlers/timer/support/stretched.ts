import { objectEvent } from "../../../../../cli/replay/event";
import { readObjects } from "../../../../../functions/handlers/cos-batch/cos-batch";
import type { Continuation } from "../../../../../functions/invocation/pausing";
import type { Summary } from "../../../../../functions/invocation/summary";
import { Router } from "../../../../../functions/processors/router";
import type { QuarantineNote } from "../../../../../functions/quarantine/objects";
import type { CosBatchSettings } from "../../../../../functions/settings";
import type { CosServer } from "../../../support/cos-server";

export const BUCKET = "logs-1250000000";
export const KEY = "cls/a.log";
const NOTE = `${BUCKET}/quarantine/${BUCKET}/${KEY}.json`;
const RETRY = { retries: 2, baseDelayMs: 1, maxDelayMs: 2 };

/** Milliseconds of an invocation, and when most of them are over: the rest is enough to store the state. */
const WHOLE_MS = 800_000;
const UP_MS = 776_000;

/** Start of the next invocation for an object, from its note; undefined if there is none. */
function goOnOf({ objects }: CosServer): Continuation | undefined {
  const text = objects.get(NOTE);
  if (text === undefined) return undefined;
  const note = JSON.parse(String(text)) as QuarantineNote;
  if (note.goOn === undefined) throw new Error(`the note must say where to go on, got ${String(text)}`);
  return note.goOn;
}

/**
 * Reads the object in as many invocations as needed; the time of each ends after that many records and invalid lines.
 * Returns their summaries.
 */
export async function readInSteps(server: CosServer, settings: CosBatchSettings, perStep: number): Promise<Summary[]> {
  const summaries: Summary[] = [];
  let [passedMs, handed] = [0, 0];
  const { now } = Date;
  const { write } = Router.prototype;
  const clock = jest.spyOn(Date, "now").mockImplementation(() => now() + passedMs);
  const writes = jest.spyOn(Router.prototype, "write").mockImplementation(async function (this: Router, batch) {
    await write.call(this, batch);
    handed += batch.records.length + batch.invalid.length;
    if (handed >= perStep) passedMs = UP_MS;
  });
  try {
    for (let before: Continuation | undefined; ; before = goOnOf(server)) {
      if (summaries.length > 0 && before === undefined) return summaries;
      if (summaries.length > 50) throw new Error("it must come to its end");
      [passedMs, handed] = [0, 0];
      const named = { bucket: BUCKET, region: "ap-guangzhou", key: KEY };
      const context = { getRemainingTimeInMillis: () => WHOLE_MS };
      summaries.push(await readObjects([{ named, before }], { event: objectEvent(named) }, context, settings, RETRY));
    }
  } finally {
    clock.mockRestore();
    writes.mockRestore();
  }
}

/** The sum of all counts in summaries, without times and requests. */
export function sumOf(summaries: readonly object[]): Record<string, number> {
  const sum: Record<string, number> = {};
  const add = (value: unknown, path: string): void => {
    if (typeof value === "number") sum[path] = (sum[path] ?? 0) + value;
    else if (typeof value === "object" && value !== null)
      for (const [name, member] of Object.entries(value)) add(member, path === "" ? name : `${path}.${name}`);
  };
  for (const summary of summaries) add(summary, "");
  for (const name of ["ms", "retries", "unfinished"]) delete sum[name];
  return sum;
}
