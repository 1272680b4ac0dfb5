import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Changes, compileRules, type Idle, type Rules, TopicEvent } from "../../rules";
import type { Batch, LogRecord } from "../records/contracts";
import { changedRecord } from "../records/spliced-record";
import { changedTopicRecord } from "../records/topic-record";
import { rulePartsIn } from "../runtime/loader";
import { reasonOfThrown } from "../runtime/thrown";
import type { OutputsSettings, RulesProcessorSettings } from "../settings";
import { IdleRecords } from "./idle-records";
import type { Processed, Processor } from "./processor";
import { type Destination, failedRecord, Sorter } from "./sorter";

/** Field for the reason why rules failed on an event that is kept nevertheless. */
const ERROR_FIELD = "__tag__:__rules_error__";

/** Rules, and the search for idle records, if bytes can show which records are idle. */
interface Compiled {
  readonly rules: Rules;
  readonly idle?: IdleRecords;
}

/** Compiled once for all invocations of an instance. */
const compiled = new Map<string, Compiled>();

/**
 * Creates the processor that runs rules, for one invocation.
 *
 * @param folder contains `rules.sls` and the library groups that it needs
 */
export function createRulesProcessor(
  settings: RulesProcessorSettings,
  outputs: OutputsSettings,
  folder: string,
): Processor {
  const known = compiled.get(folder);
  const loaded = known ?? load(folder, settings, outputs);
  compiled.set(folder, loaded);
  return new RulesProcessor(loaded, settings, outputs);
}

function load(folder: string, { regexEngine }: RulesProcessorSettings, { outputs }: OutputsSettings): Compiled {
  const text = readFileSync(join(folder, "rules.sls"), "utf8");
  const rules = compileRules(text, { parts: rulePartsIn(folder), outputs: Object.keys(outputs), regexEngine });
  return { rules, idle: rules.idle && new IdleRecords(rules.idle.unless) };
}

const NO_CHANGES = new Changes();

/** Where a record goes, or why the rules failed on it. */
type Fate = readonly Destination[] | string;

class RulesProcessor implements Processor {
  readonly check = "json";
  readonly #rules: Rules;
  readonly #settings: RulesProcessorSettings;
  readonly #outputs: OutputsSettings;
  /** The types of the outputs, by their names. */
  readonly #types: ReadonlyMap<string, string>;
  readonly #idle: IdleRecords | undefined;
  #isFresh = false;

  constructor({ rules, idle }: Compiled, settings: RulesProcessorSettings, outputs: OutputsSettings) {
    this.#rules = rules;
    this.#idle = idle;
    this.#settings = settings;
    this.#outputs = outputs;
    this.#types = new Map(Object.entries(outputs.outputs).map(([name, { type }]) => [name, type]));
  }

  /** Returns no promise, except for an invocation's first batch, for which the rules load their external data. */
  process(batch: Batch): Processed | Promise<Processed> {
    return this.#isFresh ? this.#process(batch) : this.#refresh(batch);
  }

  end(): void {
    // There is nothing to end.
  }

  async #refresh(batch: Batch): Promise<Processed> {
    await this.#rules.refresh();
    this.#isFresh = true;
    return this.#process(batch);
  }

  #process(batch: Batch): Processed {
    const sorter = new Sorter(this.#outputs);
    const idle = this.#idle?.of(batch);
    batch.forEach((record, at) => {
      const fate = this.#run(record, idle?.[at] === 1);
      if (typeof fate === "string") sorter.addFailed(record, failedRecord(record, fate), this.#kept(record, fate));
      else sorter.add(record, fate);
    });
    return sorter.result();
  }

  /**
   * Never throws: an unexpected error of the engine, for example at fields nested too deeply, is the record's failure.
   *
   * @param isIdle whether it contains nothing that the rules need to do anything
   */
  #run(record: LogRecord, isIdle: boolean): Fate {
    try {
      if (isIdle) return this.#left.map((output) => this.#destination(record, NO_CHANGES, output));
      const { emitted, failure } = this.#rules.run(new TopicEvent(undefined, record));
      return failure ?? emitted.map(({ event, output }) => this.#destination(record, event.changes, output));
    } catch (error) {
      return reasonOfThrown(error);
    }
  }

  /** The outputs of idle records. */
  get #left(): Idle["outputs"] {
    return this.#rules.idle?.outputs ?? [];
  }

  #destination(read: LogRecord, changes: Changes, output: string | null): Destination {
    const name = output ?? this.#outputs.defaultOutput;
    const type = name === undefined ? undefined : this.#types.get(name);
    // A name from an event can be none of the pipeline's outputs: such a record is dropped, and counted as dropped.
    if (type === undefined) return { output: undefined, record: read };
    if (type === "cls") return { output: name, record: changedTopicRecord(read, changes) };
    return { output: name, record: changes.size > 0 ? changedRecord(read, changes) : read };
  }

  /**
   * If failed records are kept: the record with the reason as a field. A record that cannot have such a field is in
   * `invalid`, or kept as it was read.
   */
  #kept(record: LogRecord, reason: string): Destination[] {
    if (this.#settings.onError !== "keep") return [];
    const { defaultOutput: output, outputs } = this.#outputs;
    try {
      const event = new TopicEvent(undefined, record);
      event.set(ERROR_FIELD, reason);
      return [{ output, record: changedRecord(record, event.changes) }];
    } catch {
      return Object.hasOwn(outputs, "invalid") ? [] : [{ output, record }];
    }
  }
}
