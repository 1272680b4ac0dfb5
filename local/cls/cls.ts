import { randomUUID } from "node:crypto";
import { Shipper, type ShipTask, type ShipperHost, type ShipperSpec } from "./shipper";
import { Topic } from "./topic";

/** The state of CLS: logsets, topics, shippers. */
export class Cls {
  private readonly logsets = new Map<string, string>();
  private readonly topics = new Map<string, Topic>();
  private readonly shippers: Shipper[] = [];

  constructor(private readonly host: ShipperHost) {}

  /** Makes a logset and returns its id. */
  createLogset(name: string): string {
    if ([...this.logsets.values()].includes(name))
      throw new Error(`logset name must be free, got "${name}", which exists`);
    const id = randomUUID();
    this.logsets.set(id, name);
    return id;
  }

  /** Makes a topic. Throws where its logset does not exist, or has a topic of that name. */
  createTopic(name: string, logsetId: string, region: string): Topic {
    if (!this.logsets.has(logsetId)) throw new Error(`logset_id must exist, got "${logsetId}"`);
    if ([...this.topics.values()].some((topic) => topic.logsetId === logsetId && topic.name === name)) {
      throw new Error(`topic name must be free in its logset, got "${name}", which exists`);
    }
    const topic = new Topic(randomUUID(), name, logsetId, region);
    this.topics.set(topic.id, topic);
    return topic;
  }

  /** Makes a shipper and returns its id. Throws where its topic does not exist. */
  createShipper(topicId: string, spec: ShipperSpec): string {
    const topic = this.topics.get(topicId);
    if (!topic) throw new Error(`topic_id must exist, got "${topicId}"`);
    this.shippers.push(new Shipper(topic, spec, this.host));
    return randomUUID();
  }

  /** The topic of that id or name. */
  topic(idOrName: string): Topic | undefined {
    return this.topics.get(idOrName) ?? [...this.topics.values()].find((topic) => topic.name === idOrName);
  }

  /** All shippers, in the order they were made. */
  allShippers(): readonly Shipper[] {
    return this.shippers;
  }

  /** What all shippers have done. */
  get shipTasks(): ShipTask[] {
    return this.shippers.flatMap((shipper) => shipper.tasks);
  }
}
