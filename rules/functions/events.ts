import type { Call, Derived, Implementations, Step } from "../run/implementation";
import type { Event } from "../run/event";
import { toText } from "../run/text";
import { fail, isDict, isTrue, typeName, type Value } from "../run/values";
import { split } from "./events/e-split";
import { toMetric } from "./events/e-to-metric";

export const EVENTS: Implementations = {
  /** `e_drop(condition=True)`: drops the event where the condition holds. */
  e_drop: {
    step: (call) => {
      const condition = call.argument("condition")?.evaluate ?? always;
      return (event, run) => (isTrue(condition(event, run)) ? null : event);
    },
  },

  /** `e_keep(condition=True)`: drops the event where the condition does not hold. */
  e_keep: {
    step: (call) => {
      const condition = call.argument("condition")?.evaluate ?? always;
      return (event, run) => (isTrue(condition(event, run)) ? event : null);
    },
  },

  /**
   * `e_output(name=None, ..., topic=None, source=None, tags=None)`: the event goes to that output of the pipeline, or to
   * the default one, and its way ends. Project and logstore name no place here: the output's construct does.
   */
  e_output: { step: (call) => output(call, () => null) },

  /** `e_coutput(...)`: a copy goes to that output; the event runs on as it was. */
  e_coutput: { step: (call) => output(call, (event) => event) },

  /**
   * `e_split(field, sep=",", quote='"', lstrip=True, jmes=None, output=None)`: makes an event of each element of the
   * field's value, which is a JSON list, or what JMESPath selects in it, or else a row of CSV; the element is written to
   * `output`, else to the field. Nothing to split leaves the event as it is. Fails where a row of CSV goes on behind its
   * line.
   */
  e_split: split,

  /**
   * `e_to_metric(names=None, labels=None, time=None)`: makes an event of the metric store's shape for each field in
   * `names`: its name, its value as a float, the labels and the time in nanoseconds. Names and labels are fields, or pairs
   * of a field and the name that it gets; those that the event lacks are left out, and an event without any of the names
   * stays as it is. `time` is seconds, milliseconds, microseconds or nanoseconds, told apart by the number of digits; the
   * event's own time where it is None. Fails where a value or the time is no number.
   */
  e_to_metric: toMetric,
};

const always = (): Value => true;

/** Fields that are assigned on the copy alone: its topic, its source, its tags. */
type Label = (copy: Event, value: Value) => void;

function output(call: Call, outcome: (event: Event) => Event | null): Step {
  const name = nameOf(call);
  for (const parameter of ["project", "logstore"]) {
    const given = call.argument(parameter);
    if (given) call.warn(`${parameter} means nothing here; name an output of the pipeline`, given.span);
  }
  const labels = [
    label(call, "topic", assign("__topic__")),
    label(call, "source", assign("__source__")),
    label(call, "tags", assignTags),
  ].filter((one) => one !== undefined);
  return (event, run) => {
    const copy = event.clone();
    for (const { evaluate, write } of labels) {
      const value = evaluate(event, run);
      if (value !== null) write(copy, value);
    }
    run.emit(copy, name(event, run));
    return outcome(event);
  };
}

function nameOf(call: Call): Derived<string | null> {
  const argument = call.argument("name");
  if (!argument) return () => null;
  return call.derive(argument, (value) => (value === null ? null : toText(value)));
}

function label(call: Call, parameter: string, write: Label) {
  const argument = call.argument(parameter);
  return argument && { evaluate: argument.evaluate, write };
}

function assign(field: string): Label {
  return (copy, value) => copy.set(field, value === null ? "" : toText(value));
}

function assignTags(copy: Event, tags: Value): void {
  if (!isDict(tags)) fail(`tags must be a dict of names and values, got ${typeName(tags)}`);
  for (const [name, value] of tags) {
    if (value !== null && name !== null) copy.set(`__tag__:${toText(name)}`, toText(value));
  }
}
