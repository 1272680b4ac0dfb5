import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Summary } from "../../../functions/invocation/summary";
import { BUNDLE, SETTINGS } from "./pipeline";

/** How an invocation ended, and the state of the process at that moment. */
export interface Ended {
  readonly summary?: Summary;
  readonly error?: string;
  /** Number of open sockets directly after the handler returned, beyond those before. */
  readonly sockets: number;
  /** What keeps the event loop alive a moment later, beyond what did before. */
  readonly resources: string[];
}

/**
 * Calls the handler once for each message, as SCF calls a warm instance. Sockets are counted in the tick in which the
 * handler's promise resolves, because SCF can freeze the process then.
 */
const DRIVER = `
const { readdirSync, readlinkSync } = require("node:fs");
const sockets = () => readdirSync("/proc/self/fd").filter((fd) => {
  try { return readlinkSync("/proc/self/fd/" + fd).startsWith("socket:"); } catch { return false; }
}).length;
const { main_handler } = require(process.argv[2]);
const { stdout, stderr } = process;
process.on("message", ({ event, context }) => {
  const before = sockets();
  const kept = [...process.getActiveResourcesInfo(), "Timeout"];
  const end = (outcome) => {
    const open = sockets() - before;
    setTimeout(() => {
      const left = process.getActiveResourcesInfo();
      for (const name of kept) if (left.includes(name)) left.splice(left.indexOf(name), 1);
      process.send({ ...outcome, sockets: open, resources: left });
    }, 20);
  };
  main_handler(event, context).then((summary) => end({ summary }), (error) => end({ error: String(error.stack) }));
});
process.on("disconnect", () => undefined);
`;

/** A warm instance of the built handler in a separate process. */
export class Instance {
  readonly #folder = mkdtempSync(join(tmpdir(), "instance-"));
  readonly #child: ChildProcess;
  /** All output of the process. */
  output = "";

  /**
   * @param environment variables of the function, in addition to its settings
   * @param files files next to the handler, by name
   * @param bundle the built handler
   */
  constructor(
    environment: Readonly<Record<string, string>>,
    settings: object = SETTINGS,
    files: Readonly<Record<string, string>> = {},
    bundle = BUNDLE,
  ) {
    const handler = join(this.#folder, "index.js");
    copyFileSync(bundle, handler);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#folder, name), text);
    const driver = join(this.#folder, "driver.js");
    writeFileSync(driver, DRIVER);
    this.#child = fork(driver, [handler], {
      cwd: this.#folder,
      env: { ...environment, LOGS_SETTINGS: JSON.stringify(settings) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  /** Runs one invocation. */
  invoke(event: object, context: object = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const exit = (code: number | null, signal: string | null) =>
        reject(new Error(`the instance ended: ${code ?? signal}`));
      this.#child.once("message", (message) => {
        this.#child.off("exit", exit);
        resolve(message as Ended);
      });
      this.#child.once("exit", exit);
      this.#child.send({ event, context });
    });
  }

  /** Stops the process, as SCF does between invocations. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  /** Kills the process if a test did not end it; also a frozen one. */
  kill(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits until the process exits because nothing keeps it alive; resolves to its exit code. */
  async end(): Promise<number | null> {
    const { stdout, stderr } = this.#child;
    const ends = [once(this.#child, "exit"), ...[stdout, stderr].map((stream) => stream && once(stream, "end"))];
    const giveUp = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    this.#child.disconnect();
    const [exit] = await Promise.all(ends);
    clearTimeout(giveUp);
    return exit?.[0] as number | null;
  }
}
