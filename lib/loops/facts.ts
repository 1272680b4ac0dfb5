/**
 * What constructs tell {@link Traffic}: plain data. A construct is known by its path, a topic by its id and a bucket by its
 * name; where these are tokens, the same token is the same topic or bucket.
 */

/** A function that something invokes. */
export interface InvokedFunction {
  readonly path: string;
  /** Path of its role: what the role may write, the function may write. */
  readonly role: string;
  /** Topic that its own log goes to, where that is known. */
  readonly logTopicId?: string;
}

/** The records of a topic. */
export interface TopicRecords {
  readonly topicId: string;
}

/** What COS reports about the objects below a prefix. */
export interface ObjectEvents {
  readonly bucketName: string;
  /** Such as `cos:ObjectCreated:*`. */
  readonly event: string;
  readonly prefix: string;
}

/** What one writes and another is invoked by. */
export type Channel = TopicRecords | ObjectEvents;

/** The topic or the bucket: channels that meet have the same. */
export function nameOf(channel: Channel): string {
  return "topicId" in channel ? channel.topicId : channel.bucketName;
}

/** A fact about two others is told as an error of the later one. */
interface Fact {
  /** Path of the construct that an error names. */
  readonly scope: string;
}

/** A function that is invoked by what comes through a channel. */
export interface Read extends Fact {
  readonly target: InvokedFunction;
  readonly from: Channel;
}

/** A trigger on a bucket, which invokes a function for objects whose keys have this suffix. */
export interface Trigger extends Read {
  readonly from: ObjectEvents;
  readonly suffix: string;
}

/** A function, or a role, that may write to a channel. */
export interface Write extends Fact {
  /** Path of the function; that of the role where all of its functions may. */
  readonly writer: string;
  readonly to: Channel;
}

/** A topic whose records arrive as objects below a prefix. */
export interface Shipment extends Fact {
  readonly topicId: string;
  readonly to: ObjectEvents;
}

/** Whether what is written to one channel may come out of the other. */
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
