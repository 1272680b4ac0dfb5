import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LineEvent, TailEvent } from "../../../cli/tail/events";

/** Created by `npm run build`, which `npm test` runs first. */
const MAIN = join(__dirname, "../../../dist/cli/main.js");

/** Timeout of a test's condition in milliseconds. */
const PATIENCE_MS = 20_000;

/** Whether this machine supports pseudo-terminals. */
export const hasTerminals = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Runs its arguments in a pseudo-terminal, and passes on the output. */
const IN_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/** `it`, or a notice if the machine has no pseudo-terminals. */
export const itOnTerminal: jest.It = hasTerminals ? it : notRun();

function notRun(): jest.It {
  process.stderr.write("tests on a terminal NOT RUN: this machine has no python3 with pty\n");
  return it.skip as unknown as jest.It;
}

export interface TailOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it runs on a pseudo-terminal. @default false */
  readonly onTerminal?: boolean;
}

/** A running `tencent-logs tail`. */
export class Tail {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], { environment, onTerminal = false }: TailOptions) {
    const command = [process.execPath, MAIN, "tail", ...args];
    const [program, ...rest] = onTerminal ? ["python3", "-c", IN_TERMINAL, ...command] : command;
    this.child = spawn(program, rest, { env: { ...environment }, stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.on("close", resolve));
  }

  /** Its events, if it runs with `--json`. */
  get events(): TailEvent[] {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf("\n") + 1);
    return whole.split("\n").filter(Boolean).map((line) => JSON.parse(line) as TailEvent); // prettier-ignore
  }

  /** The function lines that it has shown, in order. */
  get lines(): LineEvent[] {
    return this.events.filter((event): event is LineEvent => event.type === "line" || event.type === "late");
  }

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }

  /** Waits until a condition holds. */
  async until(what: string, holds: (tail: this) => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    for (const startedAt = Date.now(); !holds(this); await sleep(20)) {
      if (Date.now() - startedAt < patienceMs && this.child.exitCode === null) continue;
      if (holds(this)) return;
      throw new Error(`the tail must show ${what}, got\n${this.stdout}\n${this.stderr}`);
    }
  }

  /** Waits until it reads: its functions are found. */
  tailing(count = 1): Promise<void> {
    return this.until(
      "what it reads",
      ({ stdout, stderr }) => `${stdout}${stderr}`.split(/"tailing"|SCF's own log\n?/).length > count,
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it like Ctrl-C; resolves to its exit status. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null) this.child.kill("SIGINT");
    return this.ended;
  }
}
