import { refuse } from "../errors";
import type { ILogTopic } from "../cls/topic";
import type { IGrantee } from "../cam/grantee";
import type { IConstruct } from "../framework";
import type { ILogFunction } from "../scf/event-source";
import { Invocations } from "./invocations";

/** A trigger on a bucket: which new objects invoke which function. */
export interface TriggerClaim {
  readonly scope: IConstruct;
  readonly target: ILogFunction;
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Somebody that may make or delete objects below a prefix. */
export interface WriteClaim {
  readonly scope: IConstruct;
  readonly writer: IGrantee;
  /** What COS reports when it does. */
  readonly event: typeof OBJECT_CREATED | typeof OBJECT_REMOVED;
  readonly prefix: string;
}

/** A topic whose records arrive below a prefix. */
export interface ShipmentClaim {
  readonly scope: IConstruct;
  readonly topic: ILogTopic;
  readonly prefix: string;
}

/** COS takes at most so many triggers for one bucket, and SCF for one function. */
export const MAX_TRIGGERS = 10;

/** What COS reports about every new object, and about every one that goes. */
export const OBJECT_CREATED = "cos:ObjectCreated:*";
export const OBJECT_REMOVED = "cos:ObjectRemove:*";

/**
 * What an app does with one bucket: refused at synth is what COS would refuse at apply (two triggers for one object)
 * and what would run for ever (a function triggered by its own output or by its own log).
 */
export class BucketTraffic {
  /** The traffic of a bucket, shared by all constructs of an app that name it. */
  static of(scope: IConstruct, bucketName: string): BucketTraffic {
    const buckets = TRAFFIC.get(scope.node.root) ?? new Map<string, BucketTraffic>();
    TRAFFIC.set(scope.node.root, buckets);
    const traffic = buckets.get(bucketName) ?? new BucketTraffic();
    buckets.set(bucketName, traffic);
    return traffic;
  }

  private readonly triggers: TriggerClaim[] = [];
  private readonly writes: WriteClaim[] = [];
  private readonly shipments: ShipmentClaim[] = [];

  addTrigger(trigger: TriggerClaim): void {
    for (const other of this.triggers) refuseOverlap(trigger, other);
    for (const write of this.writes) noteOutput(trigger.scope, trigger, write);
    for (const shipment of this.shipments) refuseOwnLog(trigger.scope, trigger, shipment);
    if (this.triggers.length === MAX_TRIGGERS) {
      refuse(
        trigger.scope,
        "LOGS_COS_TRIGGER_LIMIT",
        `bucket must have at most ${MAX_TRIGGERS} triggers, got one more; use another bucket`,
      );
    }
    this.triggers.push(trigger);
  }

  addWrite(write: WriteClaim): void {
    for (const trigger of this.triggers) noteOutput(write.scope, trigger, write);
    this.writes.push(write);
  }

  addShipment(shipment: ShipmentClaim): void {
    for (const trigger of this.triggers) refuseOwnLog(shipment.scope, trigger, shipment);
    this.shipments.push(shipment);
  }
}

const TRAFFIC = new WeakMap<IConstruct, Map<string, BucketTraffic>>();

function refuseOverlap(trigger: TriggerClaim, other: TriggerClaim): void {
  if (trigger.target === other.target) refuseSecondTrigger(trigger.scope, other.scope);
  const overlap =
    eventsOverlap(trigger.event, other.event) &&
    prefixesOverlap(trigger.prefix, other.prefix) &&
    suffixesOverlap(trigger.suffix, other.suffix);
  if (!overlap) return;
  refuse(
    trigger.scope,
    "LOGS_COS_TRIGGER_OVERLAP",
    `prefix and suffix must not overlap with the trigger ${other.scope.node.path} on the same bucket ` +
      `(${show(other)}), got ${show(trigger)}; COS hands an object to one trigger only`,
  );
}

/** SCF names a COS trigger by its bucket, so that one function has room for one. */
export function refuseSecondTrigger(scope: IConstruct, other: IConstruct): never {
  return refuse(
    scope,
    "LOGS_COS_TRIGGER_DUPLICATE",
    `a function must have one trigger per bucket, got a second; widen the prefix of ${other.node.path} instead`,
  );
}

function noteOutput(scope: IConstruct, trigger: TriggerClaim, { writer, event, prefix }: WriteClaim): void {
  if (!eventsOverlap(trigger.event, event) || !prefixesOverlap(trigger.prefix, prefix)) return;
  const isOwn = writer === trigger.target || writer === trigger.target.role;
  if (!isOwn) return Invocations.of(scope).add(scope, writer, trigger.target);
  refuse(
    scope,
    "LOGS_SELF_TRIGGER",
    `prefix that a function writes to or deletes from must lie outside the prefix that triggers it (${JSON.stringify(trigger.prefix)}), ` +
      `got ${JSON.stringify(prefix)}; it would be triggered by its own output, choose another prefix`,
  );
}

function refuseOwnLog(scope: IConstruct, trigger: TriggerClaim, { topic, prefix }: ShipmentClaim): void {
  const isOwn = trigger.target.logTopic?.topicId === topic.topicId;
  if (!isOwn || !eventsOverlap(trigger.event, OBJECT_CREATED) || !prefixesOverlap(trigger.prefix, prefix)) return;
  refuse(
    scope,
    "LOGS_SELF_LOG",
    `logTopic must not be the topic that the function reads, got the same for both; ` +
      `each invocation's log would invoke it again, give the function another topic`,
  );
}

function eventsOverlap(one: string, other: string): boolean {
  const [shorter, longer] = [one, other].map((event) => event.replace(/\*$/, "")).sort((a, b) => a.length - b.length);
  return one === other || ((one.endsWith("*") || other.endsWith("*")) && longer.startsWith(shorter));
}

function prefixesOverlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function suffixesOverlap(one: string, other: string): boolean {
  return one.endsWith(other) || other.endsWith(one);
}

function show({ prefix, suffix }: TriggerClaim): string {
  return `${JSON.stringify(prefix)} … ${JSON.stringify(suffix)}`;
}
