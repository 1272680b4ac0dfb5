import { NEXT_RELEASE, type Revision } from "../revision";
import { pushBelow } from "../shipping";

const NAME = "parquet-lake";

/** A batch pipeline that writes Parquet: other folders, and another way to pack files, which brings a part into the zip. */
export const PARQUET_LAKE: readonly Revision[] = [
  NEXT_RELEASE,
  {
    name: "partition change",
    make: (release) => release.edit(NAME, [["dt=%Y-%m-%d/hour=%H", "day=%Y-%m-%d"]]),
    plan: ["update tencentcloud_scf_function(environment)"],
    check: pushBelow("access/day=2026-01-15/"),
  },
  {
    name: "compression change",
    make: (release) => release.edit(NAME, [['timeField: "time",', 'timeField: "time", compression: "zstd",']]),
    plan: ["update tencentcloud_scf_function(environment,zip_file)"],
    check: async ({ push }) => void (await push()),
  },
  {
    name: "forceClean of both buckets",
    make: (release) =>
      release.edit(NAME, [
        ['"Lake", { appId: "1250000000"', '"Lake", { forceClean: true, appId: "1250000000"'],
        ['    appId: "1250000000",\n    // Few', '    appId: "1250000000",\n    forceClean: true,\n    // Few'],
      ]),
    plan: ["update tencentcloud_cos_bucket(force_clean)", "update tencentcloud_cos_bucket(force_clean)"],
  },
];
