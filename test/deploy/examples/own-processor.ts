import type { LocalCloud } from "../../../local/cloud";
import { storedRecords } from "../logs";
import { forceClean, type Revision } from "../revision";
import { expectInterval, pushBelow } from "../shipping";

const NAME = "own-processor";

/** The user's own code, changed as users do; then the pipeline around it. */
export const OWN_PROCESSOR: readonly Revision[] = [
  {
    name: "change of the user's code",
    make: (release) => release.edit(NAME, [['replace(/\\d+$/, "0")', 'replace(/\\d+$/, "masked")']], "enrich.js"),
    plan: ["update tencentcloud_scf_function(zip_file)"],
    check: async ({ cloud, push }) => {
      await push();
      await expectRouted(cloud);
    },
  },
  {
    name: "interval change",
    make: (release) => release.edit(NAME, [["processor:", "shipping: { intervalSeconds: 900 },\n    processor:"]]),
    plan: ["update tencentcloud_cls_cos_shipper(interval)"],
    check: expectInterval(900),
  },
  {
    name: "prefix change",
    make: (release) => release.edit(NAME, [["intervalSeconds: 900", 'intervalSeconds: 900, prefix: "cls/moved/"']]),
    plan: [
      "update tencentcloud_cam_policy(document)",
      "update tencentcloud_cls_cos_shipper(prefix)",
      "replace tencentcloud_scf_trigger",
      "update terraform_data(input)",
    ],
    check: pushBelow("cls/moved/"),
  },
  forceClean(NAME),
];

/**
 * Throws unless the changed code wrote each record, failed requests to their own output and all others to the other, and
 * broken lines lie in `invalid`.
 */
async function expectRouted(cloud: LocalCloud): Promise<void> {
  for (const [prefix, failed] of [
    ["errors/", true],
    ["requests/", false],
  ] as const) {
    const records = await storedRecords(cloud, prefix);
    if (records.length === 0) throw new Error(`records must lie below ${prefix}, got none`);
    for (const record of records) {
      // A broken line has no address.
      const masked = String(record.remote_addr ?? "masked").endsWith("masked");
      if (masked && Number(record.status) >= 500 === failed) continue;
      throw new Error(`${prefix} must hold what the changed code sends there, got ${JSON.stringify(record)}`);
    }
  }
  const invalid = await storedRecords(cloud, "invalid/");
  if (invalid.length > 0 && invalid.every(({ reason, text }) => Boolean(reason) && Boolean(text))) return;
  throw new Error(`invalid/ must hold broken lines with their reasons, got ${JSON.stringify(invalid)}`);
}
