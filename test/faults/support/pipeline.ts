import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { QuarantineNote } from "../../../functions/quarantine/objects";
import type { LocalCloud } from "../../../local/cloud";
import { deploy } from "../../local/support/cloud";
import { BUCKET, REGION } from "../../local/support/plan";

/** The built handler, created by `npm run build`, which `npm test` runs first. */
export const BUNDLE = join(__dirname, "../../../dist/handlers/cos-batch/index.js");

/** Prefix of the notes of {@link deployPipeline}. */
const NOTES = "quarantine/";

/** Settings of the handler: it reads below `cls/` and leaves notes below {@link NOTES}. */
export const SETTINGS = {
  version: 1,
  region: REGION,
  processor: { type: "count" },
  quarantine: { bucket: BUCKET, region: REGION, prefix: NOTES },
};

const OBJECTS = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}`;

/** The built handler on a local cloud, with a least-privilege role. */
export function deployPipeline({ timeoutSeconds = 20 } = {}): Promise<LocalCloud> {
  return deploy(
    {
      code: readFileSync(BUNDLE, "utf8"),
      scf: { timeout: timeoutSeconds, environment: { LOGS_SETTINGS: JSON.stringify(SETTINGS) } },
      statements: [
        { effect: "allow", action: ["name/cos:GetObject"], resource: [`${OBJECTS}/cls/*`] },
        {
          effect: "allow",
          action: ["name/cos:PutObject", "name/cos:DeleteObject"],
          resource: [`${OBJECTS}/${NOTES}*`],
        },
      ],
    },
    { maxInstances: 4 },
  );
}

/** The notes in the bucket, by the key of their object. */
export async function notesOf(cloud: LocalCloud): Promise<Map<string, QuarantineNote>> {
  const bucket = cloud.bucket(BUCKET);
  const notes = bucket.keys(NOTES).map(async (key) => JSON.parse(String(await bucket.read(key))) as QuarantineNote);
  return new Map((await Promise.all(notes)).map((note) => [note.object.key, note]));
}
