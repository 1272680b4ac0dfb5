import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Batch, LogRecord } from "../records/contracts";
import { rulePartsIn } from "../runtime/loader";
import { compileRules, type Emitted, type Rules, TopicEvent } from "../../rules";
import type { OutputsSettings, RulesProcessorSettings } from "../settings";
import { EventRecord } from "../records/event-record";
import { type Destination, Sorter } from "./sorter";
import { topicRecord } from "../records/topic-record";
import type { Transformed, Transformer } from "./transformer";

/** Field that tells why rules failed on an event that is kept all the same. */
const ERROR_FIELD = "__tag__:__rules_error__";

/** Longest reason of a failure, in characters. */
const MAX_REASON_LENGTH = 500;

/** Compiled once for all invocations of an instance. */
const compiled = new Map<string, Rules>();

/**
 * Rules at work, for one invocation.
 *
 * @param folder where `rules.sls` and the library groups that it needs stand
 */
export function createRulesTransformer(
  settings: RulesProcessorSettings,
  outputs: OutputsSettings,
  folder: string,
): Transformer {
  const known = compiled.get(folder);
  const rules = known ?? load(folder, settings, outputs);
  compiled.set(folder, rules);
  return new RulesTransformer(rules, settings, outputs);
}

function load(folder: string, { regexEngine }: RulesProcessorSettings, { outputs }: OutputsSettings): Rules {
  const text = readFileSync(join(folder, "rules.sls"), "utf8");
  return compileRules(text, { parts: rulePartsIn(folder), outputs: Object.keys(outputs), regexEngine });
}

class RulesTransformer implements Transformer {
  readonly check = "json";
  readonly #rules: Rules;
  readonly #settings: RulesProcessorSettings;
  readonly #outputs: OutputsSettings;
  #isFresh = false;

  constructor(rules: Rules, settings: RulesProcessorSettings, outputs: OutputsSettings) {
    this.#rules = rules;
    this.#settings = settings;
    this.#outputs = outputs;
  }

  /** Without a promise, but for an invocation's first batch: what the rules read beside the events is loaded then. */
  transform(batch: Batch): Transformed | Promise<Transformed> {
    return this.#isFresh ? this.#transform(batch) : this.#refresh(batch);
  }

  end(): void {
    // There is nothing to settle.
  }

  async #refresh(batch: Batch): Promise<Transformed> {
    await this.#rules.refresh();
    this.#isFresh = true;
    return this.#transform(batch);
  }

  #transform(batch: Batch): Transformed {
    const sorter = new Sorter(this.#outputs);
    for (const record of batch) {
      const { emitted, failure } = this.#rules.run(new TopicEvent(record.fields));
      if (failure === undefined) sorter.add(record, this.#destinations(record, emitted));
      else this.#fail(sorter, record, failure.slice(0, MAX_REASON_LENGTH));
    }
    return sorter.result();
  }

  #destinations(record: LogRecord, emitted: readonly Emitted[]): Destination[] {
    return emitted.map((one) => this.#destination(record, one));
  }

  #destination(read: LogRecord, { event, output }: Emitted): Destination {
    const { outputs, defaultOutput } = this.#outputs;
    const name = output ?? defaultOutput;
    // A name that an event brings may be none of the pipeline's: such a record goes nowhere, and is counted so.
    if (name === undefined || !Object.hasOwn(outputs, name)) return { output: undefined, record: read };
    if (outputs[name].type === "cls") return { output: name, record: topicRecord(read.place, event.fields) };
    return { output: name, record: event.changed ? new EventRecord(read.place, event.fields) : read };
  }

  #fail(sorter: Sorter, record: LogRecord, reason: string): void {
    const kept = this.#settings.onError === "keep" ? [this.#kept(record, reason)] : [];
    sorter.addFailed(record, { raw: record.raw, place: record.place, reason }, kept);
  }

  #kept(record: LogRecord, reason: string): Destination {
    const event = new TopicEvent(record.fields);
    event.set(ERROR_FIELD, reason);
    return { output: this.#outputs.defaultOutput, record: new EventRecord(record.place, event.fields) };
  }
}
