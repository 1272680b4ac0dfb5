import { CosClient } from "../../functions/tencent/cos-client";
import { type ListedObject, listObjects, type ListOptions } from "../../functions/tencent/cos-list";
import { behindReceipts, receiptFolder } from "../../functions/quarantine/receipts";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { isMissing } from "../../functions/tencent/cos-error";
import { readUserCredentials } from "../credentials";
import { inOrder } from "../in-order";
import type { Quarantine } from "./flags";
import { isBeside, type Note, parseNote } from "./note";

/** An object below the prefix: a note, or the reason why it is not one. */
export type Found = Note | { readonly type: "problem"; readonly noteKey: string; readonly problem: string };

const READS_AT_ONCE = 16;

/**
 * The notes below a prefix, in key order. Notes that disappear meanwhile, because their object was read, are left out;
 * so are receipts, and the records of batches, which have their own notes. Throws `ServiceError`, `UsageError`.
 */
export async function* readNotes({ bucket, region, prefix }: Quarantine): AsyncGenerator<Found> {
  const credentials = readUserCredentials();
  const client = new CosClient({ credentials: () => credentials });
  try {
    const listed = listNotes(client, { bucket, region, prefix });
    const read = async ({ key }: ListedObject) => readNote(client, { bucket, region, key }, prefix);
    for await (const found of inOrder(listed, READS_AT_ONCE, read)) if (found) yield found;
  } finally {
    client.close();
  }
}

/**
 * The objects below a quarantine's prefix that may be notes, in key order. Receipts, of which a backfill leaves one for
 * each object, are skipped. Throws `ServiceError`.
 */
export async function* listNotes(client: CosClient, options: ListOptions, after = ""): AsyncGenerator<ListedObject> {
  const { prefix } = options;
  for await (const one of listObjects(client, options, after)) {
    if (one.key.startsWith(receiptFolder(prefix))) return yield* listNotes(client, options, behindReceipts(prefix));
    if (!isBeside(one.key, prefix)) yield one;
  }
}

/** Reads one of them; undefined if it is gone. @param prefix of the quarantine */
export async function readNote(
  client: CosClient,
  address: { bucket: string; region: string; key: string },
  prefix: string,
): Promise<Found | undefined> {
  const noteKey = address.key;
  try {
    const text = await withRetries(() => readText(client, address), DEFAULT_RETRY);
    const problem = "must be a note of version 1, got something else";
    return parseNote(text, noteKey, prefix) ?? { type: "problem", noteKey, problem };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readText(client: CosClient, address: { bucket: string; region: string; key: string }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await client.get(address)).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
