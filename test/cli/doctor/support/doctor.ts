import { run } from "../../../../cli/run";
import { SimulatedClock } from "../../../../local/clock";
import type { CloudOptions, LocalCloud } from "../../../../local/cloud";
import type { AccessKey } from "../../../../local/account";
import type { Finding } from "../../../../cli/doctor/finding";

/** Output and exit status of a command. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Environment variables that direct the command to a local cloud. */
export function environmentOf(cloud: LocalCloud, key: AccessKey = cloud.cam.ownerKey): Record<string, string> {
  const names = ["CAM", "CLS", "COS", "SCF", "STS"].map((product) => [`${product}_ENDPOINT`, cloud.endpoint]);
  return {
    ...Object.fromEntries(names),
    TENCENTCLOUD_SECRET_ID: key.secretId,
    TENCENTCLOUD_SECRET_KEY: key.secretKey,
    TENCENTCLOUD_SECURITY_TOKEN: key.sessionToken ?? "",
    TENCENTCLOUD_REGION: "",
  };
}

/** Runs the command in this process, with these variables in addition to the machine's. */
export async function ran(args: readonly string[], environment: Record<string, string>): Promise<Ran> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const written = { stdout: "", stderr: "" };
  try {
    const status = await run(args, {
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
    });
    return { ...written, status };
  } finally {
    process.env = before;
  }
}

/** A finding in the output of `--json`. */
export type ToldFinding = Finding & { readonly section: string };

export function findingsIn({ stdout }: Ran): ToldFinding[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ToldFinding);
}

/** Services whose clock is the machine's, or ahead of it, and which check signatures by it. */
export function clocked(aheadMs = 0): CloudOptions {
  return { clock: new SimulatedClock(Date.now() + aheadMs), signatureTime: "clock" };
}
