import { NEXT_RELEASE, type Revision } from "../revision";
import { pushBelow } from "../shipping";

const NAME = "cos-access-log";

/** The batch pipeline on a source: another prefix, two of them, and another prefix of an output. */
export const COS_ACCESS_LOG: readonly Revision[] = [
  NEXT_RELEASE,
  {
    name: "source prefix change",
    make: (release) => release.edit(NAME, [['prefix: "cos-access-log/"', 'prefix: "moved/"']]),
    plan: [
      // May read below the new prefix.
      "update tencentcloud_cam_policy(document)",
      "replace tencentcloud_scf_trigger",
      // What has the trigger replaced.
      "update terraform_data(input)",
    ],
    check: async ({ push }) => void (await push()),
  },
  {
    name: "output prefix change",
    make: (release) => release.edit(NAME, [['prefix: "requests/"', 'prefix: "asked/"']]),
    plan: ["update tencentcloud_cam_policy(document)", "update tencentcloud_scf_function(environment)"],
    check: pushBelow("asked/"),
  },
  {
    name: "forceClean of both buckets",
    make: (release) =>
      release.edit(NAME, [
        ['"AccessLogs", {', '"AccessLogs", { forceClean: true,'],
        ['"Lake", {', '"Lake", { forceClean: true,'],
      ]),
    plan: ["update tencentcloud_cos_bucket(force_clean)", "update tencentcloud_cos_bucket(force_clean)"],
  },
];
