import { spawn } from "node:child_process";
import { join } from "node:path";
import type { LocalCloud } from "../../../local/cloud";

/** Created by `npm run build`, which `npm test` runs first. */
const MAIN = join(__dirname, "../../../dist/cli/main.js");

/** Output and exit status of a command. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs the built command like a user, in a separate environment. */
export async function tencentLogs(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const ran = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (ran.stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { ...ran, status };
}

/** Environment variables that direct the command to a local cloud, with its owner's key. */
export function environmentOf(cloud: LocalCloud): Record<string, string> {
  return {
    COS_ENDPOINT: cloud.endpoint,
    SCF_ENDPOINT: cloud.endpoint,
    TENCENTCLOUD_SECRET_ID: cloud.cam.ownerKey.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.cam.ownerKey.secretKey,
  };
}
