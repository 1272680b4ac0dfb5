import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LocalCloud } from "../../local/cloud";
import type { Topic } from "../../local/cls/topic";

/** A log as the vendor's consumer hands it to its user. */
export interface ConsumedLog {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly contents: Readonly<Record<string, string>>;
  readonly source: string;
}

/** How a worker is set up. */
export interface ConsumerSettings {
  readonly group: string;
  readonly consumer: string;
  readonly from?: string;
  readonly until?: string;
  readonly query?: string;
}

/** What workers run in. */
export interface ConsumerHost {
  readonly python: string;
  readonly cloud: LocalCloud;
  /** The proxy that leads to the cloud. */
  readonly proxy: string;
  readonly topic: Topic;
}

/** One worker of the vendor's consumer, in a process of its own. */
export class Consumer {
  readonly logs: ConsumedLog[] = [];
  /** What it said: warnings of the vendor's code. */
  said = "";
  /** Resolves to the exit status when the process has ended and all that it printed is read. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor({ python, cloud, proxy, topic }: ConsumerHost, settings: ConsumerSettings) {
    const { region, logsetId, id } = topic;
    const endpoint = `http://${region}.cls.tencentcs.com`;
    const argument = JSON.stringify({ endpoint, region, logset: logsetId, topics: [id], ...settings });
    const { secretId, secretKey } = cloud.cam.ownerKey;
    this.#child = spawn(python, [join(__dirname, "consumer.py"), argument], {
      env: {
        PATH: process.env.PATH,
        SECRET_ID: secretId,
        SECRET_KEY: secretKey,
        // Nothing of the vendor's code is changed: its requests go to the names that it knows, through a proxy.
        HTTP_PROXY: proxy,
        YUNAPI_ENDPOINT: "http://cls.tencentcloudapi.com",
        PYTHONUNBUFFERED: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("a worker must have pipes");
    createInterface({ input: stdout }).on("line", (line) => this.logs.push(JSON.parse(line) as ConsumedLog));
    stderr.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject).once("close", resolve);
    });
  }

  /** Ends it as its user does: it commits and lets go. */
  async stop(): Promise<number | null> {
    this.#child.stdin?.end();
    return this.ended;
  }

  /** Ends it as a machine that fails. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}
