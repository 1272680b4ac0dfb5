import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** Names in the plans of {@link writeStack}. */
export const BUCKET = "logs-1250000000";
export const REGION = "ap-guangzhou";
const PREFIX = "cls/";

/** A block or resource of a plan. */
export type Block = Record<string, unknown>;

/** Resources by type and name, as in a plan. */
export type Resources = Record<string, Record<string, Block>>;

/** Changes of the plan by a test. */
export interface StackOptions {
  /** Source of the function's `index.js`. */
  readonly code?: string;
  /** Source of its `index.py`, for a Python runtime. */
  readonly python?: string;
  /** Arguments of the function. */
  readonly scf?: Block;
  /** Arguments of the trigger. */
  readonly trigger?: Block;
  /** Arguments of the shipper. */
  readonly shipper?: Block;
  /** Statements of the run role's policy; default: read access under the prefix. */
  readonly statements?: Block[];
  /** Trust policy of the role. */
  readonly trust?: string;
  /** Additional resources. */
  readonly resources?: Resources;
}

/** A handler that returns the event. */
const ECHO = "exports.main_handler = async (event) => event;";

/** Writes a stack in cdktf's format: a topic that is shipped to a bucket whose objects trigger a function. */
export function writeStack(options: StackOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "local-stack-"));
  mkdirSync(join(folder, "assets"));
  const { code = ECHO, python } = options;
  const [name, source] = python === undefined ? ["index.js", code] : ["index.py", python];
  writeFileSync(join(folder, "assets/code.zip"), zipSync({ [name]: strToU8(source) }));
  writePlan(folder, resourcesOf(options));
  return folder;
}

/** Writes a plan with these resources into the folder. */
export function writePlan(folder: string, resource: Resources, data: Resources = USER_INFO): void {
  const provider = { tencentcloud: [{ region: REGION }] };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ "//": {}, provider, data, resource }));
}

/** Removes the files of {@link writeStack}. */
export function removeStack(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

const USER_INFO = { tencentcloud_user_info: { Account: {} } };

function resourcesOf(options: StackOptions): Resources {
  return {
    tencentcloud_cls_logset: { Logset: { logset_name: "logs" } },
    tencentcloud_cls_topic: {
      Topic: { logset_id: "${tencentcloud_cls_logset.Logset.id}", topic_name: "access", period: 7 },
    },
    tencentcloud_cls_index: { Index: { topic_id: "${tencentcloud_cls_topic.Topic.id}" } },
    tencentcloud_cos_bucket: {
      Bucket: { bucket: "logs-${data.tencentcloud_user_info.Account.app_id}", acl: "private" },
    },
    tencentcloud_cls_cos_shipper: { Shipper: { ...SHIPPER, ...options.shipper } },
    tencentcloud_cam_role: { Role: { name: "run", document: options.trust ?? TRUST } },
    tencentcloud_cam_policy: { Policy: { name: "read", document: policy(options.statements ?? [READ]) } },
    tencentcloud_cam_role_policy_attachment: {
      Attachment: { role_id: "${tencentcloud_cam_role.Role.id}", policy_id: "${tencentcloud_cam_policy.Policy.id}" },
    },
    tencentcloud_scf_function: { Function: { ...FUNCTION, ...options.scf } },
    tencentcloud_scf_trigger: { Trigger: { ...TRIGGER, ...options.trigger } },
    ...options.resources,
  };
}

const SHIPPER = {
  topic_id: "${tencentcloud_cls_topic.Topic.id}",
  bucket: "${tencentcloud_cos_bucket.Bucket.bucket}",
  prefix: PREFIX,
  shipper_name: "access",
  interval: 300,
  max_size: 256,
  partition: "%Y/%m/%d/%H/",
  compress: [{ format: "gzip" }],
  content: {
    format: "json",
    json: { enable_tag: false, meta_fields: ["__TIMESTAMP__", "__SOURCE__", "__FILENAME__"] },
  },
  filename_mode: 0,
  time_zone: "GMT+08:00",
};

const FUNCTION = {
  name: "batch",
  namespace: "default",
  handler: "index.main_handler",
  runtime: "Nodejs18.15",
  mem_size: 256,
  timeout: 10,
  role: "${tencentcloud_cam_role.Role.name}",
  environment: { TOPIC: "${jsonencode(tencentcloud_cls_topic.Topic.id)}", ESCAPED: "$${a} %%{b}" },
  zip_file: "assets/code.zip",
  enable_public_net: true,
};

const TRIGGER = {
  function_name: "${tencentcloud_scf_function.Function.name}",
  namespace: "default",
  trigger_name: "${tencentcloud_cos_bucket.Bucket.bucket}.cos.ap-guangzhou.myqcloud.com",
  type: "cos",
  trigger_desc: triggerDescription(PREFIX, ".gz"),
  enable: "OPEN",
  qualifier: "$DEFAULT",
};

/** A trigger's description for created objects. */
export function triggerDescription(prefix: string, suffix: string, event = "cos:ObjectCreated:*"): string {
  return JSON.stringify({ event, filter: { Prefix: prefix, Suffix: suffix } });
}

/** Allows SCF to assume the role. */
export const TRUST = JSON.stringify({
  version: "2.0",
  statement: [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: ["scf.qcloud.com"] } }],
});

const READ = {
  effect: "allow",
  action: ["name/cos:GetObject", "name/cos:HeadObject"],
  resource: [`qcs::cos:${REGION}:uid/\${data.tencentcloud_user_info.Account.app_id}:${BUCKET}/${PREFIX}*`],
};

/** The text of a policy. */
export function policy(statement: Block[]): string {
  return JSON.stringify({ version: "2.0", statement });
}
