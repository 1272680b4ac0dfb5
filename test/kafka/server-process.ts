import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds that a server may take to be there: a busy machine takes long. */
const START_MS = 180_000;

/** A server that a test starts on loopback, and ends. */
export class ServerProcess {
  private said = "";
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private isEnded = false;

  constructor(program: string, args: readonly string[], cwd: string) {
    this.child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const hear = (text: Buffer): void => void (this.said = (this.said + text.toString()).slice(-8_000));
    this.child.stdout?.on("data", hear);
    this.child.stderr?.on("data", hear);
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve(void (this.isEnded = true))));
  }

  /** Resolves when it takes connections. */
  async listens(port: number): Promise<void> {
    await this.until(() => isOpen(port), `listen on ${port}`);
  }

  /** Waits for something of a server that begins; throws what it wrote where it ends, or takes too long. */
  async until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const started = Date.now(); !(await holds()); await wait(200)) {
      if (!this.isEnded && Date.now() - started < START_MS) continue;
      await this.stop();
      throw new Error(`the server must ${what}, got nothing:\n${this.said}`);
    }
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    await this.ended;
    clearTimeout(timer);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}
