import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** As `npm run build`, which `npm test` calls first, leaves it. */
const MAIN = join(__dirname, "../../../dist/cli/main.js");

/** One run of a command that lives for long. */
export class Running {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  /** @param isDiskFull whether no file takes a byte of it */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, cwd: string, isDiskFull = false) {
    const command = [process.execPath, MAIN, ...args];
    const [file, ...rest] = isDiskFull ? ["bash", "-c", 'ulimit -f 0; exec "$@"', "bash", ...command] : command;
    this.#child = spawn(file, rest, { env: { PATH: process.env.PATH, ...env }, cwd });
    this.#child.stdout?.on("data", (text: Buffer) => (this.stdout += text.toString()));
    this.#child.stderr?.on("data", (text: Buffer) => (this.stderr += text.toString()));
    this.ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends it as its user does. */
  stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }

  /** Ends it as a machine that fails. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** Waits until it has said something on stderr; resolves to the first group of it. */
  async said(what: RegExp): Promise<string> {
    for (const started = Date.now(); ; await wait(50)) {
      const found = what.exec(this.stderr);
      if (found) return found[1] ?? found[0];
      if (Date.now() - started > 20_000) throw new Error(`it must say ${what.source}, said: ${this.stderr}`);
    }
  }

  /** Waits until something holds, for half a minute unless more is given. */
  async until(holds: () => Promise<boolean> | boolean, what: string, mostMs = 0): Promise<void> {
    for (const started = Date.now(); !(await holds()); await wait(50)) {
      if (Date.now() - started > Math.max(30_000, mostMs))
        throw new Error(`${what} must come about; it said ${this.stderr}${this.stdout}`);
    }
  }
}
