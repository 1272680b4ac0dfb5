import type { Alert, StateStore } from "../../../monitor";
import { objectIn } from "../../runtime/checked-json";
import { builtin } from "../../tencent/builtin";

/** An alert that a receiver did not take, as it lies in quarantine. */
export interface KeptAlert {
  readonly version: 1;
  readonly receiver: string;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** Why it was not taken. */
  readonly reason: { readonly code: string; readonly message: string };
  /** What is masked in an alert is masked here. */
  readonly alert: Alert;
}

/** A kept alert, and where it lies. */
export interface Kept {
  readonly key: string;
  readonly kept: KeptAlert;
}

/** What a process writes beside a kept alert that it is about to tell. */
interface KeptClaim {
  readonly version: 1;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Ends the key of a claim, behind that of the alert. The next number takes over from a process that has ended. */
const CLAIM = /\.claim-\d+$/;

/** Milliseconds after which whoever claimed an alert has told it, or will not: a message takes 15 s, and clocks differ. */
const CLAIM_MS = 120_000;

/** Processes in a row that end between a claim and its removal, after which something must be wrong. */
const MOST_CLAIMS = 20;

/** Objects that are written at once: a storm keeps thousands, and somebody waits for them. */
const LANES = 16;

/** Digits of a time in milliseconds, until the year 2286: keys in their order are in the order of the times. */
const TIME_DIGITS = 13;

/**
 * The alerts of one receiver that could not be told, one object each, below `<prefix><receiver>/`. What this process keeps or
 * removes holds for it at once, whatever a list that is late says.
 */
export class KeptAlerts {
  readonly #store: StateStore;
  readonly #prefix: string;
  readonly #receiver: string;
  readonly #tell: (text: string) => void;
  /** Kept here, and not removed. */
  readonly #own = new Set<string>();
  /** Removed here: a list may still name them. */
  readonly #gone = new Set<string>();
  /** Tells this process from the others that tell what is kept. */
  #id: string | undefined;
  /** What this process is about to tell, and the keys of its claims. */
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

  /** Keys of what this process kept and did not remove, in the order in which it lay there. */
  get own(): ReadonlySet<string> {
    return this.#own;
  }

  /**
   * Keeps an alert, behind all that this was called for before; resolves to its key when it lies there. Several may be
   * under way: {@link written} tells when none is.
   */
  async keep(alert: Alert, reason: KeptAlert["reason"], now: number): Promise<string> {
    // A clock that steps back changes no order.
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

  /** Resolves when nothing is being kept. */
  async written(): Promise<void> {
    await Promise.all(this.#lanes);
  }

  /** The keys of all that are kept, the oldest first. */
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
   * Claims a kept alert, so that no other process tells it meanwhile, and reads it. "claimed" where another has; undefined where
   * there is none any more, or nothing that one could be read of. Where a claim is left of a process that may have told it, it is
   * marked `again`.
   */
  async take(key: string, now: number): Promise<Kept | "claimed" | undefined> {
    const claimed = await this.#claim(key, now);
    if (!claimed) return "claimed";
    // Only behind the claim: what another has told, it removes before its own claim.
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
      // A full disk gets room again only by what is told.
      if (by === "unclaimable") return { isTakenOver: true };
      if (by === "others" || by === undefined) return undefined;
      if (by === "ours") {
        this.#claims.set(key, names);
        return { isTakenOver: names.length > 1 };
      }
    }
    return undefined;
  }

  /** Whose a claim is, which is made where there is none; undefined where it was removed meanwhile, as what is told is. */
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
    // On a disk, one that is being written is empty for a moment.
    const found = objectIn(text) as unknown as KeptClaim | undefined;
    if (!found) return "others";
    if (found.by === by) return "ours";
    return found.at < now - CLAIM_MS ? "ended" : "others";
  }

  /** Leaves what was not told to whoever comes next. @param key @default all that this process has claimed */
  async release(key?: string): Promise<void> {
    const keys = key === undefined ? [...this.#claims.keys()] : [key];
    // A claim of a process that has ended stays: it may have told the alert.
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

  /** Claims on what is there no more, of processes that ended between the two. */
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

  /** Removes what was told. What cannot be removed is told again by whoever lists it: better twice than never. */
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
