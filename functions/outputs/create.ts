import type { OutgoingRecord, OutputReport } from "../records/contracts";
import type { OutputKind, OutputOf, OutputSettings, OutputsSettings } from "../settings";
import { CkafkaOutput } from "./ckafka-output";
import { ClsOutput } from "./cls-output";
import type { InputIdentity, InputOutput, InvocationContext, OutputContext, Resumed } from "./context";
import { CosOutput } from "./cos-output";
import { ElasticsearchOutput } from "./elasticsearch-output";
import { OtlpOutput } from "./otlp-output";
import { ParquetOutput } from "./parquet-output";
import { addReports } from "./report";
import { ResumedOutput } from "./resumed-output";
import { WebhookOutput } from "./webhook-output";

type WriterOf<Kind extends OutputKind> = new (settings: OutputOf<Kind>, context: OutputContext) => InputOutput;

/** The writer of each kind of output. */
const WRITERS: { readonly [Kind in OutputKind]: WriterOf<Kind> } = {
  cos: CosOutput,
  cls: ClsOutput,
  webhook: WebhookOutput,
  ckafka: CkafkaOutput,
  elasticsearch: ElasticsearchOutput,
  otlp: OtlpOutput,
};

/** A record that an output cannot encode. */
export interface Refused {
  /** Name of the output. */
  readonly output: string;
  readonly record: OutgoingRecord;
  readonly error: unknown;
}

/** The outputs of one input. */
export interface Outputs {
  /** Keys of their batches in quarantine, in the order in which they can be removed again. */
  readonly left: readonly string[];
  /** By the names that a processor uses. */
  readonly named: ReadonlyMap<string, InputOutput>;
  /**
   * Output for invalid lines, if any. It is separate from the `invalid` of {@link named}, although it writes to the same
   * destination: the order of lines and failed records depends on the size of batches, and keys must not.
   */
  readonly invalidLines: InputOutput | undefined;
  readonly all: readonly InputOutput[];
  /** All of them by {@link nameOfStream}. */
  streams(): readonly (readonly [string, InputOutput])[];
  /** Returns the records that outputs refused since the last call. */
  takeRefused(): Refused[];
  /** The report of each output by name. */
  reports(): Record<string, OutputReport>;
}

/**
 * Creates the outputs of one input; throws if a secret or a file beside the handler is missing.
 *
 * @param resumed where outputs continue that an earlier invocation paused, by {@link nameOfStream}
 */
export function createOutputs(
  { outputs }: OutputsSettings,
  input: InputIdentity,
  shared: InvocationContext,
  resumed: Readonly<Record<string, Resumed>> = {},
): Outputs {
  const left: string[] = [];
  const refused: Refused[] = [];
  const create = (name: string, stream: string) => {
    const settings = outputs[name];
    const fail = (record: OutgoingRecord, error: unknown) => void refused.push({ output: name, record, error });
    const from = resumed[nameOfStream(stream, name)];
    const made = createOutput(settings, {
      ...shared,
      resumed: from,
      output: name,
      onFailure: settings.onFailure,
      input,
      hasOthers: Object.keys(outputs).length > 1,
      left,
      stream,
      fail,
    });
    return from ? new ResumedOutput(made, from) : made;
  };
  const named = new Map(Object.keys(outputs).map((name) => [name, create(name, "")]));
  const invalidLines = named.has("invalid") ? create("invalid", "lines-") : undefined;
  return {
    left,
    named,
    invalidLines,
    all: [...named.values(), ...(invalidLines ? [invalidLines] : [])],
    takeRefused: () => refused.splice(0),
    streams: () => [
      ...[...named].map(([name, output]) => [nameOfStream("", name), output] as const),
      ...(invalidLines ? [[nameOfStream("lines-", "invalid"), invalidLines] as const] : []),
    ],
    reports: () => reportsOf(named, invalidLines),
  };
}

/** Distinguishes two streams to one output. */
function nameOfStream(stream: string, output: string): string {
  return stream + output;
}

/** Creates one output; throws like {@link createOutputs}. */
export function createOutput(settings: OutputSettings, context: OutputContext): InputOutput {
  if (settings.type === "cos" && settings.format) return new ParquetOutput(settings, settings.format, context);
  // The table pairs each kind's settings with its writer.
  const Writer = WRITERS[settings.type] as WriterOf<OutputKind>;
  return new Writer(settings, context);
}

function reportsOf(named: ReadonlyMap<string, InputOutput>, invalidLines: InputOutput | undefined) {
  const reports = Object.fromEntries([...named].map(([name, output]) => [name, output.report()]));
  if (invalidLines) reports.invalid = addReports(reports.invalid, invalidLines.report());
  return reports;
}
