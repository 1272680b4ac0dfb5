import { forceClean, NEXT_RELEASE, type Revision } from "../revision";
import { expectInterval, pushBelow } from "../shipping";

const NAME = "access-log-batch";

/** The batch pipeline: another handler, another interval, another prefix. */
export const ACCESS_LOG_BATCH: readonly Revision[] = [
  NEXT_RELEASE,
  {
    name: "interval change",
    make: (release) => release.edit(NAME, [["intervalSeconds: 300", "intervalSeconds: 600"]]),
    plan: ["update tencentcloud_cls_cos_shipper(interval)"],
    check: expectInterval(600),
  },
  {
    name: "prefix change",
    make: (release) => release.edit(NAME, [["shipping: {", 'shipping: { prefix: "cls/moved/",']]),
    plan: [
      // May read below the new prefix.
      "update tencentcloud_cam_policy(document)",
      "update tencentcloud_cls_cos_shipper(prefix)",
      "replace tencentcloud_scf_trigger",
      // What has the trigger replaced.
      "update terraform_data(input)",
    ],
    check: pushBelow("cls/moved/"),
  },
  forceClean(NAME),
];
