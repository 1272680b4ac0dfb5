import { Invocation, type ScfContext } from "./invocation";
import type { BatchNote } from "./outputs/batch-quarantine";
import { reasonOf } from "./outputs/output-error";
import { Pipeline } from "./pipeline";
import { type ObjectOutcome, readObject } from "./read-object";
import type { OutputsSettings, PipelineSettings } from "./settings";
import { addCounts, emptySummary, type Summary } from "./summary";
import { type CosAddress, CosClient } from "./tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from "./tencent/retry";

/** An event of `tencent-logs replay`: a batch in quarantine is to be handed to its output again. */
export interface RedeliveryEvent {
  /** Key of the batch's note. */
  readonly redeliver: string;
}

/** The batch is where it was; the message says why. */
export class RedeliveryError extends Error {
  override readonly name = "RedeliveryError";
  readonly code = "LOGS_REDELIVERY";
}

/** Most that deflate can pack: what lies in quarantine was packed by this function. */
const MAX_UNPACK_RATIO = 1032;

/** Longest line that is read, in bytes; what a processor makes may be longer than what the pipeline reads. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Whether an event asks for that; no event of a trigger does. */
export function isRedelivery(event: unknown): event is RedeliveryEvent {
  return typeof (event as Partial<RedeliveryEvent> | null)?.redeliver === "string";
}

/**
 * Hands a batch to its output again, and removes it from quarantine then. Its objects and ids are those of the batch, so
 * that a second replay of it writes the same.
 *
 * @throws {@link RedeliveryError}; the batch and its note stay
 */
export async function redeliver(
  { redeliver: noteKey }: RedeliveryEvent,
  context: ScfContext,
  settings: PipelineSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const invocation = new Invocation(context);
  const client = new CosClient();
  const { signal, notesSignal, requestId } = invocation;
  const { quarantine } = settings;
  const folder = `${quarantine.prefix}outputs/`;
  let pipeline: Pipeline | undefined;
  try {
    if (!noteKey.startsWith(folder)) throw new Error(`redeliver must be a key below ${folder}`);
    const { output, lines } = await readNote({ ...quarantine, key: noteKey });
    pipeline = new Pipeline(onlyOutput(settings, output), { cos: client, retry, signal, notesSignal, requestId });
    const path = noteKey.slice(`${folder}${output}/`.length, -".json".length);
    const router = pipeline.open({ name: `cos://${quarantine.bucket}/${noteKey}`, path });
    const outcome = await readObject(
      { ...quarantine, key: lines },
      { client, processor: router, maxLineBytes: MAX_LINE_BYTES, maxUnpackRatio: MAX_UNPACK_RATIO, retry, signal },
    );
    requireDelivered(outcome);
    // The note first: lines without one are never delivered again, and go with the bucket's lifecycle.
    for (const key of [noteKey, lines]) {
      await withRetries(() => client.delete({ ...quarantine, key }, notesSignal), retry, notesSignal);
    }
    const summary = summaryOf(outcome, invocation);
    pipeline.addTo(summary, router);
    console.log(JSON.stringify(summary));
    return summary;
  } catch (error) {
    throw new RedeliveryError(`the batch must be delivered again: ${reasonOf(error).message}`, { cause: error });
  } finally {
    await pipeline?.close();
    client.close();
    invocation.close();
  }

  async function readNote(address: CosAddress): Promise<BatchNote> {
    const note = JSON.parse(await withRetries(() => readText(client, address, signal), retry, signal)) as BatchNote;
    if (note.version === 1 && note.lines.startsWith(`${folder}${note.output}/`)) return note;
    throw new Error(`cos://${address.bucket}/${address.key} must be a batch's note of version 1`);
  }
}

async function readText(client: CosClient, address: CosAddress, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await client.get(address, { signal })).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The pipeline with that output alone, which fails rather than leaves the batch to quarantine once more. */
function onlyOutput(settings: PipelineSettings, name: string): PipelineSettings {
  const outputs: OutputsSettings["outputs"] = settings.outputs ?? {};
  if (!Object.hasOwn(outputs, name)) throw new Error(`the pipeline has no output ${name} any more`);
  return {
    ...settings,
    processor: { type: "count", check: settings.processor.type === "count" ? settings.processor.check : "json" },
    outputs: { [name]: { ...outputs[name], onFailure: "fail" } },
    defaultOutput: name,
    content: undefined,
  };
}

function requireDelivered({ failure, invalid }: ObjectOutcome): void {
  if (failure) throw new Error(`${failure.code}: ${failure.message}`);
  if (invalid > 0) throw new Error(`${invalid} lines hold no record`);
}

function summaryOf(outcome: ObjectOutcome, { elapsedMs }: Invocation): Summary {
  const summary = { ...emptySummary(), objects: 1, bytes: outcome.bytes, retries: outcome.retries, ms: elapsedMs };
  addCounts(summary, outcome);
  return summary;
}
