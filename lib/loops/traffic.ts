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
 * Who invokes whom in an app: functions read topics and objects below prefixes, and write, or log, to others. Constructs
 * tell what they add; refused at synth is what COS would refuse at apply (two triggers for one object), what would run
 * for ever (a function, or several, invoked by their own output or log), and what would be overwritten.
 */
export class Traffic {
  /** That of the app that a construct belongs to. */
  static of(scope: IConstruct): Traffic {
    const { root } = scope.node;
    const traffic = APPS.get(root) ?? new Traffic();
    APPS.set(root, traffic);
    return traffic;
  }

  /** Who makes objects of what is delivered to several functions. */
  readonly deliveredObjects = new DeliveredObjects();
  // By topic or bucket.
  private readonly reads = new Groups<Read>();
  private readonly triggers = new Groups<Trigger>();
  private readonly writes = new Groups<Write>();
  private readonly shipments = new Groups<Shipment>();
  /** What functions log that are invoked: one that nothing invokes is in no circle. */
  private readonly logs = new Groups<Write>();
  // By writer.
  private readonly writesBy = new Groups<Write>();

  private constructor() {}

  /** @param prefixes below which the function reads what the trigger tells of, and leaves all else alone */
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

  /** A function that a topic's records reach, at once or as files. */
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

  /** Keeps what has been found good. */
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

  /** Refuses a function that what it writes leads back to: at once, or through other functions. */
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

  /** Paths of the functions from one to that which writes this, each invoked by the one before, where there is such a way. */
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

/** Whether a function may write this, itself or by its role. */
function isDoneBy({ path, role }: InvokedFunction, { writer }: Write): boolean {
  return writer === path || writer === role;
}

/** A function's own log is written as well. */
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
