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
    doc: "drops the event where the condition holds.",
    step: (call) => {
      const condition = call.argument("condition").evaluate;
      return (event, run) => (isTrue(condition(event, run)) ? null : event);
    },
  },

  e_keep: {
    parameters: "condition:cond=True",
    doc: "drops the event where the condition does not hold.",
    step: (call) => {
      const condition = call.argument("condition").evaluate;
      return (event, run) => (isTrue(condition(event, run)) ? event : null);
    },
  },

  e_output: {
    parameters:
      "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
    doc:
      "the event goes to that output of the pipeline, or to the default one, and its way ends. Project and " +
      "logstore name no place here: the output's construct does.",
    step: (call) => output(call, false),
  },

  e_coutput: {
    parameters:
      "name:output=None, project=None, logstore=None, topic=None, source=None, tags=None, hash_key_field=None, hash_key=None",
    doc: "a copy goes to that output; the event runs on as it was.",
    step: (call) => output(call, true),
  },

  e_split: {
    parameters: `field, sep:delimiter=",", quote:delimiter='"', lstrip:bool?=True, jmes:jmes=None, output=None`,
    doc:
      "makes an event of each element of the field's value, which is a JSON list, or what JMESPath selects in " +
      "it, or else a row of CSV; the element is written to `output`, else to the field. Nothing to split " +
      "leaves the event as it is. Fails where a row of CSV goes on behind its line.",
    noneIsDefault: true,
    step: split,
  },

  e_to_metric: {
    parameters: "names=None, labels=None, time=None",
    doc:
      "makes an event of the metric store's shape for each field in `names`: its name, its value as a float, " +
      "the labels, by their names, and the time in nanoseconds. Names and labels are fields, or pairs of a field and the name " +
      "that it gets; those that the event lacks are left out, and an event without any of the names stays as " +
      "it is. `time` is seconds, milliseconds, microseconds or nanoseconds, told apart by the number of " +
      "digits; the event's own time where it is None. Fails where a value or the time is no number.",
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
