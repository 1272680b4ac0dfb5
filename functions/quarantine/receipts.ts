import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import type { QuarantineStore } from "./store";

/**
 * The result for an object, for those that cannot see the function's log: a backfill, which asks for it, and the sweep,
 * which looks for objects that were never read. Stored as JSON.
 */
export interface Receipt {
  readonly version: 1;
  /** The input's name as in places. */
  readonly input: string;
  /** ETag of the version that was read. */
  readonly eTag?: string;
  /** `quarantined` only if a backfill asked for the object: otherwise its note is enough. */
  readonly outcome: "done" | "quarantined";
  /** The backfill that asked for the read. */
  readonly run?: string;
  readonly records: number;
  readonly lines: number;
  readonly invalid: number;
  /** Number of stored bytes of the input. */
  readonly bytes: number;
  /** Number of its batches in quarantine. */
  readonly left?: number;
  /** Why a note was written instead. */
  readonly reason?: Failure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly time: string;
}

/** Prefix of the keys of all receipts under a quarantine prefix. */
export function receiptFolder(prefix: string): string {
  return `${prefix}receipts/`;
}

/** Start of a list after all receipts, of which there can be as many as objects: in keys, 0 follows the slash. */
export function behindReceipts(prefix: string): string {
  return `${receiptFolder(prefix).slice(0, -1)}0`;
}

/**
 * Key of an input's receipt. Nothing follows the object's path (bucket and key), so that objects and their receipts are
 * listed in the same order and can be compared in one pass. Versions of an object share one receipt.
 *
 * @param path `bucket/key`
 */
export function receiptKey(prefix: string, path: string): string {
  return keyOf(receiptFolder(prefix), path, "");
}

/** Writes an input's receipt, replacing an older one. */
export async function leaveReceipt(store: QuarantineStore, path: string, receipt: Receipt): Promise<void> {
  await store.putNote(receiptKey(store.prefix, path), receipt);
}
