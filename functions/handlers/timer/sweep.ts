import type { ObjectReference } from "../../events/cos-event";
import { keyOf } from "../../outputs/key";
import { receiptFolder, receiptKey } from "../../quarantine/receipts";
import type { QuarantineStore } from "../../quarantine/store";
import type { PlaceSettings } from "../../settings";
import type { CosClient } from "../../tencent/cos-client";
import { compareKeys, type ListedObject, listPages } from "../../tencent/cos-list";
import type { TimerState } from "./state";

/** Which objects are examined. Times are in milliseconds since the epoch. */
export interface SweepWindow {
  /** Objects that were written at this time or later are included. */
  readonly from: number;
  /** Objects that were written at this time or later are excluded: their events can still be in transit. */
  readonly to: number;
  /** Older receipts are removed. */
  readonly keptFrom: number;
}

/** The result of a sweep, and where the next one continues. */
export interface Swept {
  readonly missing: readonly ObjectReference[];
  /** Undefined if the end of the last place was reached. */
  readonly sweptTo: TimerState["sweptTo"];
}

/** Maximum objects that one sweep returns, and maximum list requests that it sends. */
const MOST_MISSING = 1_000;
const MOST_PAGES = 200;

/** Number of receipts that are removed at a time. */
const REMOVED_AT_ONCE = 8;

/**
 * Finds objects that have neither a receipt nor a note: their event never arrived, or was never completed. Objects and
 * their receipts are listed in parallel, in the same order, so that a sweep takes hardly any memory and two requests per
 * thousand objects.
 *
 * @param after where an earlier sweep stopped
 */
export async function sweep(
  cos: CosClient,
  store: QuarantineStore,
  places: readonly PlaceSettings[],
  window: SweepWindow,
  after: TimerState["sweptTo"],
  signal: AbortSignal,
): Promise<Swept> {
  const missing: ObjectReference[] = [];
  const [first, key] = after ?? [0, ""];
  let pages = 0;
  for (let number = first; number < places.length; number++) {
    const { bucket, region, prefix = "", suffix = "" } = places[number];
    const from = number === first ? key : "";
    const receipts = new Receipts(
      store,
      `${bucket}/${prefix}`,
      from === "" ? "" : `${receiptFolder(store.prefix)}${bucket}/${from}`,
    );
    for await (const page of listPages(cos, { bucket, region, prefix, signal }, from)) {
      for (const object of page) {
        const receipt = await receipts.of(`${bucket}/${object.key}`, window.keptFrom);
        if (!isWanted(object, suffix, window)) continue;
        // An object that was overwritten counts as a new one.
        if (receipt && receipt.lastModified >= object.lastModified) continue;
        if (await hasNote(store, `${bucket}/${object.key}`)) continue;
        missing.push({ bucket, region, key: object.key, eTag: object.eTag });
        if (missing.length === MOST_MISSING) return { missing, sweptTo: [number, object.key] };
      }
      const last = page.at(-1);
      if (last && ++pages === MOST_PAGES) return { missing, sweptTo: [number, last.key] };
    }
    await receipts.removeRest(window.keptFrom);
  }
  return { missing, sweptTo: undefined };
}

function isWanted({ key, lastModified }: ListedObject, suffix: string, { from, to }: SweepWindow): boolean {
  return key.endsWith(suffix) && !key.endsWith("/") && lastModified >= from && lastModified < to;
}

/** Objects with a note or a mark are left to the redrive. */
async function hasNote(store: QuarantineStore, path: string): Promise<boolean> {
  const keys = [keyOf(store.prefix, path, ".json"), keyOf(`${store.prefix}started/`, path, ".json")];
  const texts = await Promise.all(keys.map((key) => store.read(key)));
  return texts.some((text) => text !== undefined);
}

/** The receipts below a path, in listing order; those that are no longer needed are removed on the way. */
class Receipts {
  readonly #store: QuarantineStore;
  readonly #pages: AsyncGenerator<readonly ListedObject[]>;
  #page: readonly ListedObject[] = [];
  #at = 0;
  #isEnd = false;
  #old: string[] = [];

  constructor(store: QuarantineStore, path: string, after: string) {
    this.#store = store;
    this.#pages = store.list(`${receiptFolder("")}${path}`, after);
  }

  /** The receipt of the next object; objects come in COS's order. @param keptFrom older receipts on the way are removed */
  async of(path: string, keptFrom: number): Promise<{ readonly lastModified: number } | undefined> {
    const wanted = receiptKey(this.#store.prefix, path);
    // A key that would be too long ends in a hash, and is listed elsewhere.
    if (wanted !== receiptFolder(this.#store.prefix) + path) {
      return (await this.#store.read(wanted)) && { lastModified: Infinity };
    }
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      const order = compareKeys(next.key, wanted);
      if (order > 0) return undefined;
      this.#at++;
      if (next.lastModified < keptFrom) await this.#removeLater(next.key);
      if (order === 0) return next;
    }
    return undefined;
  }

  /** Removes old receipts after the last object. */
  async removeRest(keptFrom: number): Promise<void> {
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      this.#at++;
      if (next.lastModified < keptFrom) await this.#removeLater(next.key);
    }
    await this.#remove();
  }

  async #peek(): Promise<ListedObject | undefined> {
    while (this.#at === this.#page.length && !this.#isEnd) {
      const next = await this.#pages.next();
      this.#isEnd = next.done === true;
      this.#page = next.done ? [] : next.value;
      this.#at = 0;
    }
    return this.#page.at(this.#at);
  }

  async #removeLater(key: string): Promise<void> {
    this.#old.push(key);
    if (this.#old.length >= REMOVED_AT_ONCE) await this.#remove();
  }

  /** A receipt that cannot be removed is left to the next sweep. */
  async #remove(): Promise<void> {
    await Promise.allSettled(this.#old.splice(0).map((key) => this.#store.remove(key)));
  }
}
