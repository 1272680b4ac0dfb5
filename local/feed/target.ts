import type { LocalCloud } from "../cloud";
import type { Shipper } from "../cls/shipper";
import { strftime, zoneOffsetMinutes } from "../cls/strftime";
import type { Bucket } from "../cos/bucket";
import type { Delivery } from "../cls/delivery";
import { PlanError } from "../plan/stack";

/** Where a log is fed: a shipper of the stack, its topic and its bucket. */
export interface Target {
  readonly shipper: Shipper;
  readonly bucket: Bucket;
  /** The key for a file that is written next to the shipper's by something else. */
  key(name: string): string;
}

/**
 * The first delivery of a stack without shippers, where its log is fed.
 *
 * @param topic name or id of the topic; only its shippers and deliveries are considered
 */
export function findDelivery(cloud: LocalCloud, topic?: string): Delivery | undefined {
  return shippersOf(cloud, topic).length === 0 ? deliveriesOf(cloud, topic)[0] : undefined;
}

/** The first shipper of the stack, or of a topic. Throws {@link PlanError} if there is none. */
export function findTarget(cloud: LocalCloud, topic?: string): Target {
  const [shipper] = shippersOf(cloud, topic);
  if (!shipper) {
    const what = topic === undefined ? "the stack" : `topic ${topic}`;
    const names = cloud.cls.allTopics().map(({ name }) => name);
    const hint = topic === undefined || names.length === 0 ? "" : `; the stack's topics are ${names.join(", ")}`;
    throw new PlanError(`${what} must have a tencentcloud_cls_cos_shipper to feed a log to, got none${hint}`);
  }
  const { spec } = shipper;
  return {
    shipper,
    bucket: cloud.bucket(spec.bucket),
    key: (name) => spec.prefix + strftime(spec.partition, cloud.clock.now(), zoneOffsetMinutes(spec.timeZone)) + name,
  };
}

function shippersOf(cloud: LocalCloud, topic: string | undefined): readonly Shipper[] {
  return cloud.cls.allShippers().filter((shipper) => topic === undefined || isOf(shipper.topic, topic));
}

function deliveriesOf(cloud: LocalCloud, topic: string | undefined): readonly Delivery[] {
  return cloud.deliveries.all().filter((delivery) => topic === undefined || isOf(delivery.topic, topic));
}

function isOf({ id, name }: { readonly id: string; readonly name: string }, topic: string): boolean {
  return id === topic || name === topic;
}
