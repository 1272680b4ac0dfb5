import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { cacheFolder } from "../deploy/opentofu";
import { run } from "../deploy/process";
import { classPath, requireProgram } from "../kafka/jars";
import { freePort, ServerProcess } from "../kafka/server-process";

/** Stays with Java 17; a newer one wants a newer Java. */
const OPENSEARCH = "2.19.6";

/** A node of OpenSearch on loopback. */
export class SearchServer {
  private constructor(
    readonly url: string,
    private readonly server: ServerProcess,
  ) {}

  static async start(folder: string): Promise<SearchServer> {
    const jars = await classPath(`opensearch-${OPENSEARCH}`, [
      `org.opensearch:opensearch:${OPENSEARCH}`,
      `org.opensearch.plugin:transport-netty4-client:${OPENSEARCH}`,
      // What OpenSearch itself is packed with, and its jar leaves to whoever uses it.
      "org.apache.logging.log4j:log4j-core:2.25.4",
    ]);
    const home = mkdtempSync(join(folder, "search-"));
    mkdirSync(join(home, "config"));
    const [port, other] = [await freePort(), await freePort()];
    const program = join(__dirname, "search/SearchNode.java");
    const server = new ServerProcess("java", ["-Xmx512m", "-cp", jars, program, home, `${port}`, `${other}`], home);
    const url = `http://127.0.0.1:${port}`;
    const isUp = async () => (await fetch(url).catch(() => undefined))?.status === 200;
    await server.until(isUp, "answer");
    return new SearchServer(url, server);
  }

  /** Sends a request that must succeed. */
  async ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(this.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} must succeed, got ${answer.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** An OpenTelemetry collector on loopback, built of its Go modules, that writes what it takes into a file. */
export class Collector {
  private constructor(
    readonly url: string,
    private readonly file: string,
    private readonly server: ServerProcess,
  ) {}

  static async start(folder: string): Promise<Collector> {
    const program = await buildCollector();
    const home = mkdtempSync(join(folder, "collector-"));
    const file = join(home, "logs.json");
    const port = await freePort();
    const config = {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: { file: { path: file, flush_interval: "200ms" } },
      service: {
        telemetry: { metrics: { level: "none" } },
        pipelines: { logs: { receivers: ["otlp"], exporters: ["file"] } },
      },
    };
    writeFileSync(join(home, "config.yaml"), JSON.stringify(config));
    const server = new ServerProcess(program, ["--config", "file:config.yaml"], home);
    await server.listens(port);
    return new Collector(`http://127.0.0.1:${port}`, file, server);
  }

  /** The log records that it has taken, in the JSON of OTLP. Ends the collector, so that all of them are written. */
  async stopAndRead(): Promise<CollectedLog[]> {
    await this.server.stop();
    const lines = readFileSync(this.file, "utf8").split("\n").filter(Boolean);
    return lines.flatMap((line) => {
      const { resourceLogs } = JSON.parse(line) as CollectedRequest;
      return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
    });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

interface CollectedRequest {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly CollectedLog[] }[] }[];
}

/** A log record as the collector wrote it. */
export interface CollectedLog {
  readonly timeUnixNano: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly traceId?: string;
  readonly body: { readonly stringValue?: string };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: string };
  }[];
}

/** The collector, built once for each version that stands in its go.mod. */
async function buildCollector(): Promise<string> {
  const module = join(__dirname, "collector");
  const digest = createHash("sha256");
  for (const name of ["go.mod", "go.sum", "main.go"]) digest.update(readFileSync(join(module, name)));
  const program = join(cacheFolder(), `collector-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return program;
  await requireProgram("go", ["version"], "no go on the PATH to build the OpenTelemetry collector with; install Go");
  process.stdout.write(`building the OpenTelemetry collector into ${cacheFolder()}: once, some minutes\n`);
  mkdirSync(cacheFolder(), { recursive: true });
  const env = { ...process.env, GOFLAGS: "-mod=readonly" };
  const fetched = await run({ program: "go", args: ["mod", "download"], cwd: module, env });
  if (fetched.status !== 0) {
    throw new NotRunError(`Go cannot fetch the collector's modules: ${fetched.output.trim().split("\n")[0]}`);
  }
  execFileSync("go", ["build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", program, "."], {
    cwd: module,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return program;
}
