import type { QuarantineNote } from "../../functions/quarantine";
import { CosClient } from "../../functions/tencent/cos-client";
import { listKeys } from "../../functions/tencent/cos-list";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import { readUserCredentials } from "../credentials";
import type { Place } from "../flags";
import { inOrder } from "../in-order";

/** An object below the prefix: a note, or why it is none. */
export type Found =
  { readonly noteKey: string; readonly note: QuarantineNote } | { readonly noteKey: string; readonly problem: string };

const READS_AT_ONCE = 16;

/**
 * The notes below a prefix, in the order of their keys. A note that goes away meanwhile, because its object was read, is
 * left out. Throws `ServiceError`, `CliError`.
 */
export async function* readNotes({ bucket, region, prefix }: Place): AsyncGenerator<Found> {
  const credentials = readUserCredentials();
  const client = new CosClient({ credentials: () => credentials });
  try {
    const keys = listKeys(client, { bucket, region, prefix });
    const read = (noteKey: string) => readNote(client, { bucket, region, key: noteKey });
    for await (const found of inOrder(keys, READS_AT_ONCE, read)) if (found) yield found;
  } finally {
    client.close();
  }
}

async function readNote(
  client: CosClient,
  address: { bucket: string; region: string; key: string },
): Promise<Found | undefined> {
  const noteKey = address.key;
  try {
    const text = await withRetries(() => readText(client, address), DEFAULT_RETRY);
    const note = parseNote(text);
    return note ? { noteKey, note } : { noteKey, problem: "must be a note of version 1, got something else" };
  } catch (error) {
    if (error instanceof ServiceError && error.code === "NoSuchKey") return undefined;
    throw error;
  }
}

async function readText(client: CosClient, address: { bucket: string; region: string; key: string }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await client.get(address)).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parseNote(text: string): QuarantineNote | undefined {
  try {
    const note = JSON.parse(text) as Partial<QuarantineNote> | null;
    const { object, reason, reached } = note ?? {};
    const texts = [
      object?.bucket,
      object?.region,
      object?.key,
      reason?.kind,
      reason?.code,
      reason?.message,
      note?.time,
    ];
    const complete = note?.version === 1 && texts.every((value) => typeof value === "string") && reached !== undefined;
    return complete ? (note as QuarantineNote) : undefined;
  } catch {
    return undefined;
  }
}
