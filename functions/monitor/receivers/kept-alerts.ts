import type { Alert, StateStore } from "../../../monitor";
import { objectIn } from "../../runtime/checked-json";
import { builtin } from "../../tencent/builtin";

/** An alert that a receiver did not accept, as stored in quarantine. */
export interface KeptAlert {
  readonly version: 1;
  readonly receiver: string;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** Why it was not accepted. */
  readonly reason: { readonly code: string; readonly message: string };
  /** Masked values of the alert are masked here too. */
  readonly alert: Alert;
}

/** A kept alert with its key. */
export interface Kept {
  readonly key: string;
  readonly kept: KeptAlert;
}

/** Written beside a kept alert by the process that is about to send it. */
interface KeptClaim {
  readonly version: 1;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Suffix of a claim's key, after that of the alert. The next number takes over from a process that has ended. */
const CLAIM = /\.claim-\d+$/;

/** Milliseconds after which the alert of a claim has been sent, or will not be: a message takes 15 s, and clocks differ. */
const CLAIM_MS = 120_000;

/** Number of consecutive processes that end between a claim and its removal, after which something must be wrong. */
const MOST_CLAIMS = 20;

/** Number of objects that are written at once: an alert storm keeps thousands, and the caller waits for them. */
const LANES = 16;

/** Digits of a time in milliseconds, until the year 2286: the order of keys is the order of times. */
const TIME_DIGITS = 13;

/**
 * The alerts of one receiver that could not be sent, one object each, below `<prefix><receiver>/`. What this process keeps
 * or removes is visible to it immediately, even if a list is outdated.
 */
export class KeptAlerts {
  readonly #store: StateStore;
  readonly #prefix: string;
  readonly #receiver: string;
  readonly #tell: (text: string) => void;
  /** Keys that were kept here and not removed. */
  readonly #own = new Set<string>();
  /** Keys that were removed here: a list can still contain them. */
  readonly #gone = new Set<string>();
  /** Id of this process among those that send kept alerts. */
  #id: string | undefined;
  /** What this process is about to send, and the keys of its claims. */
  readonly #claims = new Map<string, readonly string[]>();
  readonly #unreadable = new Set<string>();
  readonly #lanes: Promise<unknown>[] = Array.from({ length: LANES }, () => Promise.resolve());
  #lastTime = 0;
  #count = 0;

  constructor(store: StateStore, prefix: string, receiver: string, tell: (text: string) => void) {
    this.#store = store;
    this.#prefix = `${prefix}${receiver}/`;
    this.#receiver = receiver;
    this.#tell = tell;
  }

  /** Keys that this process kept and did not remove, in the order in which they were stored. */
  get own(): ReadonlySet<string> {
    return this.#own;
  }

