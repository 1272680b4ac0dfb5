import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FunctionCode, FunctionRole, LiveLog, LogFunction, type LogFunctionProps, LogTopic } from "../../../lib";
import { Testing } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud, type LocalCloudOptions } from "../../../local/cloud";
import { testStack } from "../../lib/support/stack";

const APP_ID = "1250000000";

/** Roles besides, and what they may do, with all that there is. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  viewers: ["scf:GetFunction", "scf:ListFunctions"],
  readers: ["scf:GetFunction", "cls:pullLogs", "cls:DescribePartitions"],
  searchers: ["scf:GetFunction", "cls:SearchLog", "name/cos:PutObject"],
};

/** A function of a test: its source, and whether its lines can be seen as they are written. */
export interface LiveFunction extends Partial<Omit<LogFunctionProps, "code" | "liveLog" | "logTopic">> {
  readonly code: string;
  /** @default true */
  readonly isLive?: boolean;
}

export interface DeployedLive {
  readonly cloud: LocalCloud;
  /** Variables of a command that goes there, with the owner's keys. */
  readonly environment: Record<string, string>;
  /** Calls a function and waits for its end. */
  invoke(functionName: string, event?: unknown): Promise<{ requestId: string }>;
  /** Id of the live topic, and of the functions' own. */
  readonly topics: { readonly live: string; readonly own: string };
  /** Variables with a temporary key of a role: `operators` has what `grantTail` gives. */
  as(role: "operators" | "viewers" | "readers" | "searchers"): Record<string, string>;
  /** The functions' zips. */
  zips(): string[];
  close(): Promise<void>;
}

/** Functions on a local cloud whose time is the machine's, with a live log and one topic for SCF's own. */
export async function deployLive(
  functions: Readonly<Record<string, LiveFunction>>,
  options: Partial<LocalCloudOptions> = {},
): Promise<DeployedLive> {
  const stack = testStack();
  const liveLog = new LiveLog(stack, "Live", { appId: APP_ID, topicName: "live" });
  const logTopic = new LogTopic(stack, "Own", { topicName: "own" });
  for (const [name, { code, isLive = true, runtime, ...props }] of Object.entries(functions)) {
    const file = runtime?.startsWith("Python") ? "index.py" : "index.js";
    new LogFunction(stack, name, {
      functionName: name,
      code: FunctionCode.fromFiles({ [file]: code }),
      ...(runtime && { runtime }),
      ...props,
      logTopic,
      ...(isLive && { liveLog }),
    });
  }
  liveLog.grantTail(new FunctionRole(stack, "Operators", { roleName: "operators" }));
  for (const [roleName, action] of Object.entries(ROLES)) {
    new FunctionRole(stack, roleName, { roleName }).addToPolicy({ action: [...action], resource: ["*"] });
  }
  const folder = Testing.fullSynth(stack);
  const clock = new SimulatedClock(Date.now());
  const unfollow = clock.follow();
  const cloud = await LocalCloud.deploy({
    stackFolder: join(folder, "stacks/logs"),
    clock,
    maxInstances: 10,
    functionLog: { delayMs: 500 },
    ...options,
  });
  const environment = {
    PATH: process.env.PATH ?? "",
    COS_ENDPOINT: cloud.endpoint,
    CLS_ENDPOINT: cloud.endpoint,
    SCF_ENDPOINT: cloud.endpoint,
    TENCENTCLOUD_REGION: "ap-guangzhou",
  };
  const { secretId, secretKey } = cloud.cam.ownerKey;
  return {
    cloud,
    environment: { ...environment, TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey },
    as(role) {
      const key = cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", role));
      return {
        ...environment,
        TENCENTCLOUD_SECRET_ID: key.secretId,
        TENCENTCLOUD_SECRET_KEY: key.secretKey,
        TENCENTCLOUD_SECURITY_TOKEN: key.sessionToken ?? "",
      };
    },
    invoke: (functionName, event = {}) =>
      cloud.invoke({ functionName, namespace: "default", event, wait: true }) as Promise<{ requestId: string }>,
    topics: { live: cloud.topic("live").id, own: cloud.topic("own").id },
    zips: () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".zip"))
        .map((file) => join(folder, file)),
    async close() {
      unfollow();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
