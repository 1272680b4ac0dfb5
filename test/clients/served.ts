import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const COMMAND = join(__dirname, "../../dist/cli/main.js");

/** What `tencent-logs local --serve --json` prints. */
interface Told {
  readonly appId: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The local cloud as users start it, in a process of its own, with a stack in it. */
export class Served {
  private constructor(
    private readonly child: ChildProcess,
    private readonly told: Told,
  ) {}

  static async start(stackFolder: string): Promise<Served> {
    const child = spawn(process.execPath, [COMMAND, "local", "--serve", stackFolder, "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return new Served(child, JSON.parse(line) as Told);
  }

  get appId(): string {
    return this.told.appId;
  }

  get region(): string {
    return this.told.region;
  }

  /** For a client's process: what the command printed, and of the machine's variables where programs and a home are. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
    return { PATH: process.env.PATH, HOME: process.env.HOME, APP_ID: this.appId, ...this.told.environment, ...more };
  }

  async stop(): Promise<void> {
    const closed = once(this.child, "close");
    this.child.kill("SIGINT");
    const [status] = (await closed) as [number | null];
    if (status !== 0) throw new Error(`local --serve must end with 0, got ${status}`);
  }
}
