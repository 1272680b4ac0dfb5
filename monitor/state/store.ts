/**
 * Where claims and counts lie: few small objects, named by what they are about. COS in the field
 * (`functions/monitor/cos-store.ts`), memory on a laptop.
 */
export interface StateStore {
  /** Writes an object unless there is one: of several that try at once, one creates it. */
  create(key: string, body: string): Promise<"created" | "exists">;
  /** Writes an object, over one that is there. */
  put(key: string, body: string): Promise<void>;
  /** Undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  /** Keys below a prefix, in order; what was written a moment ago may be missing. */
  list(prefix: string): AsyncIterable<string>;
  /** Removes an object; one that is not there is removed. */
  remove(key: string): Promise<void>;
}
