import { group } from "./define";
import type { Event } from "../run/event";
import type { BoundCall, Outcome, Run, Step, Thunk } from "../run/implementation";
import { runSteps } from "../run/steps";
import { isTrue } from "../run/values";

/** A condition and its operation. */
interface Branch {
  readonly condition: Thunk;
  readonly step: Step;
}

export const FLOW_CONTROL = group("Flow control", {
  e_if: {
    parameters: "*(cond:cond, op:op)",
    doc:
      "runs each operation whose condition is true, in order, on the result of the previous ones; it is not an " +
      '"else if". A last operation without a condition runs if the condition before it was false.',
    step: (call) => {
      const pairs = branches(call);
      if (call.rest.length % 2 === 1) {
        call.warn("runs where the condition before it is false; e_if_else says so", call.rest.at(-1)!.span);
      }
      const last = call.rest.length % 2 === 1 ? call.step(call.rest.at(-1)!) : keep;
      const steps = pairs.map((branch, at) => ifElse(branch, at === pairs.length - 1 ? last : keep));
      return steps.length === 1 ? steps[0] : (event, run) => runSteps(steps, event, run);
    },
  },

  e_if_else: {
    parameters: "cond:cond, op_true:op, op_false:op=KEEP",
    doc: "runs one of the two operations.",
    step: (call) => {
      const condition = call.argument("cond").evaluate;
      const branch = { condition, step: call.step(call.argument("op_true")) };
      return ifElse(branch, call.step(call.argument("op_false")));
    },
  },

  e_switch: {
    parameters: "*(cond:cond, op:op), default:op=None",
    doc: "runs the operation of the first condition that is true; otherwise the default, if there is one.",
    step: (call) => {
      const cases = branches(call);
      const otherwise = call.step(call.argument("default"));
      return (event, run) => {
        for (const { condition, step } of cases) {
          if (isTrue(condition(event, run))) return step(event, run);
        }
        return otherwise(event, run);
      };
    },
  },

  e_compose: {
    parameters: "*operations:op",
    doc: "runs the operations in order on each remaining event, and stops when none remains.",
    step: (call) => {
      const steps = call.rest.map((argument) => call.step(argument));
      return (event, run) => runSteps(steps, event, run);
    },
  },
});

function branches(call: BoundCall): Branch[] {
  const pairs: Branch[] = [];
  for (let at = 0; at + 1 < call.rest.length; at += 2) {
    pairs.push({ condition: call.rest[at].evaluate, step: call.step(call.rest[at + 1]) });
  }
  return pairs;
}

function ifElse({ condition, step }: Branch, otherwise: Step): Step {
  return (event, run) => (isTrue(condition(event, run)) ? step(event, run) : otherwise(event, run));
}

function keep(event: Event, _run: Run): Outcome {
  return event;
}
