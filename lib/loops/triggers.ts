import { refuse } from "../errors";
import { meet, type Trigger } from "./facts";

/** Maximum number of triggers that COS supports per bucket, and SCF per function. */
export const MAX_TRIGGERS = 10;

/** Refuses two triggers for one object, as COS does at apply: it sends the event of an object to one trigger only. */
export function refuseOverlap(trigger: Trigger, others: readonly Trigger[]): void {
  for (const other of others) {
    if (trigger.target.path === other.target.path) refuseSecondTrigger(trigger.scope, other.scope);
    if (!meet(trigger.from, other.from) || !suffixesOverlap(trigger.suffix, other.suffix)) continue;
    refuse(
      trigger.scope,
      "LOGS_COS_TRIGGER_OVERLAP",
      `prefix and suffix must not overlap with the trigger ${other.scope} on the same bucket (${show(other)}), ` +
        `got ${show(trigger)}; COS hands an object to one trigger only`,
    );
  }
}

/** SCF identifies a COS trigger by its bucket, so a function can have only one per bucket. */
export function refuseSecondTrigger(scope: string, other: string): never {
  return refuse(
    scope,
    "LOGS_COS_TRIGGER_DUPLICATE",
    `a function must have one trigger per bucket, got a second; widen the prefix of ${other} instead`,
  );
}

export function refuseBeyondLimit({ scope }: Trigger, others: readonly Trigger[]): void {
  if (others.length < MAX_TRIGGERS) return;
  refuse(
    scope,
    "LOGS_COS_TRIGGER_LIMIT",
    `bucket must have at most ${MAX_TRIGGERS} triggers, got one more; use another bucket`,
  );
}

function suffixesOverlap(one: string, other: string): boolean {
  return one.endsWith(other) || other.endsWith(one);
}

function show({ from, suffix }: Trigger): string {
  return `${JSON.stringify(from.prefix)} … ${JSON.stringify(suffix)}`;
}
