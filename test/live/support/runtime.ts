import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export type Language = "node" | "python";

/** How an invocation ended. */
export interface Outcome {
  readonly type: "ready" | "broken" | "done" | "exit";
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly name: string };
  /** Duration of the handler in milliseconds, as seen by its runtime. */
  readonly ms: number;
  /** `callbackWaitsForEmptyEventLoop` afterwards. */
  readonly waits?: boolean;
}

const DIST = join(__dirname, "../../../dist");

/** Timeout for an outcome in milliseconds. */
const PATIENCE_MS = 20_000;

/** Whether this machine has Python; otherwise tests of Python report it prominently. */
export const python: { readonly path?: string } =
  spawnSync("python3", ["-c", "import sys; assert sys.version_info >= (3, 6)"]).status === 0 ? { path: "python3" } : {};

/** `describe`, or a notice if the machine has no Python. */
export const describePython = python.path ? describe : describeNotRun;

function describeNotRun(name: string): void {
  process.stderr.write(`${name} NOT RUN: this machine has no python3, 3.6 or newer\n`);
  describe.skip(name, () => it("needs python3", () => undefined));
}

export interface RuntimeOptions {
  readonly language: Language;
  /** The user's own file, `index.js` or `index.py`. */
  readonly code: string;
  /** Without the variables of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the reporter is included. @default true */
  readonly isWrapped?: boolean;
  /** The Node binary that runs a Node function. @default that of this process */
  readonly execPath?: string;
}

/** One instance of a function in a separate process: the user's file and the reporter's, as in a zip. */
export class Runtime {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #outcomes: Outcome[] = [];
  readonly #chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly #closed: Promise<void>;
  #waiting: ((outcome: Outcome) => void) | undefined;
  #requests = 0;

  constructor({ language, code, environment, isWrapped = true, execPath = process.execPath }: RuntimeOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), "live-function-"));
    const env = { PATH: process.env.PATH ?? "", HOME: this.#folder, ...environment };
    if (language === "node") {
      writeFileSync(join(this.#folder, "index.js"), code);
      cpSync(join(DIST, "parts/live.js"), join(this.#folder, "logs-live.js"));
      const handler = isWrapped ? "logs-live.main_handler" : "index.main_handler";
      this.#child = fork(join(__dirname, "node-runtime.js"), [handler], {
        cwd: this.#folder,
        env,
        execArgv: [],
        execPath,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      this.#child.on("message", (message) => this.#arrived(message as Outcome));
    } else {
      writeFileSync(join(this.#folder, "index.py"), code);
      cpSync(join(DIST, "live/logs.py"), join(this.#folder, "logs.py"));
      const handler = isWrapped ? "logs.main_handler" : "index.main_handler";
      this.#child = spawn(python.path ?? "python3", [join(__dirname, "python_runtime.py"), handler], {
        cwd: this.#folder,
        env: { PYTHONDONTWRITEBYTECODE: "1", LC_ALL: "C.UTF-8", ...env },
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      });
      const answers = createInterface({ input: this.#child.stdio[4] as NodeJS.ReadableStream });
      answers.on("line", (line) => this.#arrived(JSON.parse(line) as Outcome));
      (this.#child.stdio[3] as Writable).on("error", () => undefined);
    }
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#chunks.stdout.push(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#chunks.stderr.push(chunk));
    this.#closed = new Promise((resolve) => {
      this.#child.once("close", () => {
        resolve();
        this.#arrived({ type: "exit", ms: 0 });
      });
    });
  }

  /** Its output in order, without the reporter's own error messages. */
  output(stream: "stdout" | "stderr"): string {
    return Buffer.concat(this.#chunks[stream])
      .toString("latin1")
      .replaceAll(this.#folder, "/var/user")
      .replace(/^LOGS_LIVE: .*\n/gm, "");
  }

  /** The reporter's own error messages. */
  trouble(): string[] {
    return (
      Buffer.concat(this.#chunks.stderr)
        .toString()
        .match(/^LOGS_LIVE: .*$/gm) ?? []
    );
  }

  /** Resolves when the code is loaded, or failed to load. */
  loaded(): Promise<Outcome> {
    return this.#next();
  }

  async invoke(event: unknown = {}, context: object = {}): Promise<Outcome> {
    const call = {
      event,
      context: {
        callbackWaitsForEmptyEventLoop: true,
        request_id: `request-${++this.#requests}`,
        function_name: "orders",
        namespace: "default",
        function_version: "$LATEST",
        ...context,
      },
    };
    if (this.#child.send) this.#child.send(call);
    else (this.#child.stdio[3] as Writable).write(`${JSON.stringify(call)}\n`);
    return this.#next();
  }

  /** Freezes the process, as SCF does between invocations. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Resolves when the process has exited. */
  ended(): Promise<void> {
    return this.#closed;
  }

  #arrived(outcome: Outcome): void {
    if (!this.#waiting) return void this.#outcomes.push(outcome);
    this.#waiting(outcome);
    this.#waiting = undefined;
  }

  async #next(): Promise<Outcome> {
    const arrived = this.#outcomes.shift();
    if (arrived) return arrived;
    const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no outcome within ${PATIENCE_MS} ms; stderr: ${Buffer.concat(this.#chunks.stderr).toString()}`);
    });
    return Promise.race([new Promise<Outcome>((resolve) => (this.#waiting = resolve)), late]);
  }
}
