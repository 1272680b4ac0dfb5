import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { WorkerSettings } from "./worker";

/** What a worker has handled: one batch. */
interface HandledBatch {
  readonly partition: number;
  readonly startOffset: number;
  readonly numbers: readonly number[];
}

/** A worker, in a process of its own. */
export class Worker {
  readonly handled: HandledBatch[] = [];
  readonly events: Record<string, unknown>[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  /** What it said that is no line of ours. */
  said = "";

  constructor(settings: WorkerSettings, env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "worker.ts")], {
      env: { PATH: process.env.PATH, WORKER: JSON.stringify(settings), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("a worker must have pipes");
    createInterface({ input: stdout }).on("line", (line) => {
      const told = JSON.parse(line) as HandledBatch & { event?: Record<string, unknown> };
      if (told.event) this.events.push(told.event);
      else this.handled.push(told);
    });
    stderr.on("data", (text: Buffer) => (this.said += text.toString()));
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  get count(): number {
    return this.handled.length;
  }

  /** Ends it as its user does; resolves to the milliseconds that it took. Throws where it takes too long. */
  async stop(): Promise<number> {
    const started = performance.now();
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 15_000);
    const status = await this.#ended;
    clearTimeout(timer);
    const ms = performance.now() - started;
    if (status !== 0 || ms > 10_000) throw new Error(`a worker must leave within 10 s, took ${ms} ms, status ${status}: ${this.said}`); // prettier-ignore
    return ms;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Nothing of it runs until it is let go on. */
  hang(): void {
    this.#child.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child.kill("SIGCONT");
  }
}

/** What the same story is told with: a broker, or CLS. */
export interface Stage {
  /** Sends records with these numbers. */
  produce(from: number, count: number): Promise<void>;
  worker(consumer: string): Worker;
  /** Is away for a moment. */
  restart(): Promise<void>;
  readonly sessionSeconds: number;
}

/** What came of it. */
export interface Told {
  readonly records: number;
  readonly twice: number;
  /** Longest time in which nothing was handled while there was something, in milliseconds. */
  readonly leaveMs: number;
}

/**
 * Three processes share six partitions; one is killed, one is stopped, one is added, one hangs for longer than its session,
 * and the service restarts. Throws where a record is skipped.
 */
export async function tellStory(stage: Stage): Promise<Told> {
  const workers = ["one", "two", "three"].map((consumer) => stage.worker(consumer));
  const [one, two, three] = workers;
  let sent = 0;
  const state = { isOver: false };
  const sending = (async () => {
    while (!state.isOver) {
      await stage.produce(sent, 60);
      sent += 60;
      await wait(100);
    }
  })();
  try {
    await until(() => workers.every(({ count }) => count > 2), "all three must get records", workers);
    await one.kill();
    await atWorkAgain([two, three], stage, workers);
    const leaveMs = await two.stop();
    const four = stage.worker("four");
    workers.push(four);
    await until(() => four.count > 2, "the added one must get records", workers);
    three.hang();
    await wait((stage.sessionSeconds + 4) * 1000);
    three.goOn();
    await atWorkAgain([three, four], stage, workers);
    await stage.restart();
    await atWorkAgain([three, four], stage, workers);
    state.isOver = true;
    await sending;
    await until(
      () => seenBy(workers).size >= sent,
      "every record must be handled",
      workers,
      60_000,
      () => sent,
    );
    await Promise.all([three.stop(), four.stop()]);
    const all = workers.flatMap(({ handled }) => handled.flatMap(({ numbers }) => numbers));
    return { records: sent, twice: all.length - sent, leaveMs };
  } finally {
    state.isOver = true;
    await sending.catch(() => undefined);
    for (const worker of workers) worker.goOn();
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

async function atWorkAgain(of: readonly Worker[], { sessionSeconds }: Stage, all: readonly Worker[]): Promise<void> {
  await wait(sessionSeconds * 500);
  const before = of.map(({ count }) => count);
  await until(() => of.every(({ count }, index) => count > before[index] + 2), "those that are left must go on", all);
}

function seenBy(workers: readonly Worker[]): Set<number> {
  return new Set(workers.flatMap(({ handled }) => handled.flatMap(({ numbers }) => numbers)));
}

async function until(
  holds: () => boolean,
  what: string,
  workers: readonly Worker[],
  timeoutMs = 60_000,
  sent?: () => number,
): Promise<void> {
  for (const started = Date.now(); !holds(); await wait(100)) {
    if (Date.now() - started < timeoutMs) continue;
    const seen = seenBy(workers);
    const missing = Array.from({ length: sent?.() ?? 0 }, (_, number) => number).filter((number) => !seen.has(number));
    const said = workers.map(
      ({ said, events, count }) => `${count} batches; ${said}${JSON.stringify(events.slice(-6))}`,
    );
    throw new Error(`${what}; ${missing.length} records are missing: ${missing.slice(0, 10)}\n${said.join("\n")}`);
  }
}
