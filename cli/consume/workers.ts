import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { availableParallelism, freemem } from "node:os";
import { LinkedAbort } from "../../functions/runtime/linked-abort";
import { matching } from "../../terminal/flags";
import type { Operated, Report } from "../operate/process";

/** Memory of a worker in bytes, the same as for a function of 256 MB. */
const WORKER_BYTES = 256 * 1024 * 1024;

/** Milliseconds before a worker that exited is restarted. */
const AGAIN_MS = 2_000;

/**
 * Milliseconds without a report, which is sent every second, after which a worker counts as hanging: the same as for
 * `/live`.
 */
const HUNG_MS = 60_000;

/** Milliseconds that workers have to leave; a stopped one can only be killed. */
const LEAVING_MS = 9_000;

/** Number of workers: `auto` is as many as CPUs and memory allow and partitions need. */
export function workersOf(flag: string, partitions: number): number {
  const text = matching("--workers", flag, /^(auto|[1-9]\d?)$/, "must be auto, or 1 to 99");
  if (text !== "auto") return Number(text);
  return Math.max(1, Math.min(partitions, availableParallelism(), Math.floor(freemem() / WORKER_BYTES)));
}

/** Message of a worker to its parent, other than reports: it cannot continue, and a restart would not help. */
interface Final {
  readonly final: string;
}

/** Tells a worker's parent not to restart it. No effect in a process that is not a worker. */
export async function tellParentFinal(reason: string): Promise<void> {
  if (!process.connected) return;
  await new Promise<void>((resolve) => process.send?.({ final: reason } satisfies Final, () => resolve()));
}

/** Options of workers. */
export interface WorkersOptions {
  /** Script of the command. @default that of this process */
  readonly script?: string;
  readonly hungMs?: number;
  readonly againMs?: number;
  readonly leavingMs?: number;
}

/** Processes that share the work, each as a member of the group. */
export class Workers {
  readonly #children = new Set<ChildProcess>();
  readonly #reports = new Map<number, Report>();
  readonly #args: readonly string[];
  readonly #operated: Operated;
  readonly #options: Required<WorkersOptions>;

  /** @param args command line of each */
  constructor(args: readonly string[], operated: Operated, options: WorkersOptions = {}) {
    this.#args = args;
    this.#operated = operated;
    this.#options = { script: process.argv[1], hungMs: HUNG_MS, againMs: AGAIN_MS, leavingMs: LEAVING_MS, ...options };
    operated.tellFor(() => [...this.#reports.values()]);
  }

  /**
   * Resolves to the exit status when all have left, or have completed their work. A worker that exits otherwise, or
   * hangs, is restarted, unless it reports that no worker can continue: then the others leave.
   */
  async run(count: number, signal: AbortSignal): Promise<number> {
    const leaving = new LinkedAbort(signal);
    const kill = (how: NodeJS.Signals): void => this.#children.forEach((child) => child.kill(how));
    const stop = (): void => {
      kill("SIGTERM");
      setTimeout(kill, this.#options.leavingMs, "SIGKILL").unref();
    };
    leaving.signal.addEventListener("abort", stop, { once: true });
    const statuses = await Promise.all(Array.from({ length: count }, (_, index) => this.#keep(index, leaving)));
    leaving.release();
    return statuses.find((status) => status !== 0) ?? 0;
  }

  async #keep(index: number, leaving: LinkedAbort): Promise<number> {
    const { signal } = leaving;
    for (;;) {
      const { status, final } = await this.#live(index);
      this.#reports.delete(index);
      if (final !== undefined) {
        this.#operated.say(`worker ${index + 1} failed for good, stopping the others: ${final}`);
        leaving.abort(new Error(final));
        return 1;
      }
      // 2: the command line is wrong, so a restart does not help.
      if (signal.aborted || status === 0 || status === 2) return status ?? 1;
      this.#operated.say(`worker ${index + 1} exited with ${status ?? "a signal"}; starting another`);
      await wait(this.#options.againMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return 1;
    }
  }

  #live(index: number): Promise<{ readonly status: number | null; readonly final?: string }> {
    const { script, hungMs } = this.#options;
    const child = fork(script, [...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#children.add(child);
    let final: string | undefined;
    const end = (): void => {
      this.#operated.say(`worker ${index + 1} has not responded for ${Math.round(hungMs / 1000)} s; killing it`);
      // A stopped process handles no other signal.
      child.kill("SIGKILL");
    };
    const timer = setTimeout(end, hungMs);
    child.on("message", (message: Report | Final) => {
      timer.refresh();
      if ("final" in message) final = message.final;
      else this.#reports.set(index, message);
    });
    return new Promise((resolve) => {
      const ended = (status: number | null): void => {
        clearTimeout(timer);
        this.#children.delete(child);
        resolve({ status, final });
      };
      child.once("error", () => ended(1));
      child.once("exit", ended);
    });
  }
}
