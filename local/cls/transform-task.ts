import type { SimulatedClock } from "../clock";
import { Program, type Output } from "../dialect/program";
import type { Cls } from "./cls";
import type { ClsRecord } from "./record";
import type { Topic } from "./topic";

/** A target of a transform's `log_output("alias")`. */
export interface TransformTarget {
  readonly topicId: string;
  readonly alias: string;
}

/** A task of CLS's own data processing, as given. */
export interface TransformSpec {
  readonly name: string;
  /** `fixed`: to its targets; `dynamic`: to topics that it creates. */
  readonly routing: "fixed" | "dynamic";
  /** Statements of CLS's processing language. */
  readonly content: string;
  readonly targets: readonly TransformTarget[];
  readonly enabled: boolean;
  /** Other fields of the API, by its names. */
  readonly details: object;
}

/** Counts of a task since its creation. */
export interface TransformCounts {
  /** Records read. */
  read: number;
  /** Records written to targets. */
  written: number;
  /** Rows that the statements dropped, or that no statement sent to a target. */
  dropped: number;
  /** Records on which a statement failed, which CLS drops. */
  failed: number;
}

/** Maximum stored failures, the latest ones. */
const MAX_FAILURES = 100;

/** Runs a topic's records through statements, and writes the results to other topics. */
export class TransformTask {
  readonly counts: TransformCounts = { read: 0, written: 0, dropped: 0, failed: 0 };
  /** Why statements failed. */
  readonly failures: string[] = [];
  stop: () => void = () => undefined;

  constructor(
    private readonly source: Topic,
    private readonly cls: Cls,
    private readonly clock: SimulatedClock,
  ) {}

  /** Runs these statements from now on, or none if the task is not enabled. */
  start(spec: TransformSpec): void {
    this.stop();
    if (!spec.enabled) return;
    const program = new Program(spec.content);
    this.stop = this.source.onRecords((records) => this.take(records, program, spec));
  }

  private async take(records: readonly ClsRecord[], program: Program, spec: TransformSpec): Promise<void> {
    const batches = new Map<Topic, ClsRecord[]>();
    for (const record of records) {
      for (const { topic, contents } of this.rowsOf(record, program, spec)) {
        const batch = batches.get(topic) ?? [];
        batches.set(topic, batch);
        batch.push({ ...record, contents });
      }
    }
    for (const [topic, batch] of batches) {
      this.counts.written += batch.length;
      await topic.put(batch);
    }
  }

  private *rowsOf(record: ClsRecord, program: Program, spec: TransformSpec) {
    this.counts.read++;
    const { outputs, rest, failure } = program.run(record.contents, {
      now: () => this.clock.now(),
      ...variablesOf(spec),
    });
    if (failure !== undefined) {
      this.counts.failed++;
      this.failures.push(failure);
      if (this.failures.length > MAX_FAILURES) this.failures.shift();
      return;
    }
    // If the statements have no output, the only target receives all rows.
    const [only] = !program.hasOutputs && spec.targets.length === 1 ? spec.targets : [];
    const others = only ? rest.map((row) => ({ destination: { alias: only.alias }, row })) : [];
    if (outputs.length + others.length === 0 || (!only && rest.length > 0)) {
      this.counts.dropped += Math.max(1, rest.length);
    }
    for (const output of [...outputs, ...others]) {
      yield { topic: this.topicOf(output.destination, spec), contents: output.row.toJSON() };
    }
  }

  /** If the statements name a topic that does not exist, it is created. */
  private topicOf(destination: Output["destination"], { targets }: TransformSpec): Topic {
    if ("alias" in destination) {
      const target = targets.find(({ alias }) => alias === destination.alias);
      if (target) return this.cls.topicOf(target.topicId);
      throw new Error(`log_output must name an alias of the task, got "${destination.alias}"`);
    }
    const { topicName, logsetName } = destination;
    const { logsetId, region } = this.source;
    const logset = logsetName === undefined ? logsetId : this.logsetNamed(logsetName, region);
    const known = this.cls.allTopics().find((topic) => topic.logsetId === logset && topic.name === topicName);
    return known ?? this.cls.createTopic(topicName, logset, region);
  }

  private logsetNamed(name: string, region: string): string {
    const known = this.cls.allLogsets().find((logset) => logset.name === name && logset.region === region);
    return known?.id ?? this.cls.createLogset(name, region);
  }
}

/** Variables of the task, as given to the API. */
function variablesOf({ details }: TransformSpec): { variables?: ReadonlyMap<string, string> } {
  const { EnvInfos = [] } = details as { EnvInfos?: readonly { Key: string; Value: string }[] };
  return { variables: new Map(EnvInfos.map(({ Key, Value }) => [Key, Value])) };
}
