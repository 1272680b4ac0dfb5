import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { DevEvent } from "../../../../cli/dev/events";

/** Maximum time of an event: on a very busy machine, running the app takes a minute. */
const TIMEOUT_MS = 180_000;

/** `tencent-logs dev --json` in a separate process, controlled as a program does. End it after use. */
export class DevProcess {
  private readonly events: DevEvent[] = [];
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<unknown[]>;
  private errors = "";
  private onEvent: () => void = () => undefined;
  /** Number of events that were waited for. */
  private seen = 0;

  /** @param command file of the built command, relative to the project's folder */
  constructor(project: string, command: string, ...args: readonly string[]) {
    this.child = spawn(process.execPath, [command, "dev", "--json", ...args], { cwd: project });
    this.closed = once(this.child, "close");
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.events.push(JSON.parse(line) as DevEvent);
      this.onEvent();
    });
  }

  /** Writes a line to its standard input. */
  say(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** The next event of that type that meets a condition, after the last one that was waited for. */
  async next<T extends DevEvent["type"]>(
    type: T,
    holds: (event: Extract<DevEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<DevEvent, { type: T }>> {
    type Wanted = Extract<DevEvent, { type: T }>;
    const find = (): number => {
      return this.events.findIndex((event, at) => at >= this.seen && event.type === type && holds(event as Wanted));
    };
    const deadline = Date.now() + TIMEOUT_MS;
    while (find() < 0) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        const last = this.events.slice(-5).map((event) => JSON.stringify(event).slice(0, 500));
        throw new Error(`dev must tell of ${type}, got at last ${last.join("\n")}\n${this.errors}`);
      }
      await new Promise<void>((resolve) => {
        this.onEvent = resolve;
        setTimeout(resolve, 200);
      });
    }
    this.seen = find() + 1;
    return this.events[this.seen - 1] as Wanted;
  }

  /** Quits it; resolves to its exit status. */
  async end(): Promise<unknown> {
    this.say("quit");
    const [status] = await this.closed;
    return status;
  }

  /** Waits until it exits; resolves to its exit status. */
  async ended(): Promise<unknown> {
    const [status] = await this.closed;
    return status;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
