import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import type { QuarantineStore } from "./store";

/**
 * What became of an object, for whoever cannot see the function's log: a backfill, which asks for it, and the sweep, which
 * looks for objects that nobody has read. Stored as JSON.
 */
export interface Receipt {
  readonly version: 1;
  /** The input, as places name it. */
  readonly input: string;
  /** Of the version that was read. */
  readonly eTag?: string;
  /** `quarantined` only where a backfill asked: the note says the same. */
  readonly outcome: "done" | "quarantined";
  /** The backfill that asked for the read. */
  readonly run?: string;
  readonly records: number;
  readonly lines: number;
  readonly invalid: number;
  /** Bytes of the input as it is stored. */
  readonly bytes: number;
  /** Batches of it that outputs did not take, and that wait in quarantine. */
  readonly left?: number;
  /** Why it was left to a note. */
  readonly reason?: Failure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly time: string;
}

/** Begins the keys of all receipts under a quarantine prefix. */
export function receiptFolder(prefix: string): string {
  return `${prefix}receipts/`;
}

/** Where a list goes on that passes over receipts, of which there may be as many as objects: in keys, 0 follows the slash. */
export function behindReceipts(prefix: string): string {
  return `${receiptFolder(prefix).slice(0, -1)}0`;
}

/**
 * Key of an input's receipt. Nothing follows the path of an object, its bucket and key, so that objects and their receipts are
 * listed in the same order and can be compared as they come. Versions of an object share one.
 *
 * @param path `bucket/key`
 */
export function receiptKey(prefix: string, path: string): string {
  return keyOf(receiptFolder(prefix), path, "");
}

/** Writes an input's receipt, over an older one. */
export async function leaveReceipt(store: QuarantineStore, path: string, receipt: Receipt): Promise<void> {
  await store.putNote(receiptKey(store.prefix, path), receipt);
}
