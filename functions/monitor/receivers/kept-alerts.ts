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
  readonly #unreadable = new Set<string>();
  #lastTime = 0;
  #count = 0;

  constructor(store: StateStore, prefix: string, receiver: string, tell: (text: string) => void) {
    this.#store = store;
    this.#prefix = `${prefix}${receiver}/`;
    this.#receiver = receiver;
    this.#tell = tell;
  }

  /** Keys of what this process kept and did not remove, the oldest first. */
  get own(): string[] {
    return [...this.#own];
  }

  /** Keeps an alert, behind all that were kept before; resolves to its key when it lies there. */
  async keep(alert: Alert, reason: KeptAlert["reason"], now: number): Promise<string> {
    // A clock that steps back changes no order.
    this.#lastTime = Math.max(this.#lastTime, Math.floor(now));
    const hash = builtin("node:crypto").createHash("sha256").update(alert.id).digest("hex").slice(0, 12);
    const time = String(this.#lastTime).padStart(TIME_DIGITS, "0");
    const number = String(this.#count++ % 1_000_000).padStart(6, "0");
    const key = `${this.#prefix}${time}-${number}-${hash}.json`;
    const kept: KeptAlert = { version: 1, receiver: this.#receiver, keptAt: now, reason, alert };
    await this.#store.put(key, JSON.stringify(kept));
    this.#own.add(key);
    return key;
  }

  /** Whether that one is still there. */
  has(key: string): boolean {
    return this.#own.has(key);
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
    return [...keys].sort();
  }

  /** The kept alert of a key; undefined where there is none any more, or nothing that one could be read of. */
  async read(key: string): Promise<Kept | undefined> {
    const text = await this.#store.get(key);
    if (text === undefined) {
      this.#own.delete(key);
      return undefined;
    }
    const value = objectIn(text) as unknown as KeptAlert | undefined;
    if (value?.version === 1 && typeof value.alert?.id === "string") return { key, kept: value };
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
  }
}
