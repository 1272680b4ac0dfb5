import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { availableParallelism, freemem } from "node:os";
import { matching } from "../../terminal/flags";
import type { Operated, Report } from "../operate/process";

/** Memory that a worker takes, in bytes, as a function of 256 MB does. */
const WORKER_BYTES = 256 * 1024 * 1024;

/** Milliseconds before a worker that ended is begun anew. */
const AGAIN_MS = 2_000;

/** How many workers: `auto` is as many as processors and memory allow and partitions need. */
export function workersOf(flag: string, partitions: number): number {
  const text = matching("--workers", flag, /^(auto|[1-9]\d?)$/, "must be auto, or 1 to 99");
  if (text !== "auto") return Number(text);
  return Math.max(1, Math.min(partitions, availableParallelism(), Math.floor(freemem() / WORKER_BYTES)));
}

/** Processes that share the work, as members of one group each. */
export class Workers {
  readonly #children = new Set<ChildProcess>();
  readonly #reports = new Map<number, Report>();
  readonly #args: readonly string[];
  readonly #operated: Operated;

  /** @param args of the command line of each */
  constructor(args: readonly string[], operated: Operated) {
    this.#args = args;
    this.#operated = operated;
    operated.tellFor(() => [...this.#reports.values()]);
  }

  /** Resolves to the exit status, when all have left, or are through; one that ends otherwise is begun anew. */
  async run(count: number, signal: AbortSignal): Promise<number> {
    const stop = (): void => this.#children.forEach((child) => child.kill("SIGTERM"));
    signal.addEventListener("abort", stop, { once: true });
    const statuses = await Promise.all(Array.from({ length: count }, (_, index) => this.#keep(index, signal)));
    signal.removeEventListener("abort", stop);
    return statuses.find((status) => status !== 0) ?? 0;
  }

  async #keep(index: number, signal: AbortSignal): Promise<number> {
    for (;;) {
      const status = await this.#live(index);
      this.#reports.delete(index);
      // 2: the command line is wrong, for all times.
      if (signal.aborted || status === 0 || status === 2) return status ?? 1;
      this.#operated.say(`worker ${index + 1} ended with ${status ?? "a signal"}; another begins`);
      await wait(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return 1;
    }
  }

  #live(index: number): Promise<number | null> {
    const child = fork(process.argv[1], [...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#children.add(child);
    child.on("message", (report) => void this.#reports.set(index, report as Report));
    return new Promise((resolve) => {
      child.once("error", () => resolve(1));
      child.once("exit", (status) => {
        this.#children.delete(child);
        resolve(status);
      });
    });
  }
}
