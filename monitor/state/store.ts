/**
 * Where claims and counts are stored: a few small objects, named by their subject. In production COS
 * (`functions/monitor/cos-store.ts`), locally memory.
 */
export interface StateStore {
  /** Writes an object unless it exists. Of several concurrent calls, only one creates it. */
  create(key: string, body: string): Promise<"created" | "exists">;
  /** Writes an object, or overwrites it. */
  put(key: string, body: string): Promise<void>;
  /** Undefined if it does not exist. */
  get(key: string): Promise<string | undefined>;
  /** Keys below a prefix, in order. Recently written keys may be missing. */
  list(prefix: string): AsyncIterable<string>;
  /** Removes an object, if it exists. */
  remove(key: string): Promise<void>;
}
