import type { ScfContext } from "../../invocation/deadline";
import { Session } from "../../invocation/session";
import type { Summary } from "../../invocation/summary";
import type { InputOutput } from "../../outputs/context";
import { createOutput } from "../../outputs/create";
import { type KeptRecord, packAs } from "../../outputs/kept-records";
import { reasonOf } from "../../outputs/output-error";
import { addAllReports } from "../../outputs/report";
import { failedRecord } from "../../processors/sorter";
import { batchFolder, type BatchNote } from "../../quarantine/batches";
import type { OutgoingRecord, OutputReport } from "../../records/contracts";
import { invalidRecord } from "../../records/invalid-record";
import { logError } from "../../runtime/log";
import { reasonOfThrown } from "../../runtime/thrown";
import type { PipelineSettings } from "../../settings";
import { cosUrl } from "../../tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";

/** An event of `tencent-logs replay`, which asks for the redelivery of a batch in quarantine to its output. */
export interface RedeliveryEvent {
  /** Key of the batch's note. */
  readonly redeliver: string;
}

/** The batch stays where it was; the message says why. */
export class RedeliveryError extends Error {
  override readonly name = "RedeliveryError";
  readonly code = "LOGS_REDELIVERY";
}

/** Whether an event asks for a redelivery; no trigger's event does. */
export function isRedelivery(event: unknown): event is RedeliveryEvent {
  return typeof (event as Partial<RedeliveryEvent> | null)?.redeliver === "string";
}

/**
 * Sends a batch to its output again, unchanged and under the same keys and ids, then removes it from quarantine. If the
 * batch's note is gone, an earlier replay delivered it and its answer was lost; the summary then has no object.
 *
 * @throws {@link RedeliveryError}; the batch and its note stay
 */
export async function redeliver(
  { redeliver: noteKey }: RedeliveryEvent,
  context: ScfContext,
  settings: PipelineSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const session = new Session(context, settings, retry);
  try {
    await takeBatch(session, noteKey);
  } catch (error) {
    throw new RedeliveryError(`the batch must be delivered again: ${reasonOf(error).message}`, { cause: error });
  } finally {
    await session.close();
  }
  session.report();
  return session.summary;
}

async function takeBatch(session: Session, noteKey: string): Promise<void> {
  const { quarantine, summary } = session;
  const folder = batchFolder(quarantine.prefix);
  if (!noteKey.startsWith(folder)) throw new Error(`redeliver must be a key below ${folder}`);
  const text = await quarantine.read(noteKey);
  if (text === undefined) return logError(`the batch of ${noteKey} is delivered already: its note is gone`);
  const note = noteIn(text, noteKey, folder);
  const lines = await quarantine.read(note.lines);
  if (lines === undefined) throw new Error(`the records at ${note.lines} must be there, got none; remove the note`);
  const refused: KeptRecord[] = [];
  const output = openOutput(session, note, note.output, ({ record, error, id }) => {
    const failed = failedRecord(record, reasonOfThrown(error));
    const place = { ...failed.place, object: cosUrl({ bucket: session.settings.quarantine.bucket, key: note.lines }) };
    refused.push({ id, record: invalidRecord({ ...failed, place }) });
  });
  requireSameKind(output, note);
  await output.redeliver({ name: note.part, records: note.records, lines });
  const reports = { [note.output]: output.report() };
  summary.outputs = refused.length > 0 ? addAllReports(reports, await handOver(session, note, refused)) : reports;
  // The note first: records without a note are never delivered again, and expire with the bucket's lifecycle.
  for (const key of [noteKey, note.lines]) await session.forget({ name: noteKey }, () => quarantine.remove(key));
  summary.objects = 1;
  summary.bytes = lines.length;
  summary.lines = summary.records = note.records;
  if (refused.length > 0) summary.failed = refused.length;
}

function noteIn(text: Buffer, key: string, batches: string): BatchNote {
  const note = JSON.parse(text.toString()) as BatchNote;
  const folder = `${batches}${note.output}/`;
  if (note.version === 1 && key.startsWith(folder) && note.lines?.startsWith(folder)) return note;
  throw new Error(`${key} must be a batch's note of version 1 for output ${note.output}`);
}

/**
 * Records of a batch that its output cannot accept go to `invalid`, each under its id, in a stream of its own. Without
 * `invalid`, they go to the output itself, in the form that `invalid` would get. This is the same as at the first reading.
 */
async function handOver(
  session: Session,
  note: BatchNote,
  refused: readonly KeptRecord[],
): Promise<Record<string, OutputReport>> {
  const name = Object.hasOwn(session.outputs.outputs, "invalid") ? "invalid" : note.output;
  const output = openOutput(session, note, name, ({ error }) => {
    throw error;
  });
  await output.redeliver({
    name: `replayed-${note.output}-${note.part}`,
    records: refused.length,
    lines: packAs(output.keptAs, refused),
  });
  return { [name]: output.report() };
}

/** A record that an output cannot accept, with its error and id. */
interface RefusedRecord {
  readonly record: OutgoingRecord;
  readonly error: unknown;
  readonly id: string;
}

/** An output for a batch. It fails instead of putting the batch into quarantine again. */
function openOutput(
  { context, outputs: { outputs } }: Session,
  { input, path, began }: BatchNote,
  output: string,
  refuse: (refused: RefusedRecord) => void,
): InputOutput {
  if (!Object.hasOwn(outputs, output)) throw new Error(`the pipeline has no output ${output} any more`);
  return createOutput(outputs[output], {
    ...context,
    now: Date.parse(began),
    output,
    onFailure: "fail",
    isRedelivery: true,
    input: { name: input, path },
    hasOthers: false,
    left: [],
    // It is part of the batch's name, and of the ids, already.
    stream: "",
    fail: (record, error, id = "") => refuse({ record, error, id }),
  });
}

function requireSameKind(made: InputOutput, { output, keptAs }: BatchNote): void {
  if (made.keptAs === keptAs) return;
  throw new Error(
    `output ${output} must take what the batch was kept as ${keptAs}, got one that takes ${made.keptAs}; ` +
      `name an output of the kind of before ${output}`,
  );
}
