/**
 * What constructs report to {@link Traffic}: plain data. A construct is identified by its path, a topic by its id and a
 * bucket by its name. If these are tokens, equal tokens mean the same topic or bucket.
 */

/** A function that something invokes. */
export interface InvokedFunction {
  readonly path: string;
  /** Path of its role: the function can write whatever the role can write. */
  readonly role: string;
  /** Topic of its own log, if it is known. */
  readonly logTopicId?: string;
}

/** The records of a topic. */
export interface TopicRecords {
  readonly topicId: string;
}

/** Events that COS reports for the objects below a prefix. */
export interface ObjectEvents {
  readonly bucketName: string;
  /** The event, such as `cos:ObjectCreated:*`. */
  readonly event: string;
  readonly prefix: string;
}

/** What one function writes to and another is invoked by. */
export type Channel = TopicRecords | ObjectEvents;

/** The topic or the bucket. Channels that meet have the same name. */
export function nameOf(channel: Channel): string {
  return "topicId" in channel ? channel.topicId : channel.bucketName;
}

/** An error about two facts is reported at the later one. */
interface Fact {
  /** Path of the construct that the error names. */
  readonly scope: string;
}

/** A function that is invoked by a channel. */
export interface Read extends Fact {
  readonly target: InvokedFunction;
  readonly from: Channel;
}

/** A trigger on a bucket, which invokes a function for objects whose keys have this suffix. */
export interface Trigger extends Read {
  readonly from: ObjectEvents;
  readonly suffix: string;
}

/** A function, or a role, that can write to a channel. */
export interface Write extends Fact {
  /** Path of the function; the role's path if all of its functions can write. */
  readonly writer: string;
  readonly to: Channel;
}

/** A topic whose records arrive as objects below a prefix. */
export interface Shipment extends Fact {
  readonly topicId: string;
  readonly to: ObjectEvents;
}

/** Whether something written to one channel can be read from the other. */
export function meet(one: Channel, other: Channel): boolean {
  if ("topicId" in one || "topicId" in other) {
    return "topicId" in one && "topicId" in other && one.topicId === other.topicId;
  }
  return (
    one.bucketName === other.bucketName && eventsOverlap(one.event, other.event) && overlap(one.prefix, other.prefix)
  );
}

function eventsOverlap(one: string, other: string): boolean {
  const [shorter, longer] = [one, other].map((event) => event.replace(/\*$/, "")).sort((a, b) => a.length - b.length);
  return one === other || ((one.endsWith("*") || other.endsWith("*")) && longer.startsWith(shorter));
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
