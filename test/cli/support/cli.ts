import { spawn } from "node:child_process";
import { join } from "node:path";
import type { LocalCloud } from "../../../local/cloud";

/** As `npm run build`, which `npm test` calls first, leaves it. */
const MAIN = join(__dirname, "../../../dist/cli/main.js");

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs the built command as a user does, in an environment of its own. */
export async function tencentLogs(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const ran = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (ran.stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { ...ran, status };
}

/** The variables that send the command to a local cloud, with the keys of its owner. */
export function environmentOf(cloud: LocalCloud): Record<string, string> {
  return {
    COS_ENDPOINT: cloud.endpoint,
    SCF_ENDPOINT: cloud.endpoint,
    TENCENTCLOUD_SECRET_ID: cloud.cam.ownerKey.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.cam.ownerKey.secretKey,
  };
}
