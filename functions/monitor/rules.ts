import type { MonitorRules, RecordView, RulesOutcome } from "../../monitor";
import { compileRules, type Event, type Rules, TopicEvent } from "../../rules";
import { rulePartsIn } from "../runtime/loader";
import { reasonOfThrown } from "../runtime/thrown";

/**
 * A rule text that selects a monitor's records: those that it keeps, as modified by it.
 *
 * @param folder folder of the library groups that it needs
 * @throws RulesError
 */
export function compileMonitorRules(text: string, folder: string): MonitorRules {
  return new CompiledRules(compileRules(text, { parts: rulePartsIn(folder), outputs: [] }));
}

class CompiledRules implements MonitorRules {
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Idle records are kept unless the rule text drops them: only then does a match need one of these literals. */
  get needed(): MonitorRules["needed"] {
    const { idle } = this.#rules;
    return idle?.outputs.length === 0 ? idle.unless : undefined;
  }

  refresh(): Promise<void> {
    return this.#rules.refresh();
  }

  /** Never throws: an unexpected error of the engine is the record's failure. */
  run(record: RecordView): RulesOutcome {
    try {
      const source = record as ConstructorParameters<typeof TopicEvent>[1];
      const { emitted, failure } = this.#rules.run(new TopicEvent(undefined, source));
      return { kept: emitted.map(({ event }) => (event.changed ? viewOf(event, record) : record)), failure };
    } catch (error) {
      return { kept: [], failure: reasonOfThrown(error) };
    }
  }
}

/** An event as a record, as the rules left it. */
function viewOf({ fields }: Event, { raw }: RecordView): RecordView {
  const has = (name: string): boolean => Object.hasOwn(fields, name);
  return { raw, fields, has, get: (name) => (has(name) ? fields[name] : undefined) };
}
