import { Invocation, type ScfContext } from "../../invocation/invocation";
import { logError } from "../../runtime/log";
import { Connections } from "../../outputs/connections";
import type { InputOutput } from "../../outputs/context";
import { createOutput } from "../../outputs/create";
import { reasonOf } from "../../outputs/output-error";
import { batchFolder, type BatchNote } from "../../quarantine/batches";
import { QuarantineStore } from "../../quarantine/store";
import type { PipelineSettings } from "../../settings";
import { emptySummary, type Summary } from "../../invocation/summary";
import { CosClient } from "../../tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";

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

/** Whether an event asks for that; no event of a trigger does. */
export function isRedelivery(event: unknown): event is RedeliveryEvent {
  return typeof (event as Partial<RedeliveryEvent> | null)?.redeliver === "string";
}

/**
 * Hands a batch to its output again, as it was: under the keys and ids that it would have had. Removes it from quarantine
 * then. A batch whose note is gone was delivered before, by a replay whose answer was lost: the summary has no object.
 *
 * @throws {@link RedeliveryError}; the batch and its note stay
 */
export async function redeliver(
  { redeliver: noteKey }: RedeliveryEvent,
  context: ScfContext,
  settings: PipelineSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const redelivery = new Redelivery(context, settings, retry);
  try {
    const summary = await redelivery.run(noteKey);
    console.log(JSON.stringify(summary));
    return summary;
  } catch (error) {
    throw new RedeliveryError(`the batch must be delivered again: ${reasonOf(error).message}`, { cause: error });
  } finally {
    await redelivery.close();
  }
}

class Redelivery {
  readonly #settings: PipelineSettings;
  readonly #retry: RetryPolicy;
  readonly #invocation: Invocation;
  readonly #client = new CosClient();
  readonly #connections = new Connections();
  readonly #store: QuarantineStore;

  constructor(context: ScfContext, settings: PipelineSettings, retry: RetryPolicy) {
    this.#settings = settings;
    this.#retry = retry;
    this.#invocation = new Invocation(context);
    this.#store = new QuarantineStore(this.#client, settings.quarantine, retry, this.#invocation.notesSignal);
  }

  async run(noteKey: string): Promise<Summary> {
    const folder = batchFolder(this.#store.prefix);
    if (!noteKey.startsWith(folder)) throw new Error(`redeliver must be a key below ${folder}`);
    const text = await this.#store.read(noteKey);
    if (text === undefined) {
      logError(`the batch of ${noteKey} is delivered already: its note is gone`);
      return { ...emptySummary(), ms: this.#invocation.elapsedMs };
    }
    const note = this.#noteIn(text, noteKey);
    const lines = await this.#store.read(note.lines);
    if (lines === undefined) throw new Error(`the records at ${note.lines} must be there, got none; remove the note`);
    const output = this.#outputOf(note);
    await output.redeliver({ name: note.part, records: note.records, lines });
    // The note first: lines without one are never delivered again, and go with the bucket's lifecycle.
    for (const key of [noteKey, note.lines]) await this.#store.remove(key);
    return {
      ...emptySummary(),
      objects: 1,
      bytes: lines.length,
      lines: note.records,
      records: note.records,
      outputs: { [note.output]: output.report() },
      ms: this.#invocation.elapsedMs,
    };
  }

  async close(): Promise<void> {
    await this.#connections.close(this.#invocation.notesSignal);
    this.#client.close();
    this.#invocation.close();
  }

  #noteIn(text: Buffer, key: string): BatchNote {
    const note = JSON.parse(text.toString()) as BatchNote;
    const folder = `${batchFolder(this.#store.prefix)}${note.output}/`;
    if (note.version === 1 && key.startsWith(folder) && note.lines?.startsWith(folder)) return note;
    throw new Error(`${key} must be a batch's note of version 1 for output ${note.output}`);
  }

  /** The output of a batch, which fails rather than leaves it to quarantine once more. */
  #outputOf({ output, input, path, began, keptAs }: BatchNote): InputOutput {
    const { outputs = {}, quarantine } = this.#settings;
    if (!Object.hasOwn(outputs, output)) throw new Error(`the pipeline has no output ${output} any more`);
    const { signal, notesSignal, requestId } = this.#invocation;
    const made = createOutput(outputs[output], {
      cos: this.#client,
      connections: this.#connections,
      quarantine,
      retry: this.#retry,
      signal,
      notesSignal,
      requestId,
      now: Date.parse(began),
      output,
      onFailure: "fail",
      input: { name: input, path },
      left: [],
      // It is in the part's name, and in the ids, already.
      stream: "",
    });
    if (made.keptAs === keptAs) return made;
    throw new Error(
      `output ${output} must take what the batch was kept as ${keptAs}, got one that takes ${made.keptAs}; ` +
        `name an output of the kind of before ${output}`,
    );
  }
}
