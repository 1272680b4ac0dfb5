import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../deploy/process";
import { classPath } from "./jars";
import { freePort, ServerProcess } from "./server-process";

/** The newest protocol that CLS states, with its ZooKeeper, and today's Kafka without one. */
export const VERSIONS = { "1.1.1": "kafka_2.12", "4.3.1": "kafka_2.13" } as const;
export type KafkaVersion = keyof typeof VERSIONS;

/** User and password, as CLS wants them: the logset's id, and a permanent key. */
export const USER = "logset-0001";
export const KEY = { secretId: "AKIDtest", secretKey: "secret0of0the0test" };

/** A broker on loopback that takes SASL/PLAIN only, as CLS does. */
export class Broker {
  private readonly processes: ServerProcess[] = [];

  private constructor(
    readonly version: KafkaVersion,
    private readonly jars: string,
    private readonly folder: string,
    private readonly ports: readonly [broker: number, other: number],
  ) {}

  static async start(version: KafkaVersion, folder: string): Promise<Broker> {
    const jars = await classPath(`kafka-${version}`, [`org.apache.kafka:${VERSIONS[version]}:${version}`]);
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
    const java = new ServerProcess(
      "java",
      [...args, "org.apache.zookeeper.server.quorum.QuorumPeerMain", "zoo.cfg"],
      this.folder,
    );
    this.processes.push(java);
    await java.listens(this.ports[1]);
  }

  private async startKafka(): Promise<void> {
    const login = ["-Djava.security.auth.login.config=jaas.conf", "-Dzookeeper.sasl.client=false"];
    const args = ["-Xmx384m", ...(this.version === "1.1.1" ? login : []), "-cp", this.jars];
    const java = new ServerProcess("java", [...args, "kafka.Kafka", "server.properties"], this.folder);
    this.processes.push(java);
    await java.listens(this.ports[0]);
  }
}
