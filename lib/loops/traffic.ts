import { refuse } from "../errors";
import type { IConstruct } from "../framework";
import { DeliveredObjects } from "./delivered-objects";
import {
  meet,
  nameOf,
  type Channel,
  type InvokedFunction,
  type Read,
  type Shipment,
  type Trigger,
  type Write,
} from "./facts";
import { Groups } from "./groups";
import { refuseBeyondLimit, refuseOverlap } from "./triggers";

/**
 * Which functions of an app invoke which. Functions read topics and objects below prefixes, and write or log to others;
 * constructs report what they add. Three things are refused at synth: what COS would refuse at apply (two triggers for
 * one object), what would run forever (a function, or several, invoked by their own output or log), and what would be
 * overwritten.
 */
export class Traffic {
  /** The traffic of the app that a construct belongs to. */
  static of(scope: IConstruct): Traffic {
    const { root } = scope.node;
    const traffic = APPS.get(root) ?? new Traffic();
    APPS.set(root, traffic);
    return traffic;
  }

  /** Objects that are created from what is delivered to several functions. */
  readonly deliveredObjects = new DeliveredObjects();
  // By topic or bucket.
  private readonly reads = new Groups<Read>();
  private readonly triggers = new Groups<Trigger>();
  private readonly writes = new Groups<Write>();
  private readonly shipments = new Groups<Shipment>();
  /** Logs of functions that are invoked. A function that nothing invokes is in no loop. */
  private readonly logs = new Groups<Write>();
  // By writer.
  private readonly writesBy = new Groups<Write>();

  private constructor() {}

  /** @param prefixes the prefixes that the function reads; it ignores other objects that the trigger reports */
  addTrigger(trigger: Trigger, prefixes: readonly string[]): void {
    const { bucketName } = trigger.from;
    const others = this.triggers.of(bucketName);
    const reads = prefixes.map((prefix): Read => ({ ...trigger, from: { ...trigger.from, prefix } }));
    refuseOverlap(trigger, others);
    for (const read of reads) this.refuseLoops(read);
    refuseBeyondLimit(trigger, others);
    this.triggers.add(bucketName, trigger);
    for (const read of reads) this.note(read);
  }

  /** Adds a function that receives a topic's records, directly or as files. */
  addRead(read: Read): void {
    this.refuseLoops(read);
    this.note(read);
  }

  addWrite(write: Write): void {
    const name = nameOf(write.to);
    for (const read of this.reads.of(name)) this.refuseLoop(write.scope, write, read);
    this.writes.add(name, write);
    this.writesBy.add(write.writer, write);
  }

  addShipment(shipment: Shipment): void {
    const { bucketName } = shipment.to;
    for (const read of this.reads.of(bucketName)) refuseOwnLog(shipment.scope, shipment, read);
    this.shipments.add(bucketName, shipment);
  }

  /** Records a read that passed the checks. */
  private note(read: Read): void {
    this.reads.add(nameOf(read.from), read);
    for (const log of logsOf(read.target)) this.logs.add(nameOf(log.to), log);
  }

  private refuseLoops(read: Read): void {
    if (logsOf(read.target).some(({ to }) => meet(to, read.from))) refuseLog(read.scope);
    const name = nameOf(read.from);
    for (const write of [...this.writes.of(name), ...this.logs.of(name)]) this.refuseLoop(read.scope, write, read);
    for (const shipment of this.shipments.of(name)) refuseOwnLog(read.scope, shipment, read);
  }

  /** Refuses a function whose output leads back to it, directly or through other functions. */
  private refuseLoop(scope: string, write: Write, { from, target }: Read): void {
    if (!meet(write.to, from)) return;
    if (isDoneBy(target, write)) refuseOwnOutput(scope, write.to, from);
    const circle = this.wayTo(write, target, new Set());
    if (circle === undefined) return;
    refuse(
      scope,
      "LOGS_CIRCLE",
      `outputs must not lead back to where they come from, got ${circle.join(" -> ")} -> ${circle[0]}; ` +
        `each would invoke the next for ever, write to something that none of them reads`,
    );
  }

  /**
   * Paths of the functions from this one to the writer, each invoked by the previous one; undefined if there is no such
   * path.
   */
  private wayTo(write: Write, from: InvokedFunction, seen: Set<string>): string[] | undefined {
    if (isDoneBy(from, write)) return [from.path];
    seen.add(from.path);
    for (const next of this.invokedBy(from)) {
      const rest = seen.has(next.path) ? undefined : this.wayTo(write, next, seen);
      if (rest !== undefined) return [from.path, ...rest];
    }
    return undefined;
  }

  private invokedBy(source: InvokedFunction): InvokedFunction[] {
    const written = [...this.writesBy.of(source.path), ...logsOf(source), ...this.writesBy.of(source.role)];
    return written.flatMap(({ to }) =>
      this.reads
        .of(nameOf(to))
        .filter(({ from }) => meet(to, from))
        .map(({ target }) => target),
    );
  }
}

const APPS = new WeakMap<IConstruct, Traffic>();

/** Whether a function can perform this write, by itself or through its role. */
function isDoneBy({ path, role }: InvokedFunction, { writer }: Write): boolean {
  return writer === path || writer === role;
}

/** A function also writes its own log. */
function logsOf({ path, logTopicId }: InvokedFunction): Write[] {
  return logTopicId === undefined ? [] : [{ scope: path, writer: path, to: { topicId: logTopicId } }];
}

function refuseOwnLog(scope: string, { topicId, to }: Shipment, { from, target }: Read): void {
  if (target.logTopicId === topicId && meet(to, from)) refuseLog(scope);
}

function refuseLog(scope: string): never {
  return refuse(
    scope,
    "LOGS_SELF_LOG",
    `logTopic must not be the topic that the function reads, got the same for both; ` +
      `each invocation's log would invoke it again, give the function another topic`,
  );
}

function refuseOwnOutput(scope: string, to: Channel, from: Channel): never {
  if ("topicId" in to || "topicId" in from) {
    return refuse(
      scope,
      "LOGS_SELF_TOPIC",
      `topic that a function writes to must not be the one that it reads, got the same for both; ` +
        `it would be invoked by its own records, write to another topic`,
    );
  }
  return refuse(
    scope,
    "LOGS_SELF_TRIGGER",
    `prefix that a function writes to or deletes from must lie outside the prefix that triggers it ` +
      `(${JSON.stringify(from.prefix)}), got ${JSON.stringify(to.prefix)}; it would be triggered by its own output, ` +
      `choose another prefix`,
  );
}
