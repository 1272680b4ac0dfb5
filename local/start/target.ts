import type { LocalCloud } from "../cloud";
import type { Shipper } from "../cls/shipper";
import { strftime, zoneOffsetMinutes } from "../cls/strftime";
import type { Bucket } from "../cos/bucket";
import { UserError } from "../../terminal/user-error";

/** Where a log is fed: the stack's shipper, its topic and its bucket. */
export interface Target {
  readonly shipper: Shipper;
  readonly bucket: Bucket;
  /** The key of a file that something other than the shipper wrote beside the shipper's. */
  key(name: string): string;
}

/** The first shipper of the stack. */
export function findTarget(cloud: LocalCloud): Target {
  const [shipper] = cloud.cls.allShippers();
  if (!shipper) throw new UserError("the stack must hold a tencentcloud_cls_cos_shipper to feed a log to, got none");
  const { spec } = shipper;
  return {
    shipper,
    bucket: cloud.bucket(spec.bucket),
    key: (name) => spec.prefix + strftime(spec.partition, cloud.clock.now(), zoneOffsetMinutes(spec.timeZone)) + name,
  };
}
