import type { Delivery } from "../../../local/cls/delivery";
import type { LocalCloud } from "../../../local/cloud";
import { uploadRecords } from "../../../local/feed/cls-client";
import { toRecord } from "../../../local/feed/record";
import { forceClean, NEXT_RELEASE, type Deployed, type Revision } from "../revision";
import { pushBelow } from "../shipping";

const NAME = "cls-stream-to-cos";

/** Longest that CLS waits. */
const MAX_WAIT_MS = 300_000;

/** What takes the delivery out of the code, and nothing else: as where a user deletes those lines. */
const REMOVAL: readonly [string, string][] = [
  ["new cdktf_tencent_logs_1.ClsStreamPipeline(", "const pipeline = new cdktf_tencent_logs_1.ClsStreamPipeline("],
  ["app.synth()", "pipeline.function.node.tryRemoveChild(pipeline.delivery.node.id);\napp.synth()"],
];

/** The stream pipeline, whose delivery no resource of the provider makes: changed, disabled, and removed as it is. */
export const CLS_STREAM_TO_COS: readonly Revision[] = [
  NEXT_RELEASE,
  {
    name: "wait change",
    make: (release) => release.edit(NAME, [["maxWaitSeconds: 5", "maxWaitSeconds: 30"]]),
    // CLS changes no delivery.
    plan: ["replace terraform_data"],
    check: ({ cloud }) => {
      const { waitSeconds } = onlyDelivery(cloud).spec;
      if (waitSeconds !== 30) throw new Error(`CLS must wait 30 seconds, got ${waitSeconds}`);
    },
  },
  {
    name: "output prefix change",
    make: (release) => release.edit(NAME, [['prefix: "records/"', 'prefix: "moved/"']]),
    plan: ["update tencentcloud_cam_policy(document)", "update tencentcloud_scf_function(environment)"],
    check: pushBelow("moved/"),
  },
  {
    name: "disabled",
    make: (release) => release.edit(NAME, [["maxWaitSeconds: 30", "enabled: false, maxWaitSeconds: 30"]]),
    plan: ["delete terraform_data"],
    check: expectNoDelivery,
  },
  {
    name: "enabled again",
    make: (release) => release.edit(NAME, [["enabled: false", "enabled: true"]]),
    plan: ["create terraform_data"],
    check: expectDelivery,
  },
  {
    name: "removed from the code without being disabled",
    make: (release) => release.edit(NAME, REMOVAL),
    plan: ["delete terraform_data"],
    // Terraform runs no command of a resource that is not in the code: its state forgets the delivery, CLS does not.
    check: expectDelivery,
  },
  {
    name: "put back into the code",
    make: (release) =>
      release.edit(
        NAME,
        REMOVAL.map(([from, to]) => [to, from]),
      ),
    plan: ["create terraform_data"],
    // The one that CLS still had, not a second one.
    check: expectDelivery,
  },
  forceClean(NAME),
];

function onlyDelivery(cloud: LocalCloud): Delivery {
  const deliveries = cloud.deliveries.all();
  if (deliveries.length === 1) return deliveries[0];
  throw new Error(`there must be one delivery, got ${deliveries.length}`);
}

async function expectDelivery({ cloud, push }: Deployed): Promise<void> {
  onlyDelivery(cloud);
  await push();
}

/** A record in the topic must invoke nothing. */
async function expectNoDelivery({ cloud }: Deployed): Promise<void> {
  const [delivery] = cloud.deliveries.all();
  if (delivery !== undefined) throw new Error(`there must be no delivery, got one of ${delivery.topic.name}`);
  const before = cloud.invocations.length;
  await uploadRecords(cloud, cloud.topic("access"), [toRecord('{"status":200}', cloud.clock.now())]);
  await cloud.clock.advance(MAX_WAIT_MS);
  await cloud.settled();
  if (cloud.invocations.length > before) throw new Error("a record must invoke nothing, got an invocation");
}
