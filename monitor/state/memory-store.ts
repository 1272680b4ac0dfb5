import type { StateStore } from "./store";

/** Stores the state in this process only, for local runs and trials. */
export class MemoryStore implements StateStore {
  readonly #objects = new Map<string, string>();

  get size(): number {
    return this.#objects.size;
  }

  async create(key: string, body: string): Promise<"created" | "exists"> {
    if (this.#objects.has(key)) return "exists";
    this.#objects.set(key, body);
    return "created";
  }

  async put(key: string, body: string): Promise<void> {
    this.#objects.set(key, body);
  }

  async get(key: string): Promise<string | undefined> {
    return this.#objects.get(key);
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async remove(key: string): Promise<void> {
    this.#objects.delete(key);
  }
}
