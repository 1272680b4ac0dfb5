import { refuse } from "../errors";
import { Groups } from "./groups";

/** Objects that a function creates from what is delivered to it. */
interface MadeObjects {
  /** Path of the function. */
  readonly target: string;
  /** The prop that sets their prefix, as the pipeline's user knows it. */
  readonly prop: string;
  readonly bucketName: string;
  readonly prefix: string;
}

/**
 * Objects that an app's functions create from batches that CLS delivers. Their keys consist of the prefix, the topic
 * and the batch, so that a batch that is delivered twice writes the same objects again. Functions of the same topic
 * receive the same batches. If they share bucket and prefix, they would overwrite each other's objects, which is an
 * error at synth.
 */
export class DeliveredObjects {
  /** Topics that are delivered, and objects that are created from them, by the function's path. */
  private readonly topicIds = new Groups<string>();
  private readonly made = new Groups<MadeObjects>();
  /** The objects' owner, by topic, bucket and prefix. */
  private readonly makers = new Map<string, MadeObjects>();

  /** Adds a topic whose batches are delivered to the function at the path. */
  addDelivery(target: string, topicId: string): void {
    for (const objects of this.made.of(target)) this.claim(topicId, objects);
    this.topicIds.add(target, topicId);
  }

  addObjects(objects: MadeObjects): void {
    for (const topicId of this.topicIds.of(objects.target)) this.claim(topicId, objects);
    this.made.add(objects.target, objects);
  }

  private claim(topicId: string, objects: MadeObjects): void {
    const { target, prop, bucketName, prefix } = objects;
    const claimed = JSON.stringify([topicId, bucketName, prefix]);
    const other = this.makers.get(claimed) ?? objects;
    this.makers.set(claimed, other);
    if (other.target === target) return;
    refuse(
      target,
      "LOGS_OUTPUT_PREFIX_SHARED",
      `${prop} must be another than ${other.prop} of ${other.target}, which gets the same topic, ` +
        `got ${JSON.stringify(prefix)} for both; they would overwrite each other's objects, give each a prefix of its own`,
    );
  }
}
