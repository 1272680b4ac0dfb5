import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../rules/run/implementation";
import { CosClient } from "../../functions/tencent/cos-client";
import { CosError, NotModifiedError } from "../../functions/tencent/cos-error";
import { CosReader } from "../../functions/tencent/cos-reader";
import { type Credentials, readCredentials } from "../../functions/tencent/credentials";
import { type RetryPolicy, waitBeforeRetry } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import type { ObjectOptions } from "./options";

/** An object's content when it was read. */
export interface Version {
  readonly eTag: string | undefined;
  readonly bytes: Uint8Array;
}

/** Maximum bytes of an object, which stays in the function's memory. */
const MAX_OBJECT_BYTES = 256 * 1024 * 1024;

/**
 * Reads the object; undefined if it is still the known version. After a transient failure, or if the object does not exist,
 * it retries according to the policy, then throws COS's error.
 */
export async function readVersion(
  options: ObjectOptions,
  retry: RetryPolicy,
  run: Run,
  known: string | undefined,
): Promise<Version | undefined> {
  if (options.folder !== undefined) return readLocalVersion(join(options.folder, options.key), known);
  const client = new CosClient({ credentials: () => credentialsOf(options, run) });
  try {
    for (let failures = 1; ; failures++) {
      try {
        return await readOnce(client, options, retry, known);
      } catch (error) {
        if (error instanceof NotModifiedError) return undefined;
        const isMissing = error instanceof CosError && error.statusCode === 404;
        if (!isMissing || failures > retry.retries) throw error;
        await waitBeforeRetry(retry, failures);
      }
    }
  } finally {
    client.close();
  }
}

async function readOnce(
  client: CosClient,
  { bucket, region, key }: ObjectOptions,
  retry: RetryPolicy,
  known: string | undefined,
): Promise<Version> {
  const reader = new CosReader({ bucket, region, key }, { client, retry, ifNoneMatch: known });
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader) {
    chunks.push(chunk);
    if (reader.bytes > MAX_OBJECT_BYTES) {
      throw new ServiceError("TooLarge", `cos://${bucket}/${key} must hold at most ${MAX_OBJECT_BYTES} bytes`, 200);
    }
  }
  return { eTag: reader.eTag, bytes: Buffer.concat(chunks) };
}

/** Reads a file of this machine, to try a rule text on a laptop. */
async function readLocalVersion(path: string, known: string | undefined): Promise<Version | undefined> {
  const { mtimeMs, size } = await stat(path);
  const eTag = `${size}-${mtimeMs}`;
  return eTag === known ? undefined : { eTag, bytes: await readFile(path) };
}

/** The keys in the call, otherwise those of the function's role, otherwise those that Terraform and the CLI read. */
export function credentialsOf(
  { secretId, secretKey }: Pick<ObjectOptions, "secretId" | "secretKey">,
  { environment }: Run,
): Credentials {
  if (secretId !== undefined && secretKey !== undefined) return { secretId, secretKey };
  const { TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY } = environment;
  if (TENCENTCLOUD_SECRETID || !TENCENTCLOUD_SECRET_ID || !TENCENTCLOUD_SECRET_KEY) {
    return readCredentials(environment as NodeJS.ProcessEnv);
  }
  return {
    secretId: TENCENTCLOUD_SECRET_ID,
    secretKey: TENCENTCLOUD_SECRET_KEY,
    sessionToken: environment.TENCENTCLOUD_SECURITY_TOKEN || undefined,
  };
}
