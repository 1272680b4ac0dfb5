import { gzipSync } from "node:zlib";
import { AlertReceiver, CosBatchPipeline, FunctionRole, LogBucket, LogMonitor, LogTopic } from "../../../../lib";
import { SimulatedClock } from "../../../../local/clock";
import type { LocalCloud } from "../../../../local/cloud";
import { BUCKET, deployStack, endWithDeployed, secret } from "../../../functions/support/deployed";
import { startReceivers } from "../../../functions/support/monitored";
import { testStack } from "../../../lib/support/stack";

const READING = ["scf:GetFunction", "scf:ListFunctions", "cls:pullLogs", "cls:DescribePartitions"];
/** Permissions of the roles' keys, with all resources. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  readers: READING,
  listers: [...READING, "name/cos:GetBucket", "name/cos:GetObject"],
};

/** A pipeline, `batch`, and a monitor of its topic, on a local cloud with this machine's time. */
export async function deployTailed(): Promise<LocalCloud> {
  const { url } = await startReceivers();
  const stack = testStack();
  const topic = new LogTopic(stack, "Access", { topicName: "access" });
  const logTopic = new LogTopic(stack, "Own", { topicName: "own" });
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  const shared = { appId: "1250000000", logTopic };
  const shipping = { prefix: "cls/" };
  new CosBatchPipeline(stack, "Batch", { ...shared, topic, bucket, shipping, functionName: "batch" });
  new LogMonitor(stack, "Errors", {
    ...shared,
    sources: [{ topic, name: "access" }],
    match: { status: "^5" },
    alert: { to: AlertReceiver.json({ name: "oncall", url: secret(`${url}/oncall`) }) },
  });
  for (const [roleName, action] of Object.entries(ROLES)) {
    new FunctionRole(stack, roleName, { roleName }).addToPolicy({ action: [...action], resource: ["*"] });
  }
  const clock = new SimulatedClock(Date.now());
  endWithDeployed(clock.follow());
  return deployStack(stack, { clock });
}

/** Makes the pipeline fail on an object, so that it leaves a note. */
export async function leaveNote(cloud: LocalCloud, name: string): Promise<void> {
  cloud.cos.faults = ({ method, key }) =>
    method === "GET" && key === `cls/${name}.gz` ? { status: 403, code: "AccessDenied" } : undefined;
  await cloud.bucket(BUCKET).put(`cls/${name}.gz`, gzipSync('{"a":1}\n'));
  await cloud.settled();
  cloud.cos.faults = () => undefined;
}

/** The command line of a tail with its page, and its environment. @param role whose key it uses */
export function tailWithPage(cloud: LocalCloud, args: readonly string[], role?: string) {
  const { secretId, secretKey, sessionToken } = role ? cloud.cam.assumeRole(cloud.cam.role(role)) : cloud.cam.ownerKey;
  return {
    args: [...args, "-r", "ap-guangzhou", "--open", "--out", "none"],
    environment: {
      PATH: process.env.PATH ?? "",
      BROWSER: "none",
      ...{ CLS_ENDPOINT: cloud.endpoint, COS_ENDPOINT: cloud.endpoint, SCF_ENDPOINT: cloud.endpoint },
      ...{ TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey },
      ...(sessionToken !== undefined && { TENCENTCLOUD_SECURITY_TOKEN: sessionToken }),
    },
  };
}
