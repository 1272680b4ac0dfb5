import type { Alert, AlertSender, StateStore } from "../../../../monitor";

/** The fault of the n-th call. */
export type Fault =
  /** It fails without effect. */
  | "refused"
  /** It takes effect, but its answer is lost. */
  | "forgotten"
  /** The process ends before it. */
  | "killed before"
  /** The process ends after it: it takes effect, and nothing after it does. */
  | "killed after";

/** Ends a process: its awaits never resolve. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Calls of a store and of a sender in order, one of which fails. */
export class FaultyCalls {
  calls: string[] = [];
  #isDead = false;
  readonly #onDeath: () => void;
  /** Resolves when the process has ended. */
  readonly died: Promise<void>;

  /** @param at number of the failing call, from 0 */
  constructor(
    readonly at: number,
    readonly fault: Fault,
  ) {
    let onDeath = (): void => undefined;
    this.died = new Promise((resolve) => (onDeath = resolve));
    this.#onDeath = onDeath;
  }

  store(store: StateStore): StateStore {
    return {
      create: (key, body) => this.#call(`create ${key}`, () => store.create(key, body)),
      put: (key, body) => this.#call(`put ${key}`, () => store.put(key, body)),
      get: (key) => this.#call(`get ${key}`, () => store.get(key)),
      remove: (key) => this.#call(`remove ${key}`, () => store.remove(key)),
      list: (prefix) => this.#list(store, prefix),
    };
  }

  sender(sender: AlertSender): AlertSender {
    return { send: (alert: Alert) => this.#call(`send ${alert.id}`, () => sender.send(alert)) };
  }

  async *#list(store: StateStore, prefix: string): AsyncIterable<string> {
    const keys = await this.#call(`list ${prefix}`, async () => {
      const all: string[] = [];
      for await (const key of store.list(prefix)) all.push(key);
      return all;
    });
    yield* keys;
  }

  async #call<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return never();
    const isFaulty = this.calls.push(name) - 1 === this.at;
    if (!isFaulty) return work();
    if (this.fault === "refused") throw new Error(`${name} was refused`);
    if (this.fault === "killed before") return this.#die();
    const result = await work();
    if (this.fault === "killed after") return this.#die();
    throw new Error(`the answer to ${name} was lost: ${JSON.stringify(result)}`);
  }

  #die(): Promise<never> {
    this.#isDead = true;
    this.#onDeath();
    return never();
  }
}
