import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { NotRunError } from "../deploy/not-run";
import { cacheFolder } from "../deploy/opentofu";
import { run } from "../deploy/process";

/** The newest protocol that CLS states, with its ZooKeeper, and today's Kafka without one. */
export const VERSIONS = { "1.1.1": "kafka_2.12", "4.3.1": "kafka_2.13" } as const;
export type KafkaVersion = keyof typeof VERSIONS;

/** User and password, as CLS wants them: the logset's id, and a permanent key. */
export const USER = "logset-0001";
export const KEY = { secretId: "AKIDtest", secretKey: "secret0of0the0test" };

/** Milliseconds that a broker may take to be there: a busy machine takes long. */
const START_MS = 120_000;

/** The class path of a version, fetched once by Maven. Throws {@link NotRunError} without Java, Maven or the network. */
export async function classPath(version: KafkaVersion): Promise<string> {
  await require("java", ["-version"], "no java on the PATH; install a Java runtime 17 or newer");
  const folder = join(cacheFolder(), `kafka-${version}`);
  if (!existsSync(join(folder, "complete"))) await fetchJars(version, folder);
  return join(folder, "jars", "*");
}

async function fetchJars(version: KafkaVersion, folder: string): Promise<void> {
  await require("mvn", ["-version"], "no mvn on the PATH; install Maven");
  process.stdout.write(`fetching Kafka ${version} into ${folder}: once, a minute\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependency = `<groupId>org.apache.kafka</groupId><artifactId>${VERSIONS[version]}</artifactId><version>${version}</version>`;
  writeFileSync(
    join(folder, "pom.xml"),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>test</groupId>` +
      `<artifactId>brokers</artifactId><version>1</version><dependencies><dependency>${dependency}</dependency></dependencies></project>`,
  );
  const args = ["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"];
  const { status, output } = await run({ program: "mvn", args, cwd: folder, env: process.env });
  if (status !== 0) throw new NotRunError(`Maven cannot fetch Kafka ${version}: ${output.trim().split("\n")[0]}`);
  writeFileSync(join(folder, "complete"), `${version}\n`);
}

async function require(program: string, args: readonly string[], missing: string): Promise<void> {
  const ended = await run({ program, args, cwd: ".", env: process.env }).catch(() => undefined);
  if (ended?.status !== 0) throw new NotRunError(missing);
}

/** A broker on loopback that takes SASL/PLAIN only, as CLS does. */
export class Broker {
  private readonly processes: Java[] = [];

  private constructor(
    readonly version: KafkaVersion,
    private readonly jars: string,
    private readonly folder: string,
    private readonly ports: readonly [broker: number, other: number],
  ) {}

  static async start(version: KafkaVersion, folder: string): Promise<Broker> {
    const jars = await classPath(version);
    const home = join(folder, `broker-${version}`);
    mkdirSync(home, { recursive: true });
    const broker = new Broker(version, jars, home, [await freePort(), await freePort()]);
    broker.configure();
    if (version === "4.3.1") await broker.format();
    else await broker.startZooKeeper();
    await broker.startKafka();
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.ports[0]}`;
  }

  /** Ends Kafka in an orderly way, and starts it again where it was. */
  async restart(): Promise<void> {
    await this.processes.pop()?.stop();
    await this.startKafka();
  }

  /** Kafka first: without its ZooKeeper it would not end. */
  async stop(): Promise<void> {
    for (const java of this.processes.splice(0).reverse()) await java.stop();
  }

  private configure(): void {
    const [port, other] = this.ports;
    const password = `${KEY.secretId}#${KEY.secretKey}`;
    const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${USER}" password="${password}" user_${USER}="${password}";`;
    const shared = {
      "log.dirs": join(this.folder, "data"),
      "advertised.listeners": `SASL_PLAINTEXT://127.0.0.1:${port}`,
      "sasl.enabled.mechanisms": "PLAIN",
      "sasl.mechanism.inter.broker.protocol": "PLAIN",
      "offsets.topic.replication.factor": 1,
      "offsets.topic.num.partitions": 1,
      "group.initial.rebalance.delay.ms": 0,
      "auto.create.topics.enable": false,
    };
    const of: Record<KafkaVersion, Record<string, unknown>> = {
      "1.1.1": {
        "broker.id": 1,
        "zookeeper.connect": `127.0.0.1:${other}`,
        listeners: `SASL_PLAINTEXT://127.0.0.1:${port}`,
        "security.inter.broker.protocol": "SASL_PLAINTEXT",
      },
      "4.3.1": {
        "node.id": 1,
        "process.roles": "broker,controller",
        "controller.quorum.voters": `1@127.0.0.1:${other}`,
        "controller.listener.names": "CONTROLLER",
        listeners: `SASL_PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${other}`,
        "inter.broker.listener.name": "SASL_PLAINTEXT",
        "listener.security.protocol.map": "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listener.name.sasl_plaintext.plain.sasl.jaas.config": login,
      },
    };
    const lines = Object.entries({ ...shared, ...of[this.version] }).map(
      ([name, value]) => `${name}=${String(value)}\n`,
    );
    writeFileSync(join(this.folder, "server.properties"), lines.join(""));
    writeFileSync(join(this.folder, "jaas.conf"), `KafkaServer {\n  ${login}\n};\n`);
    const zookeeper = { dataDir: join(this.folder, "zookeeper"), clientPort: other, clientPortAddress: "127.0.0.1" };
    const settings = Object.entries(zookeeper).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.folder, "zoo.cfg"), settings.join(""));
  }

  private async format(): Promise<void> {
    // One that begins with a hyphen would be taken for a flag.
    const id = randomBytes(16).toString("base64url").replace(/^-/, "A");
    const args = ["-cp", this.jars, "kafka.tools.StorageTool", "format", "-t", id, "-c", "server.properties"];
    const { status, output } = await run({ program: "java", args, cwd: this.folder, env: process.env });
    if (status !== 0) throw new Error(`the broker's folder cannot be formatted:\n${output}`);
  }

  private async startZooKeeper(): Promise<void> {
    // Java 17 has not what it asks the log for.
    const args = ["-Xmx128m", "-Dzookeeper.jmx.log4j.disable=true", "-cp", this.jars];
    const java = new Java([...args, "org.apache.zookeeper.server.quorum.QuorumPeerMain", "zoo.cfg"], this.folder);
    this.processes.push(java);
    await java.listens(this.ports[1]);
  }

  private async startKafka(): Promise<void> {
    const login = ["-Djava.security.auth.login.config=jaas.conf", "-Dzookeeper.sasl.client=false"];
    const args = ["-Xmx384m", ...(this.version === "1.1.1" ? login : []), "-cp", this.jars];
    const java = new Java([...args, "kafka.Kafka", "server.properties"], this.folder);
    this.processes.push(java);
    await java.listens(this.ports[0]);
  }
}

class Java {
  private said = "";
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private isEnded = false;

  constructor(args: readonly string[], cwd: string) {
    this.child = spawn("java", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const hear = (text: Buffer): void => void (this.said = (this.said + text.toString()).slice(-8_000));
    this.child.stdout?.on("data", hear);
    this.child.stderr?.on("data", hear);
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve(void (this.isEnded = true))));
  }

  async listens(port: number): Promise<void> {
    for (const started = Date.now(); !(await isOpen(port)); await wait(200)) {
      if (!this.isEnded && Date.now() - started < START_MS) continue;
      await this.stop();
      throw new Error(`the broker must listen on ${port}, got nothing:\n${this.said}`);
    }
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    await this.ended;
    clearTimeout(timer);
  }
}

async function freePort(): Promise<number> {
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
