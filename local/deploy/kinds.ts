import { randomUUID } from "node:crypto";
import type { Cam } from "../cam/cam";
import { ACLS, type Acl } from "../cos/bucket-settings";
import type { PlanObject } from "../plan/value";
import type { Services } from "../services";
import type { Arguments } from "./arguments";
import { CLS_KINDS } from "./cls-kinds";
import { idOf, type Kind, type MadeResource, type StackContext, unlessGone } from "./kind";
import { SCF_KINDS } from "./scf-kinds";

/** How to create, change and remove each type of resource. */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...CLS_KINDS,
  ...SCF_KINDS,
  "data.tencentcloud_user_info": {
    make: (_given, { account }) => ({
      app_id: account.appId,
      uin: account.uin,
      owner_uin: account.uin,
      name: "local",
    }),
  },
  terraform_data: { make: makeData, remove: removeData },
  tencentcloud_cos_bucket: { make: makeBucket, change: changeBucket, remove: removeBucket },
  tencentcloud_cam_role: {
    make: (given, { cam }) => {
      const role = cam.createRole(given.text("name"), given.text("document"));
      return { id: role.id, role_arn: role.arn };
    },
    change: (made, given, { cam }) => {
      if (given.text("name") !== made.given.text("name")) return undefined;
      cam.updateRole(idOf(made), { document: given.text("document") });
      return made.computed;
    },
    remove: (made, { cam }) => unlessGone(() => cam.deleteRole(idOf(made))),
  },
  tencentcloud_cam_policy: {
    make: (given, { cam }) => ({ id: cam.createPolicy(given.text("name"), given.text("document")) }),
    change: (made, given, { cam }) => {
      if (given.text("name") !== made.given.text("name")) return undefined;
      cam.policies.update(idOf(made), { document: given.text("document") });
      return made.computed;
    },
    remove: (made, { cam }) => unlessGone(() => cam.deletePolicy(idOf(made))),
  },
  tencentcloud_cam_role_policy_attachment: attachments("role_id", "policy_id"),
  tencentcloud_cam_role_policy_attachment_by_name: attachments("role_name", "policy_name"),
};

/** Types that neither move logs nor grant permissions: the local cloud leaves them out, and lists them as ignored. */
export const IGNORED_TYPES: ReadonlySet<string> = new Set([
  "tencentcloud_cls_alarm",
  "tencentcloud_cls_alarm_notice",
  "tencentcloud_cls_notice_content",
  "tencentcloud_cls_dashboard",
]);

/** `terraform_data`: its values are stored; if one of our commands delivers a topic to a function, that is done. */
function makeData(given: Arguments, { deliveries }: Services, { commands }: StackContext): PlanObject {
  if (commands.some((command) => /\/cls-delivery\.js create$/.test(command))) {
    const [input] = given.blocks("input");
    if (input === undefined) throw given.wrong("input", "must be given", undefined);
    deliveries.create(input.text("topicId"), {
      functionName: input.text("functionName"),
      namespace: input.text("namespace"),
      qualifier: input.text("qualifier"),
      waitSeconds: input.number("wait", 60),
      maxMessages: input.number("max", 100),
    });
  } else if (commands.length > 0) {
    throw new Error(`commands must be the library's own, which the local cloud stands in for, got ${commands[0]}`);
  }
  return { id: randomUUID(), output: given.optionalValue("input") ?? null };
}

/** Ends a delivery that one of our commands started. */
function removeData({ given, context }: MadeResource, { deliveries, scf }: Services): void {
  const [input] = given.blocks("input");
  if (context.commands.length === 0 || input === undefined) return;
  const topicId = input.text("topicId");
  const found = deliveries.all().find(({ topic, spec }) => {
    return topic.id === topicId && spec.functionName === input.text("functionName");
  });
  if (found === undefined) return;
  const { functionName: name, namespace } = found.spec;
  unlessGone(() => deliveries.delete(scf.function({ region: found.topic.region, namespace, name }), topicId));
}

function makeBucket(given: Arguments, { cos }: Services, { region }: StackContext): PlanObject {
  const bucket = cos.createBucket(given.text("bucket"), region, aclOf(given));
  return { id: bucket.name, cos_bucket_url: bucket.domain };
}

function changeBucket(made: MadeResource, given: Arguments, { cos }: Services): PlanObject | undefined {
  const bucket = cos.bucket(idOf(made));
  if (bucket === undefined || given.text("bucket") !== bucket.name) return undefined;
  bucket.acl = aclOf(given);
  return made.computed;
}

/** The content is removed too: in the local cloud it has no value. */
async function removeBucket(made: MadeResource, { cos }: Services): Promise<void> {
  const bucket = cos.bucket(idOf(made));
  if (bucket === undefined) return;
  for (const key of bucket.keys()) await bucket.delete(key);
  cos.deleteBucket(bucket.name);
}

function aclOf(given: Arguments): Acl {
  const wanted = given.optionalText("acl") ?? "private";
  const acl = ACLS.find((candidate) => candidate === wanted);
  if (acl) return acl;
  throw given.wrong("acl", `must be one of ${ACLS.join(", ")}`, wanted);
}

/** Policies of roles; a document identifies both by id or by name. */
function attachments(roleArgument: string, policyArgument: string): Kind {
  const namesOf = (given: Arguments) => [given.text(roleArgument), given.text(policyArgument)] as const;
  const attach = (given: Arguments, cam: Cam): PlanObject => {
    const [role, policy] = namesOf(given);
    cam.attachPolicy(role, policy);
    return { id: `${role}#${policy}` };
  };
  return {
    make: (given, { cam }) => attach(given, cam),
    remove: ({ given }, { cam }) => unlessGone(() => cam.detachPolicy(...namesOf(given))),
  };
}
