import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FunctionCode, FunctionRole, LiveLog, LogFunction, type LogFunctionProps, LogTopic } from "../../../lib";
import { type TerraformStack, Testing } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud, type LocalCloudOptions } from "../../../local/cloud";
import { testStack } from "../../lib/support/stack";

const APP_ID = "1250000000";
const REGION = "ap-guangzhou";

/** Additional roles and their permissions, with all resources. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  viewers: ["scf:GetFunction", "scf:ListFunctions"],
  readers: ["scf:GetFunction", "cls:pullLogs", "cls:DescribePartitions"],
  searchers: ["scf:GetFunction", "cls:SearchLog", "name/cos:PutObject"],
};

/** A test's function: its source, and whether its lines are shown live. */
export interface LiveFunction extends Partial<Omit<LogFunctionProps, "code" | "liveLog" | "logTopic">> {
  readonly code: string;
  /** @default true */
  readonly isLive?: boolean;
  /** @default "ap-guangzhou" */
  readonly region?: string;
}

export interface DeployedLive {
  readonly cloud: LocalCloud;
  /** Environment variables that direct a command there, with the owner's keys. */
  readonly environment: Record<string, string>;
  /**
   * Invokes a function and waits for its end; the region is only required if another region has a function of that
   * name.
   */
  invoke(functionName: string, event?: unknown, region?: string): Promise<{ requestId: string }>;
  /** Id of the live topic, and of the functions' own topic, in the first region. */
  readonly topics: { readonly live: string; readonly own: string };
  /** Variables with a temporary key of a role: `operators` has the permissions of `grantTail`. */
  as(role: "operators" | "viewers" | "readers" | "searchers"): Record<string, string>;
  /** The functions' zips. */
  zips(): string[];
  close(): Promise<void>;
}

/** What functions of a region share: a live log, and a topic for SCF's own log. */
interface Shared {
  readonly provider: TencentcloudProvider | undefined;
  readonly liveLog: LiveLog;
  readonly logTopic: LogTopic;
}

function sharedIn(stack: TerraformStack, region: string): Shared {
  const isFirst = region === REGION;
  const provider = isFirst ? undefined : new TencentcloudProvider(stack, region, { region, alias: region });
  const suffix = isFirst ? "" : `-${region}`;
  return {
    provider,
    liveLog: new LiveLog(stack, `Live${suffix}`, { appId: APP_ID, topicName: `live${suffix}`, provider }),
    logTopic: new LogTopic(stack, `Own${suffix}`, { topicName: `own${suffix}`, provider }),
  };
}

/**
 * Functions on a local cloud with the machine's time, with a live log and one topic for SCF's own log in each region.
 */
export async function deployLive(
  functions: Readonly<Record<string, LiveFunction>>,
  options: Partial<LocalCloudOptions> = {},
): Promise<DeployedLive> {
  const stack = testStack();
  const shared = new Map([[REGION, sharedIn(stack, REGION)]]);
  for (const [name, { code, isLive = true, region = REGION, runtime, ...props }] of Object.entries(functions)) {
    const { provider, liveLog, logTopic } = shared.get(region) ?? sharedIn(stack, region);
    shared.set(region, { provider, liveLog, logTopic });
    const file = runtime?.startsWith("Python") ? "index.py" : "index.js";
    new LogFunction(stack, name, {
      functionName: name,
      code: FunctionCode.fromFiles({ [file]: code }),
      ...(runtime && { runtime }),
      ...props,
      logTopic,
      ...(isLive && { liveLog }),
      provider,
    });
  }
  const operators = new FunctionRole(stack, "Operators", { roleName: "operators" });
  for (const { liveLog } of shared.values()) liveLog.grantTail(operators);
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
    TENCENTCLOUD_REGION: REGION,
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
    invoke: (functionName, event = {}, region) =>
      cloud.invoke({ functionName, namespace: "default", event, wait: true, ...(region && { region }) }),
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
