import type { StateStore } from "../../../../monitor";

/** A store like COS: a recent write is visible by its key, but not in lists. */
export class LateLists implements StateStore {
  readonly #writtenAt = new Map<string, number>();

  /** @param lateMs maximum delay until lists show new objects, and hide removed ones */
  constructor(
    private readonly store: StateStore,
    private readonly now: () => number,
    private readonly lateMs: () => number,
  ) {}

  async create(key: string, body: string): Promise<"created" | "exists"> {
    const result = await this.store.create(key, body);
    if (result === "created") this.#writtenAt.set(key, this.now());
    return result;
  }

  async put(key: string, body: string): Promise<void> {
    if ((await this.store.get(key)) === undefined) this.#writtenAt.set(key, this.now());
    await this.store.put(key, body);
  }

  get(key: string): Promise<string | undefined> {
    return this.store.get(key);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const key of this.store.list(prefix)) {
      if (this.now() - (this.#writtenAt.get(key) ?? 0) >= this.lateMs()) yield key;
    }
  }

  remove(key: string): Promise<void> {
    return this.store.remove(key);
  }
}