  /**
   * Keeps an alert after all earlier calls; resolves to its key when it is stored. Several calls can be in progress:
   * {@link written} resolves when none is.
   */
  async keep(alert: Alert, reason: KeptAlert["reason"], now: number): Promise<string> {
    // A clock that is set back does not change the order.
    this.#lastTime = Math.max(this.#lastTime, Math.floor(now));
    const hash = builtin("node:crypto").createHash("sha256").update(alert.id).digest("hex").slice(0, 12);
    const time = String(this.#lastTime).padStart(TIME_DIGITS, "0");
    const lane = this.#count % LANES;
    const number = String(this.#count++ % 1_000_000).padStart(6, "0");
    const key = `${this.#prefix}${time}-${number}-${hash}.json`;
    const kept: KeptAlert = { version: 1, receiver: this.#receiver, keptAt: now, reason, alert };
    const put = this.#lanes[lane].then(async () => {
      await this.#store.put(key, JSON.stringify(kept));
      this.#own.add(key);
      return key;
    });
    this.#lanes[lane] = put.catch(() => undefined);
    return put;
  }

  /** Resolves when no alert is being stored. */
  async written(): Promise<void> {
    await Promise.all(this.#lanes);
  }

  /** The keys of all kept alerts, the oldest first. */
  async keys(): Promise<string[]> {
    const keys = new Set(this.#own);
    const listed = new Set<string>();
    for await (const key of this.#store.list(this.#prefix)) {
      listed.add(key);
      if (!this.#gone.has(key)) keys.add(key);
    }
    for (const key of this.#gone) if (!listed.has(key)) this.#gone.delete(key);
    await this.#sweepClaims(listed);
    return [...keys].filter((key) => !CLAIM.test(key)).sort();
  }

  /**
   * Claims a kept alert, so that no other process sends it at the same time, and reads it. Returns "claimed" if another
   * process has claimed it; undefined if it is gone or unreadable. If a process that has ended left a claim and possibly
   * sent the alert, it is marked `again`.
   */
  async take(key: string, now: number): Promise<Kept | "claimed" | undefined> {
    const claimed = await this.#claim(key, now);
    if (!claimed) return "claimed";
    // Only after the claim: another process removes a sent alert before its own claim.
    const kept = await this.#read(key);
    if (!kept) await this.release(key);
    else if (claimed.isTakenOver) return { key, kept: { ...kept, alert: marked(kept.alert) } };
    return kept && { key, kept };
  }

  async #claim(key: string, now: number): Promise<{ readonly isTakenOver: boolean } | undefined> {
    const known = this.#claims.get(key);
    if (known) return { isTakenOver: known.length > 1 };
    const names: string[] = [];
    while (names.length < MOST_CLAIMS) {
      const name = `${key}.claim-${names.length}`;
      names.push(name);
      const by = await this.#claimant(name, now);
      // A full disk only gets room again when alerts are sent.
      if (by === "unclaimable") return { isTakenOver: true };
      if (by === "others" || by === undefined) return undefined;
      if (by === "ours") {
        this.#claims.set(key, names);
        return { isTakenOver: names.length > 1 };
      }
    }
    return undefined;
  }

  /**
   * The owner of a claim, which is created if there is none; undefined if it was removed in the meantime, as after sending.
   */
  async #claimant(name: string, now: number): Promise<"ours" | "others" | "ended" | "unclaimable" | undefined> {
    const by = (this.#id ??= builtin("node:crypto").randomUUID());
    const claim: KeptClaim = { version: 1, by, at: now };
    try {
      if ((await this.#store.create(name, JSON.stringify(claim))) === "created") return "ours";
    } catch {
      return "unclaimable";
    }
    const text = await this.#store.get(name);
    if (text === undefined) return undefined;
    // On a disk, a claim that is being written is empty for a moment.
    const found = objectIn(text) as unknown as KeptClaim | undefined;
    if (!found) return "others";
    if (found.by === by) return "ours";
    return found.at < now - CLAIM_MS ? "ended" : "others";
  }

  /** Leaves what was not sent to the next process. @param key @default all that this process has claimed */
  async release(key?: string): Promise<void> {
    const keys = key === undefined ? [...this.#claims.keys()] : [key];
    // A claim of a process that has ended stays: it possibly sent the alert.
    await Promise.all(keys.map((one) => this.#unclaim(one, this.#claims.get(one)?.slice(-1))));
  }

  async #unclaim(key: string, names: readonly string[] = []): Promise<void> {
    this.#claims.delete(key);
    for (const name of names) {
      await this.#store.remove(name).catch((error: Error) => {
        this.#tell(`${name} cannot be removed, so that others wait for it: ${error.message}`);
      });
    }
  }

  /** Removes claims on alerts that are gone, left by processes that ended between the two removals. */
  async #sweepClaims(listed: ReadonlySet<string>): Promise<void> {
    for (const name of listed) {
      const key = name.replace(CLAIM, "");
      if (key === name || listed.has(key) || this.#own.has(key)) continue;
      if ((await this.#store.get(key)) === undefined) await this.#store.remove(name);
    }
  }

  async #read(key: string): Promise<KeptAlert | undefined> {
    const text = await this.#store.get(key);
    if (text === undefined) {
      this.#own.delete(key);
      return undefined;
    }
    const value = objectIn(text) as unknown as KeptAlert | undefined;
    if (value?.version === 1 && typeof value.alert?.id === "string") return value;
    if (!this.#unreadable.has(key))
      this.#tell(`${key} must be a kept alert of version 1, got something else; it stays there`);
    this.#unreadable.add(key);
    return undefined;
  }

  /** Removes a sent alert. If that fails, the next process that lists it sends it again: better twice than never. */
  async remove(key: string): Promise<void> {
    this.#own.delete(key);
    this.#gone.add(key);
    await this.#store.remove(key);
    await this.#unclaim(key, this.#claims.get(key));
  }
}

function marked(alert: Alert): Alert {
  return alert.marks.includes("again") ? alert : { ...alert, marks: [...alert.marks, "again"] };
}
