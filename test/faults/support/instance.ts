import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Summary } from "../../../functions/invocation/summary";
import { BUNDLE, SETTINGS } from "./pipeline";

/** How an invocation ended, and what the process held at that moment. */
export interface Ended {
  readonly summary?: Summary;
  readonly error?: string;
  /** Sockets that the process had open, beyond those it had before, when the handler had just returned. */
  readonly sockets: number;
  /** What keeps the event loop alive a moment later, beyond what did before. */
  readonly resources: string[];
}

/**
 * Calls the handler once a message, as SCF calls a warm instance. Sockets are counted in the same tick in which the
 * handler's promise resolves: SCF may freeze the process then.
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

/** A warm instance of the built handler: a process of its own. */
export class Instance {
  readonly #folder = mkdtempSync(join(tmpdir(), "instance-"));
  readonly #child: ChildProcess;
  /** All that the process wrote. */
  output = "";

  /**
   * @param environment the variables of the function, beside its settings
   * @param files what stands beside the handler, by name
   */
  constructor(
    environment: Readonly<Record<string, string>>,
    settings: object = SETTINGS,
    files: Readonly<Record<string, string>> = {},
  ) {
    const handler = join(this.#folder, "index.js");
    copyFileSync(BUNDLE, handler);
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

  /** Stops the process where it is, as SCF does between invocations. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  /** Ends the process where a test did not; what is frozen ends too. */
  kill(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits for the process to end of itself, which it does when nothing keeps it; resolves to its exit code. */
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
