import type { OutgoingRecord, OutputReport } from "../records/contracts";
import { invalidRecord } from "../records/invalid-record";
import type { OutputKind, OutputOf, OutputSettings, OutputsSettings } from "../settings";
import { CkafkaOutput } from "./ckafka-output";
import { ClsOutput } from "./cls-output";
import type { InputIdentity, InputOutput, InvocationContext, OutputContext } from "./context";
import { CosOutput } from "./cos-output";
import { addReports } from "./report";
import { WebhookOutput } from "./webhook-output";

type WriterOf<Kind extends OutputKind> = new (settings: OutputOf<Kind>, context: OutputContext) => InputOutput;

/** What writes to each kind of output. */
const WRITERS: { readonly [Kind in OutputKind]: WriterOf<Kind> } = {
  cos: CosOutput,
  cls: ClsOutput,
  webhook: WebhookOutput,
  ckafka: CkafkaOutput,
};

/** The outputs of one input. */
export interface Outputs {
  /** Keys of what they left to quarantine, in the order in which they may be removed again. */
  readonly left: readonly string[];
  /** By the names that a processor uses. */
  readonly named: ReadonlyMap<string, InputOutput>;
  /**
   * Where lines go that are no records, if anywhere. It is not the `invalid` of {@link named}, though it writes to the
   * same place: how lines and failed records follow each other depends on the size of batches, and keys must not.
   */
  readonly invalidLines: InputOutput | undefined;
  readonly all: readonly InputOutput[];
  /** What each did, by its name. */
  reports(): Record<string, OutputReport>;
}

/** Makes the outputs of one input; throws where a secret or a file beside the handler is missing. */
export function createOutputs({ outputs }: OutputsSettings, input: InputIdentity, shared: InvocationContext): Outputs {
  return new OutputsOfInput(outputs, input, shared);
}

class OutputsOfInput implements Outputs {
  readonly left: string[] = [];
  readonly named: ReadonlyMap<string, InputOutput>;
  readonly invalidLines: InputOutput | undefined;
  readonly #settings: OutputsSettings["outputs"];
  readonly #input: InputIdentity;
  readonly #shared: InvocationContext;
  /** What takes the records that an output could not write, by its name: each comes in an order of its own. */
  readonly #rejected = new Map<string, InputOutput>();

  constructor(settings: OutputsSettings["outputs"], input: InputIdentity, shared: InvocationContext) {
    this.#settings = settings;
    this.#input = input;
    this.#shared = shared;
    this.named = new Map(Object.keys(settings).map((name) => [name, this.#create(name, "")]));
    this.invalidLines = this.named.has("invalid") ? this.#create("invalid", "lines-") : undefined;
  }

  get all(): readonly InputOutput[] {
    return [...this.named.values(), ...this.#besideInvalid()];
  }

  reports(): Record<string, OutputReport> {
    const reports = Object.fromEntries([...this.named].map(([name, output]) => [name, output.report()]));
    for (const output of this.#besideInvalid()) reports.invalid = addReports(reports.invalid, output.report());
    return reports;
  }

  /** What writes to the same place as `invalid` of {@link named}. */
  #besideInvalid(): InputOutput[] {
    return [...(this.invalidLines ? [this.invalidLines] : []), ...this.#rejected.values()];
  }

  #create(name: string, stream: string): InputOutput {
    const settings = this.#settings[name];
    return createOutput(settings, {
      ...this.#shared,
      output: name,
      onFailure: settings.onFailure,
      input: this.#input,
      hasOthers: Object.keys(this.#settings).length > 1,
      left: this.left,
      stream,
      reject: (record, error) => this.#reject(name, record, error),
    });
  }

  async #reject(name: string, { raw, place }: OutgoingRecord, error: unknown): Promise<boolean> {
    // What cannot be written there either has no other place.
    if (name === "invalid" || !this.named.has("invalid")) return false;
    const output = this.#rejected.get(name) ?? this.#create("invalid", `${name}-`);
    this.#rejected.set(name, output);
    const { name: kind, message } = error as Error;
    await output.write([invalidRecord({ raw, place, reason: `output ${name}: ${kind}: ${message}` })]);
    return true;
  }
}

/** Makes one output; throws as {@link createOutputs} does. */
export function createOutput(settings: OutputSettings, context: OutputContext): InputOutput {
  // A kind's own settings are what its writer takes: the table says so of each.
  const Writer = WRITERS[settings.type] as WriterOf<OutputKind>;
  return new Writer(settings, context);
}
