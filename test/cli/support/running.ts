import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** Created by `npm run build`, which `npm test` runs first. */
const MAIN = join(__dirname, "../../../dist/cli/main.js");

/** One run of a long-running command. */
export class Running {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  /** @param isDiskFull whether writing to any file fails */
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

  /** Stops it as its user does. */
  stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }

  /** Kills it, as when its machine fails. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  /** Waits until its stderr matches; resolves to the first group. */
  async said(what: RegExp): Promise<string> {
    for (const started = Date.now(); ; await wait(50)) {
      const found = what.exec(this.stderr);
      if (found) return found[1] ?? found[0];
      if (Date.now() - started > 20_000) throw new Error(`it must say ${what.source}, said: ${this.stderr}`);
    }
  }

  /** Waits until a condition holds, by default for at most half a minute. */
  async until(holds: () => Promise<boolean> | boolean, what: string, mostMs = 0): Promise<void> {
    for (const started = Date.now(); !(await holds()); await wait(50)) {
      if (Date.now() - started > Math.max(30_000, mostMs))
        throw new Error(`${what} must come about; it said ${this.stderr}${this.stdout}`);
    }
  }
}
