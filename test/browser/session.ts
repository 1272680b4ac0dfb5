import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

type Feeds = Readonly<Record<string, readonly string[]>>;

/** A command with a live page, as a user runs it. */
export class Session {
  readonly #child: ChildProcess;
  said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
  }

  /** `tencent-logs dev --open` on an example. @param feeds lines by the topic that they are fed into */
  static start(example: string, folder: string, feeds: Feeds = {}): Session {
    return Session.startApp(join(ROOT, "dist/examples", example, "main.js"), folder, feeds);
  }

  /** @param main the app's file */
  static startApp(main: string, folder: string, feeds: Feeds): Session {
    mkdirSync(folder, { recursive: true });
    const flags = Object.entries(feeds).flatMap(([topic, lines]) => {
      writeFileSync(join(folder, `${topic}.log`), `${lines.join("\n")}\n`);
      return ["--feed", `${topic}=${topic}.log`];
    });
    const app = `"${process.execPath}" "${main}"`;
    return Session.run(["dev", "--open", "--app", app, ...flags], folder, { ...process.env, BROWSER: "none" });
  }

  static run(args: readonly string[], folder: string, env: NodeJS.ProcessEnv): Session {
    mkdirSync(folder, { recursive: true });
    return new Session(spawn(process.execPath, [join(ROOT, "dist/cli/main.js"), ...args], { cwd: folder, env }));
  }

  /** The address of the page, once it is told. */
  async address(): Promise<string> {
    for (const started = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const address = /^page: (\S+)/m.exec(this.said)?.[1];
      if (address) return address;
      if (Date.now() - started > 60_000 || this.#child.exitCode !== null)
        throw new Error(`no page was told: ${this.said}`);
    }
  }

  /** A command, as one types it. */
  type(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }
}

/** Lines of an access log: each tenth is slow or failed, some are no JSON, and some are hostile. */
export function accessLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    if (index % 50 === 49) return "nginx: worker process is shutting down";
    const path = index % 25 === 24 ? '/<img src=x onerror="alert(1)">' : `/api/orders/${index}`;
    const status = index % 10 === 9 ? "502" : "200";
    const request = {
      remote_addr: "203.0.113.9",
      method: "GET",
      path,
      status,
      request_time: "0.120",
      user_agent: "curl/8.5.0",
    };
    return JSON.stringify({ time: Date.UTC(2026, 0, 15, 8) + index, ...request });
  });
}
