import type { FoundFunction } from "./functions";
import type { TailError } from "./tail-error";
import { keepWatching, type WatchOptions } from "./watch";

/** The flags that a tail maintains, by function. */
export class Watches {
  readonly #endings = new Map<string, AbortController>();

  /** Starts watching a function, or applies its new settings; no effect without a live log. */
  begin(key: string, one: FoundFunction, options: Omit<WatchOptions, "signal">): Promise<void> | undefined {
    this.end(key);
    if (!one.live) return undefined;
    const ending = new AbortController();
    this.#endings.set(key, ending);
    return keepWatching(one, one.live, { ...options, signal: ending.signal });
  }

  end(key: string): void {
    this.#endings.get(key)?.abort(new Error("the function is watched no more"));
    this.#endings.delete(key);
  }

  endAll(): void {
    for (const key of [...this.#endings.keys()]) this.end(key);
  }
}

/** The message if a flag cannot be written. */
export function notWatched({ function: name }: FoundFunction, error: TailError): [code: string, message: string] {
  const code = error.code === "DENIED" ? "MAY_NOT_WATCH" : error.code;
  const rest = "only its lines in SCF's own log are shown, unless somebody else tails it";
  return [code, `cannot turn on live lines of ${name}: ${error.message}; ${rest}`];
}
