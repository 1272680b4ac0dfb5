import { rmSync } from "node:fs";
import { join } from "node:path";
import { FunctionCode, LiveLog, LogFunction, type LogFunctionProps, LogTopic } from "../../../lib";
import { Testing } from "../../../lib/framework";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud, type LocalCloudOptions } from "../../../local/cloud";
import { testStack } from "../../lib/support/stack";

const APP_ID = "1250000000";

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
  const { secretId, secretKey } = cloud.cam.ownerKey;
  return {
    cloud,
    environment: {
      PATH: process.env.PATH ?? "",
      COS_ENDPOINT: cloud.endpoint,
      CLS_ENDPOINT: cloud.endpoint,
      SCF_ENDPOINT: cloud.endpoint,
      TENCENTCLOUD_SECRET_ID: secretId,
      TENCENTCLOUD_SECRET_KEY: secretKey,
      TENCENTCLOUD_REGION: "ap-guangzhou",
    },
    invoke: (functionName, event = {}) =>
      cloud.invoke({ functionName, namespace: "default", event, wait: true }) as Promise<{ requestId: string }>,
    topics: { live: cloud.topic("live").id, own: cloud.topic("own").id },
    async close() {
      unfollow();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
