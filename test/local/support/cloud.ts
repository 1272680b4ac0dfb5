import COS from "cos-nodejs-sdk-v5";
import type { AccessKey } from "../../../local/account";
import { LocalCloud, type CloudOptions, type LocalCloudOptions } from "../../../local/cloud";
import { removeStack, writeStack, type StackOptions } from "./plan";

const cleanUps: (() => Promise<void> | void)[] = [];

/** Deploys a stack on a local cloud; close it with {@link closeClouds}. */
export async function deploy(stack: StackOptions = {}, options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const folder = writeStack(stack);
  cleanUps.push(() => removeStack(folder));
  const cloud = await LocalCloud.deploy({ stackFolder: folder, ...options });
  cleanUps.push(() => cloud.close());
  return cloud;
}

/** An empty local cloud, for API calls; close it with {@link closeClouds}. */
export async function start(options: CloudOptions = {}): Promise<LocalCloud> {
  const cloud = await LocalCloud.start(options);
  cleanUps.push(() => cloud.close());
  return cloud;
}

/** Call it after each test. */
export async function closeClouds(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}

/** The real SDK with the local cloud as a proxy, so that it uses the real host. */
export function sdk(cloud: LocalCloud, key: AccessKey = cloud.cam.ownerKey): COS {
  return new COS({
    SecretId: key.secretId,
    SecretKey: key.secretKey,
    ...(key.sessionToken === undefined ? {} : { SecurityToken: key.sessionToken }),
    Protocol: "http:",
    Proxy: cloud.endpoint,
    AutoSwitchHost: false,
  });
}

/** Waits for a promise to fail, and returns its error. */
export async function failure<T = Error>(promise: Promise<unknown>): Promise<T> {
  try {
    await promise;
  } catch (error) {
    return error as T;
  }
  throw new Error("expected a failure");
}
