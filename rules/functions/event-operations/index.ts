import { group } from "../define";
import type { BoundCall, Derived, Step } from "../../run/implementation";
import type { Event } from "../../run/event";
import { toText } from "../../run/text";
import { fail, isDict, isTrue, typeName, type Value } from "../../run/values";
import { split } from "./e-split";
import { toMetric } from "./e-to-metric";

export const EVENT_OPERATIONS = group("Event operations", {
  e_drop: {
    parameters: "condition:cond=True",
    doc: "drops the event if the condition is true.",
    step: (call) => {
      const condition = call.argument("condition").evaluate;
      return (event, run) => (isTrue(condition(event, run)) ? null : event);
    },
  },

  e_keep: {
    parameters: "condition:cond=True",
    doc: "drops the event if the condition is false.",
    step: (call) => {
      const condition = call.argument("condition").evaluate;
      return (event, run) => (isTrue(condition(event, run)) ? event : null);
    },
  },

  e_output: {
    parameters:
      "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
    doc:
      "sends the event to that output of the pipeline, or to the default one, and stops processing it. Project " +
      "and logstore have no effect: the output's construct defines the destination.",
    step: (call) => output(call, false),
  },

  e_coutput: {
    parameters:
      "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
    doc: "sends a copy to that output, and continues with the unchanged event.",
    step: (call) => output(call, true),
  },

  e_split: {
    parameters: `field, sep:delimiter=",", quote:delimiter='"', lstrip:bool?=True, jmes:jmes=None, output=None`,
    doc:
      "creates an event for each element of the field's value (a JSON list, the result of JMESPath on it, or " +
      "otherwise a CSV row); the element is written to `output`, or to the field itself. An event without " +
      "anything to split stays unchanged. Fails if a CSV row continues after its line.",
    noneIsDefault: true,
    step: split,
  },

  e_to_metric: {
    parameters: "names=None, labels=None, time=None",
    doc:
      "creates an event in the format of a metric store for each field in `names`: its name, its value as a " +
      "float, the labels by name, and the time in nanoseconds. Names and labels are fields, or pairs of a " +
      "field and its new name. Those that the event lacks are left out, and an event without any of the names " +
      "stays unchanged. `time` is seconds, milliseconds, microseconds or nanoseconds, detected from the number " +
      "of digits; None means the event's own time. Fails if a value or the time is not a number.",
    noneIsDefault: true,
    step: toMetric,
  },
});

/** Fields that are only assigned on the copy: its topic, its source, its tags. */
type Label = (copy: Event, value: Value) => void;

/** @param goesOn whether to send a copy and continue with the unchanged event */
function output(call: BoundCall, goesOn: boolean): Step {
  const name = nameOf(call);
  for (const parameter of ["project", "logstore"]) {
    const given = call.argument(parameter);
    if (!given.isDefault) call.warn(`${parameter} means nothing here; name an output of the pipeline`, given.span);
  }
  const labels = [
    label(call, "topic", assign("__topic__")),
    label(call, "source", assign("__source__")),
    label(call, "tags", assignTags),
  ].filter((one) => one !== undefined);
  return (event, run) => {
    const sent = goesOn || labels.length > 0 ? event.clone() : event;
    for (const { evaluate, write } of labels) {
      const value = evaluate(event, run);
      if (value !== null) write(sent, value);
    }
    run.emit(sent, name(event, run));
    return goesOn ? event : null;
  };
}

function nameOf(call: BoundCall): Derived<string | null> {
  return call.derive(call.argument("name"), (value) => (value === null ? null : toText(value)));
}

function label(call: BoundCall, parameter: string, write: Label) {
  const { constant, evaluate } = call.argument(parameter);
  return constant?.value === null ? undefined : { evaluate, write };
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
