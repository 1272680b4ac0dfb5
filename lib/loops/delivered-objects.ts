import { refuse } from "../errors";
import type { IConstruct } from "../framework";
import type { ILogFunction } from "../scf/event-source";

/** Objects that a function makes of what is delivered to it. */
interface ObjectClaim {
  readonly target: ILogFunction;
  /** The prop that sets their prefix, as the pipeline's user knows it. */
  readonly prop: string;
  readonly bucketName: string;
  readonly prefix: string;
}

/**
 * Objects that an app's functions make of batches that CLS delivers. Their keys are made of the prefix, the topic and the
 * batch, so that a batch that is delivered twice writes the same objects again. Functions of one topic get the same
 * batches: where they share bucket and prefix they would overwrite each other's objects, which is refused at synth.
 */
export class DeliveredObjects {
  /** Those of the app that the construct is in. */
  static of(scope: IConstruct): DeliveredObjects {
    const objects = OBJECTS.get(scope.node.root) ?? new DeliveredObjects();
    OBJECTS.set(scope.node.root, objects);
    return objects;
  }

  private readonly topicIds = new Map<ILogFunction, string[]>();
  private readonly claims = new Map<ILogFunction, ObjectClaim[]>();
  /** Who makes objects, by topic, bucket and prefix. */
  private readonly makers = new Map<string, ObjectClaim>();

  /** A topic whose batches are delivered to a function. */
  addDelivery(target: ILogFunction, topicId: string): void {
    addTo(this.topicIds, target, topicId);
    for (const claim of this.claims.get(target) ?? []) this.claim(topicId, claim);
  }

  addObjects(claim: ObjectClaim): void {
    addTo(this.claims, claim.target, claim);
    for (const topicId of this.topicIds.get(claim.target) ?? []) this.claim(topicId, claim);
  }

  private claim(topicId: string, claim: ObjectClaim): void {
    const { target, prop, bucketName, prefix } = claim;
    const place = JSON.stringify([topicId, bucketName, prefix]);
    const other = this.makers.get(place) ?? claim;
    this.makers.set(place, other);
    if (other.target === target) return;
    refuse(
      target,
      "LOGS_OUTPUT_PREFIX_SHARED",
      `${prop} must be another than ${other.prop} of ${other.target.node.path}, which gets the same topic, ` +
        `got ${JSON.stringify(prefix)} for both; they would overwrite each other's objects, give each a prefix of its own`,
    );
  }
}

const OBJECTS = new WeakMap<IConstruct, DeliveredObjects>();

function addTo<Item>(all: Map<ILogFunction, Item[]>, target: ILogFunction, item: Item): void {
  all.set(target, [...(all.get(target) ?? []), item]);
}
