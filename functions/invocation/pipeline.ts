import { Connections } from "../outputs/connections";
import type { InputIdentity, InvocationContext } from "../outputs/context";
import { createOutputs } from "../outputs/create";
import { addAllReports } from "../outputs/report";
import { ProcessorError } from "../processors/load";
import { createTransformer, type Transformer } from "../processors/transformer";
import { DeadlineError } from "./invocation";
import { LinkedAbort } from "../runtime/linked-abort";
import { Router } from "../processors/router";
import { untilAborted } from "../runtime/until-aborted";
import type { OutputsSettings, PipelineSettings } from "../settings";
import type { Summary } from "./summary";

/** What comes after reading, in one invocation of either handler: the processor and the outputs. Close it. */
export class Pipeline {
  readonly #settings: PipelineSettings;
  readonly #outputs: OutputsSettings;
  readonly #context: InvocationContext;
  readonly #connections = new Connections();
  #transformer: Transformer | undefined;

  constructor(settings: PipelineSettings, context: Omit<InvocationContext, "connections" | "quarantine">) {
    this.#settings = settings;
    this.#outputs = { outputs: settings.outputs ?? {}, defaultOutput: settings.defaultOutput };
    this.#context = { ...context, quarantine: settings.quarantine, connections: this.#connections };
  }

  /** The way of one input's records; throws where the user's code, a secret or a part of the code is missing. */
  open(input: InputIdentity): Router {
    this.#transformer ??= createTransformer(this.#settings.processor, this.#outputs);
    const isJson = (this.#settings.content?.type ?? "json") === "json";
    const abort = new LinkedAbort(this.#context.signal);
    const outputs = createOutputs(this.#outputs, input, { ...this.#context, signal: abort.signal });
    return new Router(this.#transformer, outputs, abort, isJson);
  }

  /** Adds what became of an input's records after they were read. */
  addTo(summary: Summary, router: Router): void {
    if (router.failed > 0) summary.failed = (summary.failed ?? 0) + router.failed;
    summary.outputs = addAllReports(summary.outputs, router.reports());
  }

  /** Tells the processor that there is no more; rejects with a `ProcessorError` where it throws. */
  async end(summary: Readonly<Summary>): Promise<void> {
    try {
      const { signal, notesSignal } = this.#context;
      // Where there is time, one that never ends leaves some of it for notes.
      const limit = signal.aborted ? notesSignal : signal;
      await untilAborted(Promise.resolve(this.#transformer?.end(summary)), limit);
    } catch (cause) {
      if (cause instanceof DeadlineError) throw cause;
      // Its message may quote a record, and this one is logged.
      throw new ProcessorError(`end must not throw, got ${cause instanceof Error ? cause.name : typeof cause}`, {
        cause,
      });
    }
  }

  /** Ends every connection of the outputs. */
  async close(): Promise<void> {
    await this.#connections.close(this.#context.notesSignal);
  }
}
