import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalCloud } from "../../local";
import { UserError } from "../../terminal/user-error";

/** Milliseconds for the process to get its partitions, to handle what was written, and to leave. */
const START_MS = 30_000;
const HANDLED_MS = 30_000;
const LEAVE_MS = 15_000;

/** The part of a definition that is read. */
interface Definition {
  readonly sources: Readonly<Record<string, { readonly topic: string; readonly form?: string }>>;
  readonly receivers: Readonly<Record<string, { readonly url: { readonly env: string } }>>;
}

/** Options of the process. */
interface ProcessOptions {
  /** The command's file. */
  readonly main: string;
  readonly definition: string;
  readonly cloud: LocalCloud;
  /** Address of all receivers. */
  readonly url: string;
  readonly signal: AbortSignal;
}

/** The definition of a stack's monitor, as `terraform output -raw definition` prints it. */
export function writtenDefinition(cloud: LocalCloud): string {
  const { definition } = cloud.outputs;
  if (typeof definition === "string") return definition;
  throw new UserError(
    "stack must have an output definition with the value of LogMonitor.definition, got none; add it to the example",
  );
}

/** `tencent-logs monitor run` in a separate process, with the key of the account's owner. */
export class MonitorProcess {
  /** Names of the topics that it pulls. */
  readonly topics: readonly string[];
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private errors = "";
  private address: string | undefined;

  private constructor({ main, definition, cloud, url }: ProcessOptions) {
    const { sources, receivers } = JSON.parse(readFileSync(definition, "utf8")) as Definition;
    const pulled = Object.values(sources).filter(({ form }) => form === "pull");
    this.topics = pulled.map(({ topic }) => cloud.topic(topic).name);
    const { secretId, secretKey } = cloud.cam.ownerKey;
    this.child = spawn(process.execPath, [main, "monitor", "run", definition], {
      env: {
        ...process.env,
        ...Object.fromEntries(Object.values(receivers).map(({ url: { env } }) => [env, url])),
        TENCENTCLOUD_SECRET_ID: secretId,
        TENCENTCLOUD_SECRET_KEY: secretKey,
        TENCENTCLOUD_SECURITY_TOKEN: "",
        COS_ENDPOINT: cloud.endpoint,
        CLS_ENDPOINT: cloud.endpoint,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
      this.address ??= /listens: (http:\/\/127\.0\.0\.1:\d+)/.exec(this.errors)?.[1];
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Starts it, and resolves when it has its partitions. */
  static async start(options: ProcessOptions): Promise<MonitorProcess> {
    const process = new MonitorProcess(options);
    const isReady = async (): Promise<boolean> => (await process.fetch("/ready"))?.ok ?? false;
    try {
      await process.until(isReady, "have its partitions", START_MS, options.signal);
    } catch (error) {
      process.kill();
      throw error;
    }
    return process;
  }

  /** Resolves when it has handled that many records, and committed its positions. */
  handled(records: number, signal: AbortSignal): Promise<void> {
    const areHandled = async (): Promise<boolean> => {
      const metrics = (await (await this.fetch("/metrics"))?.text()) ?? "";
      const counts = [...metrics.matchAll(/^tencent_logs_records_total\{.*\} (\d+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0) >= records;
    };
    return this.until(areHandled, `handle ${records} records`, HANDLED_MS, signal);
  }

  /** Ends it like a service manager. */
  async end(): Promise<void> {
    this.child.kill("SIGTERM");
    const status = await Promise.race([this.ended, sleep(LEAVE_MS, "hangs" as const, { ref: false })]);
    if (status !== 0) throw this.failure("leave in order", String(status));
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private async fetch(path: string): Promise<Response | undefined> {
    return this.address === undefined ? undefined : fetch(this.address + path);
  }

  private async until(holds: () => Promise<boolean>, what: string, most: number, signal: AbortSignal): Promise<void> {
    for (const started = performance.now(); !(await holds().catch(() => false));) {
      signal.throwIfAborted();
      const status = await Promise.race([this.ended, sleep(50, "runs" as const)]);
      if (status !== "runs") throw this.failure(what, `exit status ${status}`);
      if (performance.now() - started > most) throw this.failure(what, `nothing for ${most / 1000} s`);
    }
  }

  private failure(what: string, got: string): UserError {
    return new UserError(`tencent-logs monitor run must ${what}, got ${got}: ${this.errors.trim()}`);
  }
}
