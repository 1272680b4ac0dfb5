import type { Event } from "../run/event";
import type { Argument, Call, Implementations, Outcome, Run, Step, Thunk } from "../run/implementation";
import { runSteps } from "../run/steps";
import { isTrue } from "../run/values";

/** A condition and what is done where it holds. */
interface Branch {
  readonly condition: Thunk;
  readonly step: Step;
}

export const FLOW: Implementations = {
  /**
   * `e_if(cond1, op1, cond2, op2, ...)`: each pair in turn on what the pairs before have left; not "else if". A last
   * operation without a condition runs where the condition before it was false.
   */
  e_if: {
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

  /** `e_if_else(cond, op_true, op_false=KEEP)`: one of the two. */
  e_if_else: {
    step: (call) => {
      const condition = call.argument("cond")!.evaluate;
      const otherwise = call.argument("op_false");
      const branch = { condition, step: call.step(call.argument("op_true")!) };
      return ifElse(branch, otherwise ? call.step(otherwise) : keep);
    },
  },

  /** `e_switch(cond1, op1, ..., default=None)`: the first pair whose condition holds, else the default, else nothing. */
  e_switch: {
    step: (call) => {
      const cases = branches(call);
      const fallback = call.argument("default");
      const otherwise = fallback && !isNone(fallback) ? call.step(fallback) : keep;
      return (event, run) => {
        for (const { condition, step } of cases) {
          if (isTrue(condition(event, run))) return step(event, run);
        }
        return otherwise(event, run);
      };
    },
  },

  /** `e_compose(op1, op2, ...)`: one after the other, on each event that is left; ends where none is. */
  e_compose: {
    step: (call) => {
      const steps = call.rest.map((argument) => call.step(argument));
      return (event, run) => runSteps(steps, event, run);
    },
  },
};

function branches(call: Call): Branch[] {
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

function isNone(argument: Argument): boolean {
  return argument.constant?.value === null;
}
