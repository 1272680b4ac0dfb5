import type { SimulatedClock } from "../clock";
import type { ObjectEvent } from "../cos/bucket";
import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";
import { matchesTrigger, overlaps, type CosTrigger } from "./trigger";

/** A trigger and the function that it invokes. */
export interface Binding {
  readonly trigger: CosTrigger;
  readonly target: CloudFunction;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly addedAt: number;
}

/** Which function is invoked for which object. */
export class Bindings {
  private all: Binding[] = [];

  constructor(private readonly clock: SimulatedClock) {}

  /** Adds a trigger. Throws if another trigger of the bucket would fire for the same object. */
  add(trigger: CosTrigger, target: CloudFunction): Binding {
    if (target.spec.region !== trigger.region) {
      throw new Refusal(
        "InvalidParameterValue.TriggerName",
        `bucket and function must be in one region, got ${trigger.region} and ${target.spec.region}`,
      );
    }
    const other = this.all.map((binding) => binding.trigger).find((existing) => overlaps(existing, trigger));
    if (other) {
      throw new Refusal(
        "InvalidParameterValue.CosNotifyRuleConflict",
        `triggers of one bucket must not overlap, got ${describe(trigger)} beside ${describe(other)} of ${other.functionName}`,
      );
    }
    const binding = { trigger, target, addedAt: this.clock.now() };
    this.all.push(binding);
    return binding;
  }

  /** Removes a function's trigger by name, and by description if several have the same name. */
  remove(target: CloudFunction, name: string, description: string | undefined): void {
    const found = this.of(target).filter(({ trigger }) => trigger.name === name);
    const [gone] = found.length > 1 ? found.filter(({ trigger }) => trigger.description === description) : found;
    if (!gone) throw new Refusal("ResourceNotFound.Trigger", `trigger must exist, got "${name}"`);
    this.all = this.all.filter((binding) => binding !== gone);
  }

  /** Removes all triggers of a function. */
  forget(target: CloudFunction): void {
    this.all = this.all.filter((binding) => binding.target !== target);
  }

  /** The triggers of a function, in order of creation. */
  of(target: CloudFunction): readonly Binding[] {
    return this.all.filter((binding) => binding.target === target);
  }

  /** The triggers that an event fires. */
  matching(event: ObjectEvent): readonly Binding[] {
    return this.all.filter(
      ({ trigger }) => trigger.bucket === event.bucket.name && matchesTrigger(trigger, event.name, event.object.key),
    );
  }
}

function describe(trigger: CosTrigger): string {
  return `${trigger.event} with prefix "${trigger.prefix}" and suffix "${trigger.suffix}"`;
}
