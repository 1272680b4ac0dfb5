import type { LocalCloud } from "../../local";
import type { DeployedResource } from "./events";

/** Types that matter for logs, with the argument for their name in events. */
const NAMED: Readonly<Record<string, readonly [DeployedResource["kind"], string]>> = {
  tencentcloud_cls_topic: ["topic", "topic_name"],
  tencentcloud_cos_bucket: ["bucket", "bucket"],
  tencentcloud_scf_function: ["function", "name"],
  tencentcloud_cls_cos_shipper: ["shipper", "shipper_name"],
  tencentcloud_cam_role: ["role", "name"],
};

/** The deployed resources that events refer to. */
export function resourcesOf(cloud: LocalCloud): DeployedResource[] {
  return cloud.stackNames.flatMap((stack) =>
    [...cloud.stack(stack).resources].flatMap(([address, { given, context }]) => {
      const [kind, argument] = NAMED[address.split(".")[0]] ?? [];
      if (kind === undefined || argument === undefined) return [];
      return [{ stack, address, kind, name: given.text(argument), region: context.region }];
    }),
  );
}
